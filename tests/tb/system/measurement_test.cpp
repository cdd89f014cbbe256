// SPDX-License-Identifier: Apache-2.0
// What is measured, from where to where; and that measuring changes nothing.
#include "tests/support/input_error.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/system/laws.hpp"
#include "tests/tb/system/machine.hpp"
#include "tests/tb/system/random_machine.hpp"
#include "tests/tb/system/translation_rows.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <map>

namespace mmusim::tests::measurement_test {

namespace {

using namespace literals;
using nlohmann::json;

constexpr std::uint64_t page_a = 0x4000'0000;

// Reads, writes and fetches of 200 pages, some of them popular.
std::vector<Access> busy_program(std::uint64_t seed, std::size_t count) {
    Random random(seed);
    std::vector<Access> accesses;
    while (accesses.size() < count) {
        const std::uint64_t page = random.below(3) == 0 ? random.below(200) : random.below(20);
        accesses.push_back(
            {.address = {page_a + page * page_bytes + random.below(page_bytes)},
             .size_bytes = 8,
             .type = static_cast<AccessType>(random.below(enumerator_count<AccessType>))});
    }
    return accesses;
}

// Cheap faults, a small second level, waiting everywhere, and several processes.
tb::Configuration busy_machine() {
    return machine("default", {"tlbs.l2.sets=4", "tlbs.l2.ways=2", "os.fault_entry_cycles=10",
                               "os.scheduler.time_slice_cycles=3000"});
}

std::vector<TestProgram> busy_programs() {
    return {{.name = "one", .accesses = busy_program(1, 5'000)},
            {.name = "two", .accesses = busy_program(2, 7'000)}};
}

json run_json(const tb::RunOptions& options) {
    return json::parse(run_in_child(busy_machine(), busy_programs(), options));
}

// Figures that count; the others describe a state (frames, names) or a distribution.
json counted(const json& result) {
    json figures;
    for (const char* key : {"totals", "breakdown_cycles", "tlbs", "walker", "memory", "faults"}) {
        figures[key] = result.at(key);
    }
    for (const auto& [name, of_class] : result.at("classes").items()) {
        figures["classes"][name] = {{"count", of_class.at("count")},
                                    {"cycles", of_class.at("cycles")}};
    }
    for (const char* key : {"wait", "service", "pending"}) {
        figures["walker"].erase(key);
    }
    for (const char* key : {"tlb_invalidations", "context_switches", "asid_rollovers"}) {
        figures["os"][key] = result.at("os").at(key);
    }
    for (const json& process : result.at("processes")) {
        const json counts{{"accesses", process.at("accesses")},
                          {"minor", process.at("minor")},
                          {"invalid", process.at("invalid")}};
        figures["processes"].push_back(counts);
    }
    return figures;
}

json state(const json& result) {
    json figures{{"frames", result.at("os").at("frames")}};
    for (const json& process : result.at("processes")) {
        figures["processes"].push_back(json{{"asid", process.at("asid")},
                                            {"rss_pages", process.at("rss_pages")},
                                            {"page_table_pages", process.at("page_table_pages")}});
    }
    return figures;
}

// Every number of `whole` less that of `part`.
json difference(const json& whole, const json& part) {
    if (whole.is_number()) {
        return whole.get<std::uint64_t>() - part.get<std::uint64_t>();
    }
    if (!whole.is_structured()) {
        return whole;
    }
    json result = whole;
    const json leaves = whole.flatten();
    for (const auto& [key, value] : leaves.items()) {
        const json::json_pointer place(key);
        result[place] = difference(value, part.at(place));
    }
    return result;
}

}  // namespace

TEST_CASE("figures after a warm-up are those of the whole run less those of its beginning") {
    const json whole = run_json({});
    const json beginning = run_json({.limit = 4'000});
    const json warmed = run_json({.warmup = 4'000});

    CHECK(whole.at("totals").at("accesses") == 12'000);
    CHECK(beginning.at("totals").at("accesses") == 4'000);
    json expected = difference(counted(whole), counted(beginning));
    // Between the last access of the beginning and the first after it no cycle passes but those of
    // a switch.
    json found = counted(warmed);
    const auto gap = expected["totals"]["cycles"].get<std::uint64_t>() -
                     found["totals"]["cycles"].get<std::uint64_t>();
    const bool switched = gap == busy_machine().os.scheduler.context_switch_cycles.value;
    CHECK((gap == 0 || switched));
    expected["totals"].erase("cycles");
    found["totals"].erase("cycles");
    CHECK(found == expected);
    CHECK(state(warmed) == state(whole));
    CHECK(warmed.at("workload").at("warmup") == 4'000);
}

TEST_CASE("the laws hold for what was measured after a warm-up") {
    const tb::RunResult result = run(busy_machine(), busy_programs(), {.warmup = 1'234});
    CHECK(broken_laws(busy_machine(), result) == none_broken);
    CHECK(result.totals.accesses == 12'000 - 1'234);
}

TEST_CASE("the cycles after a warm-up run from the first access after it") {
    const tb::RunResult result =
        run(plain_machine(), {read_of(page_a, 8), read_of(page_a, 8), read_of(page_a + 4_KiB, 8)},
            {.warmup = 1});
    CHECK(result.totals.cycles == Cycles{1 + 136});
    CHECK(result.latency.count() == 2);
    CHECK(result.processes.at(0).rss_pages == 2);
    CHECK(result.processes.at(0).minor == 1);
}

TEST_CASE("a limit counts the accesses of all programs, the warm-up's included") {
    const tb::RunResult result =
        run(busy_machine(), busy_programs(), {.warmup = 2'000, .limit = 9'000});
    CHECK(result.totals.accesses == 7'000);
    CHECK(result.processes.at(0).accesses + result.processes.at(1).accesses == 7'000);
    CHECK(result.processes.at(0).accesses > 0);
    CHECK(result.processes.at(1).accesses > 0);
}

TEST_CASE("a limit beyond the end is no limit") {
    const tb::RunResult result = run(busy_machine(), busy_programs(), {.limit = 1'000'000});
    CHECK(result.totals.accesses == 12'000);
    CHECK_FALSE(result.interrupted);
}

TEST_CASE("a warm-up that leaves nothing to measure is an error") {
    const std::string error = input_error_of(
        [] { static_cast<void>(run(busy_machine(), busy_programs(), {.warmup = 12'001})); });
    CHECK(error == "--warmup 12001: the traces end before, expected fewer accesses than they have");
}

TEST_CASE("a warm-up of all accesses leaves nothing to measure either") {
    const std::string error = input_error_of(
        [] { static_cast<void>(run(busy_machine(), busy_programs(), {.warmup = 12'000})); });
    CHECK(error == "--warmup 12000: the traces end before, expected fewer accesses than they have");
}

TEST_CASE("the timeline has an entry every so many accesses, counted from the measurement on") {
    const tb::RunResult result =
        run(busy_machine(), busy_programs(), {.warmup = 1'000, .limit = 11'500, .interval = 2'500});
    REQUIRE(result.timeline.size() == 4);
    for (std::size_t number = 0; number < result.timeline.size(); ++number) {
        CHECK(result.timeline[number].accesses == (number + 1) * 2'500);
    }
    for (std::size_t number = 1; number < result.timeline.size(); ++number) {
        const tb::TimelineEntry& before = result.timeline[number - 1];
        const tb::TimelineEntry& entry = result.timeline[number];
        CHECK(before.cycles < entry.cycles);
        CHECK(before.faults <= entry.faults);
    }
    // 1,000 + 4 · 2,500 is 500 accesses before the end.
    const tb::TimelineEntry& last = result.timeline.back();
    CHECK(last.cycles < result.totals.cycles);
    CHECK(last.faults <= result.faults.minor);
    CHECK(last.misses.size() == result.tlbs.size());
    CHECK(last.resident_pages.size() == 2);
}

TEST_CASE("a timeline entry at the end holds what the result holds") {
    const tb::RunResult result = run(busy_machine(), busy_programs(), {.interval = 6'000});
    REQUIRE(result.timeline.size() == 2);
    const tb::TimelineEntry& last = result.timeline.back();
    CHECK(last.accesses == result.totals.accesses);
    CHECK(last.cycles == result.totals.cycles);
    CHECK(last.faults == result.faults.minor);
    for (std::size_t number = 0; number < result.tlbs.size(); ++number) {
        CHECK(last.misses[number].first == result.tlbs[number].first);
        CHECK(last.misses[number].second == result.tlbs[number].second.misses);
    }
    CHECK(last.resident_pages[0].second == result.processes[0].rss_pages);
    CHECK(last.resident_pages[1].second == result.processes[1].rss_pages);
}

TEST_CASE("an interrupted run ends at once, says so, and is whole as far as it came") {
    const std::vector<Access> accesses(200'000, read_of(page_a, 8));
    std::atomic<bool> interrupted = false;
    std::vector<std::uint64_t> progress;
    const tb::RunResult result = run(plain_machine(), accesses,
                                     {.progress =
                                          [&](std::uint64_t done) {
                                              progress.push_back(done);
                                              interrupted = done > 0;
                                          },
                                      .interrupted = &interrupted});
    CHECK(result.interrupted);
    CHECK(result.totals.accesses == 65'536);
    CHECK(result.totals.cycles == Cycles{96 + 65'535});
    CHECK(progress == std::vector<std::uint64_t>{0, 65'536});
    CHECK(broken_laws(plain_machine(), result) == none_broken);
}

TEST_CASE("waves, a translation log, monitors, timing and progress change nothing") {
    const ScratchDirectory directory;
    const tb::RunOptions none{};
    const tb::RunOptions waves{.waves = tb::WaveWindow{.path = directory.path_of("waves.vcd"),
                                                       .from = {1'000},
                                                       .to = Cycles{20'000}}};
    const tb::RunOptions all_waves{
        .waves =
            tb::WaveWindow{.path = directory.path_of("all.vcd"), .from = {}, .to = std::nullopt}};
    const tb::RunOptions log{.translation_log = directory.path_of("translations.csv")};
    const tb::RunOptions progress{.progress = [](std::uint64_t) {}};
    const auto text = [](const tb::RunOptions& options, const tb::Inspector& inspect = {}) {
        return run_in_child(busy_machine(), busy_programs(), options, inspect);
    };

    const std::string expected = text(none);
    CHECK(text(waves) == expected);
    CHECK(text(all_waves) == expected);
    CHECK(text(log) == expected);
    CHECK(text(progress) == expected);
    CHECK(text(none, [](const tb::SystemModule&) {}) == expected);
    json timed = json::parse(text({.timing = true}));
    CHECK(timed.erase("host") == 1);
    CHECK(timed == json::parse(expected));
    CHECK(directory.file_count() == 3);
}

TEST_CASE("a timeline changes nothing but that it is there") {
    json with = run_json({.interval = 100});
    json without = run_json({});
    CHECK(with.erase("timeline") == 1);
    CHECK(without["os"]["thrashing"].is_null());
    with["os"].erase("thrashing");
    without["os"].erase("thrashing");
    with["workload"].erase("interval");
    without["workload"].erase("interval");
    CHECK(with == without);
}

TEST_CASE("the rows of a translation log add up to the result") {
    const ScratchDirectory directory;
    const std::string path = directory.path_of("translations.csv");
    const tb::RunResult result = run(busy_machine(), busy_programs(), {.translation_log = path});
    const std::vector<TranslationRow> rows = read_translation_rows(path);

    CHECK(rows.size() == result.totals.translations);
    LatencyRecord stages;
    std::map<std::string, std::pair<std::uint64_t, Cycles>> classes;
    Cycles previous_done;
    std::size_t wrong_rows = 0;
    for (const TranslationRow& row : rows) {
        const bool adds_up = row.stages.total() == row.latency &&
                             row.issued + row.latency == row.done && row.issued >= previous_done;
        wrong_rows += adds_up ? 0 : 1;
        previous_done = row.done;
        stages += row.stages;
        auto& [count, cycles] = classes[row.outcome];
        ++count;
        cycles += row.latency;
    }
    CHECK(wrong_rows == 0);
    CHECK(stages.stages == result.breakdown.stages);
    CHECK(rows.back().access + 1 == result.totals.accesses);
    CHECK(rows.back().done - rows.front().issued == result.totals.cycles);
    for (const auto& [name, latency] : result.classes) {
        INFO(name);
        CHECK(classes[name].first == latency.count());
        CHECK(classes[name].second == latency.total());
    }
}

TEST_CASE("a translation log begins with the measurement") {
    const ScratchDirectory directory;
    const std::string path = directory.path_of("translations.csv");
    const tb::RunResult result =
        run(busy_machine(), busy_programs(), {.warmup = 3'000, .translation_log = path});
    const std::vector<TranslationRow> rows = read_translation_rows(path);
    CHECK(rows.size() == result.totals.translations);
    CHECK(rows.front().access == 3'000);
}

TEST_CASE("a translation log tells the story of each access") {
    const ScratchDirectory directory;
    const std::string path = directory.path_of("translations.csv");
    static_cast<void>(run(plain_machine(), {write_of(page_a + 8, 8), fetch_of(page_a + 4094, 4)},
                          {.translation_log = path}));
    const std::vector<TranslationRow> rows = read_translation_rows(path);
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].access == 0);
    CHECK(rows[0].type == "write");
    CHECK(rows[0].virtual_address == VirtualAddress{page_a + 8});
    REQUIRE(rows[0].physical_address);
    CHECK(rows[0].physical_address->page_offset() == 8);
    CHECK(rows[0].page_size == "4KiB");
    CHECK(rows[0].outcome == "minor_fault");
    CHECK(rows[0].issued == Cycles{0});
    CHECK(rows[0].done == Cycles{96});
    CHECK(rows[1].access == 1);
    CHECK(rows[1].type == "fetch");
    CHECK(rows[1].outcome == "l2_hit");
    CHECK(rows[1].virtual_address == VirtualAddress{page_a + 4094});
    CHECK(page_number_of(*rows[1].physical_address) == page_number_of(*rows[0].physical_address));
    CHECK(rows[1].latency == Cycles{8});
    CHECK(rows[2].access == 1);
    CHECK(rows[2].virtual_address == VirtualAddress{page_a + 4096});
    CHECK(rows[2].outcome == "minor_fault");
    CHECK(rows[2].issued == Cycles{104});
    CHECK(rows[2].done == Cycles{104 + 136});
}

TEST_CASE("two runs of the same give the same bytes") {
    const tb::Configuration configuration =
        machine("default", {"tlbs.l1d.replacement=random", "tlbs.l2.replacement=random", "seed=7"});
    const std::string first = run_in_child(configuration, busy_programs());
    CHECK(run_in_child(configuration, busy_programs()) == first);
    // The seed matters, so the comparison above could fail.
    const tb::Configuration other =
        machine("default", {"tlbs.l1d.replacement=random", "tlbs.l2.replacement=random", "seed=8"});
    CHECK(json::parse(run_in_child(other, busy_programs())).at("tlbs") !=
          json::parse(first).at("tlbs"));
}

}  // namespace mmusim::tests::measurement_test
