// SPDX-License-Identifier: Apache-2.0
#include "tb/report/result_json.hpp"

#include "sample_result.hpp"
#include "tb/config/configuration_writer.hpp"
#include "tb/config/resolve.hpp"
#include "tb/report/version.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mmusim::tb::result_json_test {

namespace {

using nlohmann::json;

// Compared as parsed: what another program sees.
[[nodiscard]] json document(const RunResult& result, const Configuration& configuration) {
    return json::parse(to_text(result, configuration, "2.3.4"));
}

[[nodiscard]] json document(const RunResult& result) {
    return document(result, resolve({}));
}

[[nodiscard]] json sum_of(const json& counts) {
    std::uint64_t sum = 0;
    for (const json& count : counts) {
        sum += count.get<std::uint64_t>();
    }
    return sum;
}

[[nodiscard]] std::vector<std::string> names_in(const nlohmann::ordered_json& object) {
    std::vector<std::string> names;
    for (const auto& member : object.items()) {
        names.push_back(member.key());
    }
    return names;
}

}  // namespace

TEST_CASE("a result says what it is and who made it") {
    const json result = document(sample_result());
    CHECK(result["schema"] == "mmusim-result");
    CHECK(result["schema_version"] == 1);
    CHECK(result["tool"] ==
          json{{"name", "mmusim"}, {"version", std::string{version()}}, {"systemc", "2.3.4"}});
    CHECK(result["workload"] == json::parse(R"({"traces": ["traces/query.lackey.xz", "b.bin"],
                                                "warmup": 1000, "limit": 1009, "interval": 0, "seed": 7})"));
}

TEST_CASE("the version is three numbers") {
    std::vector<std::string> parts{""};
    for (const char character : version()) {
        if (character == '.') {
            parts.emplace_back();
        } else {
            parts.back() += character;
        }
    }
    REQUIRE(parts.size() == 3);
    for (const std::string& part : parts) {
        CHECK_FALSE(part.empty());
        CHECK(part.find_first_not_of("0123456789") == std::string::npos);
    }
}

TEST_CASE("a result holds every figure of the run under its name") {
    const json result = document(sample_result());
    CHECK(result["totals"] ==
          json::parse(R"({"accesses": 9, "translations": 10, "cycles": 5000, "retries": 2})"));
    CHECK(result["latency_cycles"] == json::parse(R"({
        "mean": 426.6, "p50": 1, "p90": 68, "p99": 4176, "p999": 4176, "max": 4176,
        "histogram": [[1, 1, 6], [8, 15, 2], [64, 127, 1], [4096, 8191, 1]]})"));
    CHECK(result["breakdown_cycles"] == json::parse(R"({
        "first_tlb_lookup": 11, "lower_tlb_lookup": 35, "tlb_wait": 0, "merge_wait": 0,
        "walker_wait": 0, "walk_cache": 0, "walk_overhead": 0, "pte_read": 120, "pte_read_wait": 0, "ad_update": 0,
        "ad_update_wait": 0, "data_access": 0, "data_access_wait": 0, "trap_wait": 0, "fault_entry": 100, "fault_lookup": 0, "fault_allocate": 0,
        "fault_reclaim": 0, "fault_clear": 4000, "fault_copy": 0, "fault_page_table": 0, "fault_fence": 0,
        "storage_wait": 0, "storage": 0, "run_queue_wait": 0, "fault_return": 0,
        "total": 4266})"));
    CHECK(result["classes"] == json::parse(R"({
        "l1_hit": {"count": 6, "cycles": 6, "mean": 1.0, "p50": 1, "p90": 1, "p99": 1, "p999": 1,
                   "max": 1, "histogram": [[1, 1, 6]]},
        "l2_hit": {"count": 2, "cycles": 16, "mean": 8.0, "p50": 8, "p90": 8, "p99": 8, "p999": 8,
                   "max": 8, "histogram": [[8, 15, 2]]},
        "walk": {"count": 1, "cycles": 68, "mean": 68.0, "p50": 68, "p90": 68, "p99": 68,
                 "p999": 68, "max": 68, "histogram": [[64, 127, 1]]},
        "minor_fault": {"count": 1, "cycles": 4176, "mean": 4176.0, "p50": 4176, "p90": 4176,
                        "p99": 4176, "p999": 4176, "max": 4176, "histogram": [[4096, 8191, 1]]},
        "major_fault": {"count": 0, "cycles": 0, "mean": null, "p50": null, "p90": null,
                        "p99": null, "p999": null, "max": null, "histogram": []},
        "invalid_fault": {"count": 0, "cycles": 0, "mean": null, "p50": null, "p90": null,
                          "p99": null, "p999": null, "max": null, "histogram": []}})"));
    CHECK(result["tlbs"].size() == 3);
    CHECK(result["tlbs"]["l1i"]["lookups"] == 4);
    CHECK(result["tlbs"]["l1d"] == json::parse(R"({
        "lookups": 12, "hits": 8, "misses": 4, "retry_misses": 1, "fills": 3, "evictions": 2,
        "invalidations": 5, "back_invalidations": 0, "promotions": 0, "mshr_merges": 6,
        "dirty_updates": 7, "multi_hits": 1,
        "by_page_size": {"4KiB": {"hits": 6, "fills": 2}, "2MiB": {"hits": 2, "fills": 1}},
        "miss_kinds": null})"));
    CHECK(result["walker"] == json::parse(R"({
        "walks": 30, "completed": 20, "faulted": 9, "squashed": 1, "rewalks": 2, "pte_reads": 60,
        "pte_reads_by_level": [10, 22, 28], "ad_updates": 3, "wait_cycles": 15,
        "service_cycles": 1350, "wait": [], "service": [], "pending": [], "by_page_size": {},
        "ended_by_level": [0, 0, 0], "walk_cache": null})"));
    CHECK(result["memory"] == json::parse(R"({
        "reads": 61, "writes": 14, "errors": 4, "bytes_read": 488, "bytes_written": 8240,
        "wait_cycles": 150, "service_cycles": 7500,
        "by_purpose": {"pte_read": 60, "ad_update": 3, "table_read": 1, "table_write": 9,
                       "frame_clear": 2, "frame_copy": 0, "line_fill": 0, "write_back": 0, "write_through": 0,
                       "data_read": 0, "data_write": 0, "fetch": 0},
        "dram": {"read_bursts": 28, "write_bursts": 12, "forwarded_reads": 3, "row_hits": 30,
                 "row_misses": 6, "row_conflicts": 4, "activates": 11, "precharges": 10,
                 "refreshes": 5, "read_queue_cycles": 900, "write_queue_cycles": 2400,
                 "outside_wait_cycles": 7}})"));
    CHECK(result["caches"] == json::parse(R"({"l2": {
        "transactions": 70, "errors": 1, "accesses": 190, "hits": 40, "misses": 150, "fills": 20,
        "mshr_merges": 2, "misses_without_fill": 128, "evictions": 11, "write_backs": 10,
        "write_throughs": 0, "wait_cycles": 12, "service_cycles": 1000,
        "by_purpose": {"pte_read": 60, "ad_update": 3, "table_read": 1, "table_write": 4,
                       "frame_clear": 2, "frame_copy": 0, "line_fill": 0, "write_back": 0, "write_through": 0,
                       "data_read": 0, "data_write": 0, "fetch": 0}}})"));
    CHECK(result["faults"] == json::parse(R"({
        "minor": 13, "major": 5, "invalid": 2,
        "by_kind": {"anonymous_zero": 12, "zero_page": 6, "file_minor": 0, "file_major": 0,
                    "file_mkwrite": 0, "cow_copy": 0, "cow_reuse": 0, "swap_in": 0,
                    "swap_cache": 0, "ad_update": 0, "spurious": 0, "protection": 2,
                    "unmapped": 0, "beyond_file": 0, "read_error": 0, "out_of_memory": 0}})"));
    CHECK(result["os"] == json::parse(R"({
        "frames": {"total": 1000, "free": 950, "page_table": 8, "anonymous": 40, "file": 2},
        "evictions": {"clean": 0, "dirty": 0},
        "thp": {"fault_alloc": 0, "fault_fallback": 0},
        "compaction": {"stall": 0, "success": 0, "fail": 0, "pages_moved": 0},
        "hugetlb": {"total": 0, "free": 0, "reserved": 0}, "swap": {"pages_used": 0, "reads": 0, "writes": 0},
        "page_cache": {"pages": 0, "dirty": 0, "reads": 0, "writes": 0},
        "tlb_invalidations": 17, "context_switches": 3, "asid_rollovers": 1,
        "stalled_cycles": 11,
        "vmstat": {"pgpgin": 48, "pgpgout": 16, "pswpin": 2, "pswpout": 4, "pgalloc": 90,
                   "pgfree": 40, "pgfault": 18, "pgmajfault": 5, "pgscan": 9, "pgsteal": 6,
                   "workingset_refault_anon": 2, "workingset_refault_file": 3,
                   "thp_fault_alloc": 1, "thp_fault_fallback": 7, "thp_split_page": 8,
                   "thp_split_pmd": 10},
        "shared_memory": [{"name": "segment", "bytes": 16384, "attached": 2,
                           "resident_pages": 2, "swapped_pages": 1}]})"));
    CHECK(result["processes"] == json::parse(R"([
        {"name": "query", "asid": 1, "accesses": 6, "minor": 11, "major": 4, "invalid": 0,
         "rss_pages": 30, "shared_pages": 2, "swapped_pages": 0, "hugetlb_pages": 0,
         "page_table_pages": 5,
         "signal": null, "exited": false,
         "maps": [{"start": 1073741824, "end": 1073872896, "perms": "rw-p", "offset": 0,
                   "object": "anonymous", "name": "", "rss": 114688, "pss": 112640, "swap": 8192},
                  {"start": 1077936128, "end": 1077952512, "perms": "r--s", "offset": 4096,
                   "object": "file", "name": "library", "rss": 8192, "pss": 4096, "swap": 0}],
         "smaps": {"size": 147456, "rss": 122880, "pss": 116736, "pss_anon": 112640,
                   "pss_file": 4096, "pss_shmem": 0, "shared_clean": 8192, "shared_dirty": 4096,
                   "private_clean": 12288, "private_dirty": 98304, "referenced": 118784,
                   "anonymous": 114688, "anon_huge": 0, "shared_hugetlb": 0,
                   "private_hugetlb": 4194304, "swap": 8192, "locked": 2048},
         "statm": {"total": 36, "resident": 30, "shared": 2, "text": 1, "data": 32},
         "page_tables": {"bytes": 20480, "pages_by_level": [2, 1, 1],
                         "bytes_by_level": [8192, 4096, 4096], "spare_pages": 1,
                         "flat_bytes": 536870912, "flat_span_bytes": 8224}},
        {"name": "b.bin", "asid": 2, "accesses": 3, "minor": 2, "major": 1, "invalid": 2,
         "rss_pages": 12, "shared_pages": 0, "swapped_pages": 0, "hugetlb_pages": 0,
         "page_table_pages": 3,
         "signal": "SIGSEGV ACCERR", "exited": true, "maps": [],
         "smaps": {"size": 0, "rss": 0, "pss": 0, "pss_anon": 0, "pss_file": 0, "pss_shmem": 0,
                   "shared_clean": 0, "shared_dirty": 0, "private_clean": 0, "private_dirty": 0,
                   "referenced": 0, "anonymous": 0, "anon_huge": 0, "shared_hugetlb": 0,
                   "private_hugetlb": 0, "swap": 0, "locked": 0},
         "statm": {"total": 0, "resident": 0, "shared": 0, "text": 0, "data": 0},
         "page_tables": {"bytes": 0, "pages_by_level": [0, 0, 0], "bytes_by_level": [0, 0, 0],
                         "spare_pages": 0, "flat_bytes": 0, "flat_span_bytes": 0}}])"));
}

TEST_CASE("the stages, the classes and the histogram add up to the same translations") {
    const json result = document(sample_result());
    json stages = result["breakdown_cycles"];
    const json total = stages["total"];
    stages.erase("total");
    CHECK(sum_of(stages) == total);

    std::uint64_t count = 0;
    std::uint64_t cycles = 0;
    for (const json& one : result["classes"]) {
        count += one["count"].get<std::uint64_t>();
        cycles += one["cycles"].get<std::uint64_t>();
    }
    CHECK(count == result["totals"]["translations"]);
    CHECK(cycles == total);

    std::uint64_t in_buckets = 0;
    for (const json& bucket : result["latency_cycles"]["histogram"]) {
        in_buckets += bucket[2].get<std::uint64_t>();
    }
    CHECK(in_buckets == count);
}

TEST_CASE("the histograms of the classes add up to the histogram of all translations") {
    const json result = document(sample_result());
    std::map<std::uint64_t, std::uint64_t> counts;
    for (const json& one : result["classes"]) {
        for (const json& bucket : one["histogram"]) {
            counts[bucket[0].get<std::uint64_t>()] += bucket[2].get<std::uint64_t>();
        }
    }
    for (const json& bucket : result["latency_cycles"]["histogram"]) {
        CHECK(counts[bucket[0].get<std::uint64_t>()] == bucket[2].get<std::uint64_t>());
        counts.erase(bucket[0].get<std::uint64_t>());
    }
    CHECK(counts.empty());
}

TEST_CASE("the reads of page-table entries are listed for the levels that the format has") {
    RunResult result = sample_result();
    result.walker.pte_reads_by_level = {5, 4, 3, 2, 1};
    const auto levels = [&](const std::string& mode) {
        const Configuration machine = resolve({.settings = {"paging.mode=" + mode}});
        return document(result, machine)["walker"]["pte_reads_by_level"];
    };
    CHECK(levels("sv39") == json{5, 4, 3});
    CHECK(levels("sv48") == json{5, 4, 3, 2});
    CHECK(levels("sv57") == json{5, 4, 3, 2, 1});
}

TEST_CASE("a result given back as a configuration is the machine that made it, byte for byte") {
    const Configuration machine =
        resolve({.preset = "plain", .settings = {"seed=9", "tlbs.l1d.sets=48"}});
    const tests::ScratchDirectory directory;
    const auto file = directory.file("result.json", to_text(sample_result(), machine, "2.3.4"));

    const Configuration again = resolve({.files = {file}});
    CHECK(to_text(again) == to_text(machine));
    CHECK(to_text(sample_result(), again, "2.3.4") == to_text(sample_result(), machine, "2.3.4"));
}

TEST_CASE("a run without a translation has no mean, no percentile and no maximum") {
    const json result = document(RunResult{});
    CHECK(result["latency_cycles"] == json::parse(R"({
        "mean": null, "p50": null, "p90": null, "p99": null, "p999": null, "max": null,
        "histogram": []})"));
    CHECK(result["totals"]["translations"] == 0);
    CHECK(result["breakdown_cycles"]["total"] == 0);
    CHECK(result["classes"] == json::object());
    CHECK(result["processes"] == json::array());
}

TEST_CASE("the percentiles of a result are those of its names") {
    RunResult result;
    for (std::uint64_t latency = 1; latency <= 1000; ++latency) {
        result.latency.record(Cycles{latency});
    }
    const json latency = document(result)["latency_cycles"];
    CHECK(latency["p50"] == 500);
    CHECK(latency["p90"] == 900);
    CHECK(latency["p99"] == 990);
    CHECK(latency["p999"] == 999);
    CHECK(latency["max"] == 1000);
    CHECK(latency["mean"] == 500.5);
}

TEST_CASE("what a run was not asked for is not in its result") {
    RunResult result = sample_result();
    CHECK_FALSE(document(result).contains("interrupted"));
    CHECK_FALSE(document(result).contains("host"));
    CHECK_FALSE(document(result).contains("timeline"));
    CHECK_FALSE(document(result).contains("steps"));
    CHECK_FALSE(document(result)["os"].contains("thrashing"));

    SECTION("an interrupted one says so") {
        result.interrupted = true;
        CHECK(document(result)["interrupted"] == true);
    }
    SECTION("a timed one has the host's figures") {
        result.host = HostTiming{.simulate_seconds = 0.25,
                                 .translations_per_second = 4e6,
                                 .peak_memory_bytes = 1 << 20,
                                 .run_ahead_share = 0.5};
        CHECK(document(result)["host"] == json::parse(R"({
            "simulate_seconds": 0.25, "translations_per_second": 4000000.0,
            "peak_memory_bytes": 1048576, "run_ahead_share": 0.5})"));
    }
    SECTION("one that was shorter than its interval has an empty timeline") {
        result.workload.interval = 1000;
        CHECK(document(result)["timeline"] == json::array());
    }
    SECTION("one with an interval has a timeline, also of processes of the same name") {
        result.workload.interval = 1000;
        result.timeline = sample_timeline(2);
        CHECK(document(result)["timeline"] == json::parse(R"([
            {"accesses": 1000, "cycles": 1000, "misses": {"l1d": 3, "l2": 2}, "faults": 5,
             "resident_pages": [{"name": "query", "pages": 7}, {"name": "query", "pages": 1}],
             "working_set_pages": [{"name": "query", "pages": 4}, {"name": "query", "pages": 1}],
             "frames": 0, "major_faults_per_1000_accesses": 0.0, "refaults": 0,
             "stalled_share": 0.0, "thrashing": false},
            {"accesses": 2000, "cycles": 4000, "misses": {"l1d": 6, "l2": 4}, "faults": 10,
             "resident_pages": [{"name": "query", "pages": 14}, {"name": "query", "pages": 1}],
             "working_set_pages": [{"name": "query", "pages": 8}, {"name": "query", "pages": 1}],
             "frames": 0, "major_faults_per_1000_accesses": 0.0, "refaults": 0,
             "stalled_share": 0.0, "thrashing": false}
            ])"));
    }
    SECTION("one that was short of memory says how short") {
        result.workload.interval = 1000;
        result.timeline = pressed_timeline(1);
        result.thrashing = ThrashingStatistics{.detected = true,
                                               .intervals = 4,
                                               .thrashing_intervals = 3,
                                               .largest_working_set_pages = 48};
        const json entry = document(result)["timeline"][0];
        CHECK(entry["frames"] == 32);
        CHECK(entry["major_faults_per_1000_accesses"] == 125.0);
        CHECK(entry["refaults"] == 100);
        CHECK(entry["stalled_share"] == 0.75);
        CHECK(entry["thrashing"] == true);
        CHECK(document(result)["os"]["thrashing"] == json::parse(R"({
            "detected": true, "intervals": 4, "thrashing_intervals": 3,
            "largest_working_set_pages": 48})"));
    }
}

TEST_CASE("the text of a result is indented by two, in a fixed order, and ends its last line") {
    const std::string text = to_text(sample_result(), resolve({}), "2.3.4");
    CHECK(text.substr(0, 31) == "{\n  \"schema\": \"mmusim-result\",\n");
    CHECK(text.substr(text.size() - 3) == "\n}\n");
    CHECK(names_in(to_json(sample_result(), resolve({}), "2.3.4")) ==
          std::vector<std::string>{"schema", "schema_version", "tool", "config", "workload",
                                   "totals", "derived", "latency_cycles", "breakdown_cycles",
                                   "classes", "tlbs", "walker", "memory", "caches", "faults", "os",
                                   "storage", "processes"});
    CHECK(names_in(to_json(sample_result(), resolve({}), "2.3.4")["tlbs"]) ==
          std::vector<std::string>{"l1i", "l1d", "l2"});
}

TEST_CASE("a file name that is not UTF-8 does not spoil the result") {
    RunResult result = sample_result();
    result.workload.traces = {"\xff.xz"};
    result.processes.front().name = "\xff.xz";
    CHECK(document(result)["workload"]["traces"][0] == "\xEF\xBF\xBD.xz");
}

TEST_CASE("rates are beside the figures that they are made from") {
    const json derived = document(sample_result())["derived"];
    CHECK(derived["cycles_per_translation"] == 500.0);
    CHECK(derived["misses_per_1000_accesses"]["l1d"] == 4000.0 / 9);
    CHECK(derived["walks_per_1000_accesses"] == 30'000.0 / 9);
}

TEST_CASE("what a run would save with one part ideal is there where it was asked, and only there") {
    RunResult result = sample_result();
    CHECK_FALSE(document(result).contains("what_if"));
    result.totals.cycles = Cycles{10'000};
    result.what_if = {
        {.ideal = {.name = "perfect_l1", .meaning = "all hits", .settings = {"a=1", "b=2"}},
         .cycles = Cycles{7'500}},
        {.ideal = {.name = "worse", .meaning = "chosen worse", .settings = {"e=0"}},
         .cycles = Cycles{10'100}},
        {.ideal = {.name = "failed", .meaning = "not run", .settings = {"f=0"}},
         .failure = "no such page"}};
    CHECK(document(result)["what_if"] == json::parse(R"([
        {"ideal": "perfect_l1", "meaning": "all hits", "settings": ["a=1", "b=2"],
         "cycles": 7500, "saved_cycles": 2500, "saved_share": 0.25},
        {"ideal": "worse", "meaning": "chosen worse", "settings": ["e=0"],
         "cycles": 10100, "saved_cycles": -100, "saved_share": -0.01},
        {"ideal": "failed", "meaning": "not run", "settings": ["f=0"],
         "cycles": null, "saved_cycles": null, "saved_share": null, "error": "no such page"}])"));
}

}  // namespace mmusim::tb::result_json_test
