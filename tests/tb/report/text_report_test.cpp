// SPDX-License-Identifier: Apache-2.0
#include "tb/report/text_report.hpp"

#include "sample_result.hpp"
#include "tb/config/resolve.hpp"
#include "tb/report/number_text.hpp"
#include "tb/report/result_json.hpp"
#include "tb/report/version.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

namespace mmusim::tb::text_report_test {

namespace {

using nlohmann::json;
using Cells = std::vector<std::string>;

[[nodiscard]] std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

// What two spaces or more separate.
[[nodiscard]] Cells cells_of(const std::string& line) {
    Cells cells;
    std::size_t begin = line.find_first_not_of(' ');
    while (begin != std::string::npos) {
        const std::size_t end = line.find("  ", begin);
        cells.push_back(line.substr(begin, end - begin));
        begin = end == std::string::npos ? end : line.find_first_not_of(' ', end);
    }
    return cells;
}

// The cells from `name` on in the first line that has it, from the line with `title` to the end of
// that section.
[[nodiscard]] Cells row(const std::string& report, const std::string& title,
                        const std::string& name) {
    bool below_title = false;
    for (const std::string& line : lines_of(report)) {
        const Cells cells = cells_of(line);
        below_title = !cells.empty() &&
                      (below_title || std::find(cells.begin(), cells.end(), title) != cells.end());
        const auto found = std::find(cells.begin(), cells.end(), name);
        if (below_title && found != cells.end()) {
            return {found, cells.end()};
        }
    }
    return {};
}

[[nodiscard]] std::string sample_report() {
    return text_report(sample_result(), resolve({}));
}

[[nodiscard]] bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

[[nodiscard]] std::string shown(const json& number) {
    return grouped(number.get<std::uint64_t>());
}

// As large as a run of a day: some 10^11 accesses.
[[nodiscard]] RunResult large_result() {
    constexpr std::uint64_t large = 98'765'432'109;
    RunResult result = sample_result();
    result.workload.traces = {std::string(300, 'x') + "/query.xz", "b.bin", "c.bin"};
    result.totals = {
        .accesses = large, .translations = large, .cycles = Cycles{large * 9}, .retries = large};
    for (auto& [name, tlb] : result.tlbs) {
        name.insert(0, "second_level_");
        tlb.lookups = tlb.hits = tlb.misses = large;
        tlb.evictions = tlb.invalidations = large;
    }
    for (Cycles& cycles : result.breakdown.stages.values) {
        cycles = Cycles{large};
    }
    result.walker.walks = result.walker.pte_reads = large;
    result.walker.service_cycles = Cycles{large * 99};
    for (auto& [name, cache] : result.caches) {
        cache.accesses = cache.hits = cache.misses = large;
        cache.mshr_merges = cache.evictions = cache.write_backs = large;
    }
    result.memory.reads = large;
    result.memory.service_cycles = Cycles{large * 99};
    result.memory.bytes_written = large * 4096;
    result.memory.dram.row_hits = large;
    result.faults.minor = large;
    result.os.frames.free = result.os.frames.total = large;
    for (sw::ProcessStatistics& process : result.processes) {
        process.name = std::string(200, 'x') + "/query.xz";
        process.accesses = large;
        process.minor = 16'777'216;
        process.rss_pages = 16'777'216;
        process.page_table_pages = 65'536;
    }
    result.timeline = pressed_timeline(1000);
    for (TimelineEntry& entry : result.timeline) {
        for (const char* name : {"level_three_of_the_fetch_side", "level_four", "l5", "l6"}) {
            entry.misses.emplace_back(name, 1);
        }
    }
    result.interrupted = true;
    result.host = HostTiming{.simulate_seconds = 86'400};
    return result;
}

}  // namespace

TEST_CASE("the report begins with what ran on which machine, and how long that took") {
    const std::vector<std::string> lines = lines_of(sample_report());
    CHECK(lines[0] == "mmusim " + std::string{version()} + ": traces/query.lackey.xz, b.bin");
    CHECK(lines[1] ==
          "l1i 16x8, l1d 16x4 → l2 128x12 → 1 walker, sv39, 32.0 KiB → 256.0 KiB → 8.0 MiB → "
          "DRAM of 16 banks");
    CHECK(row(sample_report(), "Totals", "accesses") ==
          Cells{"accesses", "9", "after 1,000 of warm-up"});
    CHECK(row(sample_report(), "Totals", "translations") ==
          Cells{"translations", "10", "and 2 made again after page faults"});
    CHECK(row(sample_report(), "Totals", "cycles") ==
          Cells{"cycles", "5,000", "1.250 µs at 250 ps a cycle"});
    CHECK(row(sample_report(), "Totals", "cycles per translation") ==
          Cells{"cycles per translation", "500.00"});
    CHECK(row(sample_report(), "Totals", "walks per 1,000 accesses") ==
          Cells{"walks per 1,000 accesses", "3,333.33"});
}

TEST_CASE("without a warm-up the report does not speak of one") {
    RunResult result = sample_result();
    result.workload.warmup = 0;
    CHECK(contains(sample_report(), "warm-up"));
    CHECK_FALSE(contains(text_report(result, resolve({})), "warm-up"));
}

TEST_CASE("the latencies by class") {
    const std::string report = sample_report();
    const std::string title = "Latency in cycles";
    CHECK(row(report, title, title) ==
          Cells{title, "count", "share", "p50", "p99", "max", "mean", "of all cycles"});
    CHECK(row(report, title, "l2_hit") ==
          Cells{"l2_hit", "2", "20.00 %", "8", "8", "8", "8.00", "0.38 %"});
    CHECK(row(report, title, "minor_fault") ==
          Cells{"minor_fault", "1", "10.00 %", "4,176", "4,176", "4,176", "4,176.00", "97.89 %"});
    CHECK(row(report, title, "major_fault") ==
          Cells{"major_fault", "0", "0.00 %", "-", "-", "-", "-", "0.00 %"});
    CHECK(row(report, title, "all") ==
          Cells{"all", "10", "100.00 %", "1", "4,176", "4,176", "426.60", "100.00 %"});
}

TEST_CASE("what a run would cost with one part ideal, and the settings that make it so") {
    RunResult result = sample_result();
    result.totals.cycles = Cycles{10'000};
    result.what_if = {
        {.ideal = {.name = "perfect_l1", .meaning = "all hits", .settings = {"a=1", "b.c=true"}},
         .cycles = Cycles{7'500}},
        {.ideal = {.name = "free_fences", .meaning = "no cost", .settings = {"d=0"}},
         .cycles = Cycles{10'000}},
        {.ideal = {.name = "worse", .meaning = "chosen worse", .settings = {"e=0"}},
         .cycles = Cycles{10'100}},
        {.ideal = {.name = "failed", .meaning = "not run", .settings = {"f=0"}},
         .failure = "line 3 expects more"}};
    const std::string report = text_report(result, resolve({}));
    const std::string title = "What if";
    CHECK(row(report, title, "perfect_l1") ==
          Cells{"perfect_l1", "7,500", "2,500", "25.00 %", "all hits"});
    CHECK(row(report, title, "free_fences") ==
          Cells{"free_fences", "10,000", "0", "0.00 %", "no cost"});
    CHECK(row(report, title, "worse") ==
          Cells{"worse", "10,100", "-100", "-1.00 %", "chosen worse"});
    CHECK(row(report, title, "failed") == Cells{"failed", "-", "-", "-", "line 3 expects more"});
    CHECK(contains(report, "  perfect_l1: a=1 b.c=true\n"));
    CHECK_FALSE(contains(sample_report(), title));
}

TEST_CASE("the stages that cycles went to, with bars against the largest") {
    const std::string report = sample_report();
    const std::string title = "Where the cycles went";
    std::string whole_bar;
    for (int column = 0; column < 24; ++column) {
        whole_bar += "█";
    }
    CHECK(row(report, title, "fault_clear") ==
          Cells{"fault_clear", "4,000", "93.76 %", "400.00", whole_bar});
    CHECK(row(report, title, "pte_read") == Cells{"pte_read", "120", "2.81 %", "12.00", "▋"});
    CHECK(row(report, title, "fault_entry") == Cells{"fault_entry", "100", "2.34 %", "10.00", "▌"});
    CHECK(row(report, title, "first_tlb_lookup") ==
          Cells{"first_tlb_lookup", "11", "0.26 %", "1.10", "▏"});
    CHECK(row(report, title, "total") == Cells{"total", "4,266", "100.00 %", "426.60"});
    CHECK(row(report, title, "tlb_wait").empty());
}

TEST_CASE("the TLBs, the walker, the caches and the memory") {
    const std::string report = sample_report();
    CHECK(row(report, "TLB", "TLB") == Cells{"TLB", "lookups", "hits", "misses", "share",
                                             "per 1,000", "evicted", "invalidated"});
    CHECK(row(report, "TLB", "l1d") == Cells{"l1d", "12", "8", "4", "33.33 %", "444.44", "2", "5"});

    const auto left = [&](const std::string& name) {
        Cells cells = row(report, "Walker", name);
        cells.resize(3);
        return cells;
    };
    CHECK(left("walks") == Cells{"walks", "30", "1.00"});
    CHECK(left("completed") == Cells{"completed", "20", "0.67"});
    CHECK(left("faulted") == Cells{"faulted", "9", "0.30"});
    CHECK(left("PTE reads") == Cells{"PTE reads", "60", "2.00"});
    CHECK(left("at level 2") == Cells{"at level 2", "28", "0.93"});
    CHECK(left("at level 0") == Cells{"at level 0", "10", "0.33"});
    CHECK(row(report, "Walker", "at level 3").empty());
    CHECK(left("cycles of waiting") == Cells{"cycles of waiting", "15", "0.50"});
    CHECK(left("cycles of service") == Cells{"cycles of service", "1,350", "45.00"});

    CHECK(row(report, "Memory", "transactions") == Cells{"transactions", "75", "1.00"});
    CHECK(row(report, "Memory", "pte_read") == Cells{"pte_read", "60", "0.80"});
    CHECK(row(report, "Memory", "frame_clear") == Cells{"frame_clear", "2", "0.03"});
    CHECK(row(report, "Memory", "reads") == Cells{"reads", "61", "0.81"});
    CHECK(row(report, "Memory", "writes") == Cells{"writes", "14", "0.19"});
    CHECK(row(report, "Memory", "outside the memory") == Cells{"outside the memory", "4", "0.05"});
    CHECK(row(report, "Memory", "bytes written") == Cells{"bytes written", "8,240", "109.87"});
    CHECK(row(report, "DRAM bursts", "row hit") == Cells{"row hit", "30", "75.00 %"});
    CHECK(row(report, "DRAM bursts", "another row open") ==
          Cells{"another row open", "4", "10.00 %"});
    CHECK(row(report, "DRAM bursts", "written") == Cells{"written", "12", "30.00 %"});

    CHECK(row(report, "Cache", "Cache") == Cells{"Cache", "lines looked up", "hits", "misses",
                                                 "share", "merged", "evicted", "written back"});
    CHECK(row(report, "Cache", "l2") ==
          Cells{"l2", "190", "40", "150", "78.95 %", "2", "11", "10"});
}

TEST_CASE("memory of fixed latency has no rows to speak of") {
    CHECK_FALSE(contains(text_report(sample_result(), resolve({.preset = "plain"})), "DRAM"));
}

TEST_CASE("the faults, the frames and the processes") {
    const std::string report = sample_report();
    const auto left = [&](const std::string& title, const std::string& name) {
        Cells cells = row(report, title, name);
        cells.resize(3);
        return cells;
    };
    CHECK(left("Page faults", "minor") == Cells{"minor", "13", "65.00 %"});
    CHECK(left("Page faults", "major") == Cells{"major", "5", "25.00 %"});
    CHECK(left("Page faults", "invalid") == Cells{"invalid", "2", "10.00 %"});
    CHECK(row(report, "Page faults by kind", "anonymous_zero") ==
          Cells{"anonymous_zero", "12", "60.00 %"});
    CHECK(row(report, "Page faults by kind", "unmapped").empty());
    CHECK(left("Frames at the end", "anonymous") == Cells{"anonymous", "40", "4.00 %"});
    CHECK(left("Frames at the end", "free") == Cells{"free", "950", "95.00 %"});
    CHECK(row(report, "Operating system", "TLB invalidations") == Cells{"TLB invalidations", "17"});
    CHECK(row(report, "Process", "Process") ==
          Cells{"Process", "ASID", "accesses", "minor", "major", "resident", "tables", "ended by"});
    CHECK(row(report, "Process", "query") == Cells{"query", "1", "6", "11", "4", "30", "5", "-"});
    CHECK(row(report, "Process", "b.bin") ==
          Cells{"b.bin", "2", "3", "2", "1", "12", "3", "SIGSEGV ACCERR"});
}

TEST_CASE("a row of the timeline has what came after the row before") {
    RunResult result = sample_result();
    result.timeline = sample_timeline(3);
    const std::string report = text_report(result, resolve({}));
    const std::string title = "Up to access";
    CHECK(row(report, title, title) ==
          Cells{title, "cycles/access", "l1d", "l2", "faults", "resident"});
    CHECK(row(report, title, "1,000") == Cells{"1,000", "1.00", "3.00", "2.00", "5", "8"});
    CHECK(row(report, title, "3,000") == Cells{"3,000", "5.00", "3.00", "2.00", "5", "22"});
    CHECK_FALSE(contains(report, "entries to a row"));
}

TEST_CASE("a long timeline is shown in rows of several entries, the last one always") {
    RunResult result = sample_result();
    const auto rows_of = [&](std::uint64_t entries) {
        result.timeline = sample_timeline(entries);
        const auto lines = lines_of(text_report(result, resolve({})));
        const auto head = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
            return contains(line, "Up to access");
        });
        return std::vector<std::string>(head + 1, lines.end());
    };
    CHECK(rows_of(20).size() == 20);

    const auto rows = rows_of(101);
    CHECK(rows.size() == 17);
    CHECK(cells_of(rows.front()).front() == "5,000");
    CHECK(cells_of(rows.back()) == Cells{"101,000", "196.00", "3.00", "2.00", "30", "708"});
    CHECK(contains(text_report(result, resolve({})), "6 entries to a row"));
}

TEST_CASE("a run that waited for storage shows how its working sets fitted into memory") {
    RunResult result = sample_result();
    result.timeline = sample_timeline(2);
    CHECK_FALSE(contains(text_report(result, resolve({})), "Memory pressure"));

    result.timeline = pressed_timeline(3);
    const std::string title = "Memory up to access";
    const std::string report = text_report(result, resolve({}));
    CHECK(row(report, title, title) ==
          Cells{title, "working sets", "frames", "major/1,000", "refaults", "stalled"});
    CHECK(row(report, title, "1,000") ==
          Cells{"1,000", "48", "32", "125.00", "100", "75.00 %", "THRASHING"});

    result.timeline = pressed_timeline(101);
    CHECK(row(text_report(result, resolve({})), title, "101,000") ==
          Cells{"101,000", "48", "32", "125.00", "600", "75.00 %", "THRASHING"});
}

TEST_CASE("the report ends with a verdict where a run thrashed") {
    RunResult result = sample_result();
    result.thrashing = ThrashingStatistics{.intervals = 4, .largest_working_set_pages = 48};
    CHECK_FALSE(contains(text_report(result, resolve({})), "THRASHING"));

    result.thrashing->detected = true;
    result.thrashing->thrashing_intervals = 3;
    CHECK(lines_of(text_report(result, resolve({}))).end()[-2] ==
          "THRASHING in 3 of 4 intervals: the working sets, 48 pages at most, did not fit into "
          "memory, and the");
}

TEST_CASE("the report has what a run was asked for, and only that") {
    RunResult result = sample_result();
    CHECK_FALSE(contains(sample_report(), "INTERRUPTED"));
    CHECK_FALSE(contains(sample_report(), "Host"));
    CHECK_FALSE(contains(sample_report(), "Timeline"));

    result.interrupted = true;
    result.host = HostTiming{.simulate_seconds = 0.25,
                             .translations_per_second = 6'756'000,
                             .peak_memory_bytes = 35'700'000};
    const std::string report = text_report(result, resolve({}));
    CHECK(lines_of(report)[2].substr(0, 12) == "INTERRUPTED:");
    CHECK(lines_of(report).back() ==
          "Host: 0.250 s of simulation, 6.76 M translations per second, peak 34.0 MiB");
}

TEST_CASE("the report and the result for programs have the same figures") {
    const RunResult result = sample_result();
    const std::string report = text_report(result, resolve({}));
    const json figures = json::parse(to_text(result, resolve({}), ""));

    for (const auto& [name, figure] : figures["totals"].items()) {
        if (name != "retries") {
            INFO(name);
            CHECK(row(report, "Totals", name).at(1) == shown(figure));
        }
    }
    for (const auto& [name, figure] : figures["classes"].items()) {
        INFO(name);
        CHECK(row(report, "Latency in cycles", name).at(1) == shown(figure["count"]));
    }
    for (const auto& [name, figure] : figures["breakdown_cycles"].items()) {
        INFO(name);
        const Cells cells = row(report, "Where the cycles went", name);
        CHECK((figure == 0 ? cells.empty() : cells.at(1) == shown(figure)));
    }
    for (const auto& [name, figure] : figures["tlbs"].items()) {
        INFO(name);
        const Cells cells = row(report, "TLB", name);
        CHECK(cells.at(1) == shown(figure["lookups"]));
        CHECK(cells.at(2) == shown(figure["hits"]));
        CHECK(cells.at(3) == shown(figure["misses"]));
        CHECK(cells.at(6) == shown(figure["evictions"]));
        CHECK(cells.at(7) == shown(figure["invalidations"]));
    }
    for (const auto& [name, figure] : figures["memory"]["by_purpose"].items()) {
        INFO(name);
        const Cells cells = row(report, "Memory", name);
        CHECK((figure == 0 ? cells.empty() : cells.at(1) == shown(figure)));
    }
    for (const json& process : figures["processes"]) {
        const Cells cells = row(report, "Process", process["name"]);
        CHECK(cells.at(2) == shown(process["accesses"]));
        CHECK(cells.at(3) == shown(process["minor"]));
        CHECK(cells.at(4) == shown(process["major"]));
    }
}

TEST_CASE("no line is longer than 100 columns, and none ends in a space") {
    const RunResult result = GENERATE(sample_result(), large_result(), RunResult{});
    const std::string report = text_report(result, resolve({}));
    CHECK(report.back() == '\n');
    CHECK_FALSE(contains(report, "\n\n\n"));
    for (const std::string& line : lines_of(report)) {
        INFO(line);
        CHECK(columns_of(line) <= 100);
        CHECK((line.empty() || line.back() != ' '));
    }
}

TEST_CASE("a run without an access has a report in which nothing is divided by nothing") {
    const std::string report = text_report(RunResult{}, resolve({}));
    CHECK(row(report, "Totals", "cycles") == Cells{"cycles", "0", "0 ps at 250 ps a cycle"});
    CHECK(row(report, "Totals", "cycles per translation").at(1) == "-");
    CHECK(row(report, "Where the cycles went", "total") == Cells{"total", "0", "-", "-"});
    CHECK_FALSE(contains(report, "nan"));
    CHECK_FALSE(contains(report, "inf"));
}

}  // namespace mmusim::tb::text_report_test
