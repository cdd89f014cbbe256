// SPDX-License-Identifier: Apache-2.0
// The machine against a naive reference, on the real trace: every count and every cycle.
#include "tests/tb/system/plain_reference.hpp"

#include "tests/support/printing.hpp"
#include "tests/tb/system/laws.hpp"
#include "tests/tb/system/machine.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace mmusim::tests::plain_reference_test {

std::ostream& operator<<(std::ostream& stream, const TlbFigures& figures) {
    return stream << fmt::format(
               "{} lookups, {} hits, {} misses, {} of retries, {} fills, {} evictions",
               figures.lookups, figures.hits, figures.misses, figures.retry_misses, figures.fills,
               figures.evictions);
}

namespace {

std::vector<std::string> settings_of(const PlainShape& shape) {
    std::vector<std::string> settings;
    const auto add = [&settings](const std::string& name, const TlbShape& tlb) {
        settings.push_back(fmt::format("tlbs.{}.sets={}", name, tlb.sets));
        settings.push_back(fmt::format("tlbs.{}.ways={}", name, tlb.ways));
        settings.push_back(fmt::format("tlbs.{}.hit_latency_cycles={}", name, tlb.hit_latency));
    };
    add("l1i", shape.l1i);
    add("l1d", shape.l1d);
    add("l2", shape.l2);
    settings.push_back(fmt::format("memory.latency_cycles={}", shape.memory_latency));
    settings.push_back(
        fmt::format("cpu.data_path={}", shape.accesses_memory ? "memory" : "translate-only"));
    settings.push_back(fmt::format("os.scheduler.time_slice_cycles={}", shape.time_slice));
    return settings;
}

TlbFigures figures_of(const hw::TlbStatistics& tlb) {
    return {.lookups = tlb.lookups,
            .hits = tlb.hits,
            .misses = tlb.misses,
            .retry_misses = tlb.retry_misses,
            .fills = tlb.fills,
            .evictions = tlb.evictions};
}

// Runs the programs on both, which must agree.
void compare(const PlainShape& shape, const std::vector<std::vector<Access>>& programs) {
    const tb::Configuration configuration = plain_machine(settings_of(shape));
    std::vector<TestProgram> named;
    named.reserve(programs.size());
    for (const std::vector<Access>& accesses : programs) {
        named.push_back({.name = "program", .accesses = accesses});
    }
    const tb::RunResult result = run(configuration, named);
    const PlainFigures expected = PlainReference(shape).run(programs);

    CHECK(broken_laws(configuration, result) == none_broken);
    CHECK(result.totals.translations == expected.translations);
    CHECK(result.totals.retries == expected.retries);
    CHECK(result.totals.cycles == Cycles{expected.cycles});
    CHECK(result.breakdown.total() == Cycles{expected.cycles});
    CHECK(result.walker.pte_reads == expected.entries_read);
    CHECK(result.os.context_switches == expected.context_switches);
    REQUIRE(result.tlbs.size() == expected.tlbs.size());
    for (std::size_t number = 0; number < expected.tlbs.size(); ++number) {
        INFO(result.tlbs[number].first);
        CHECK(figures_of(result.tlbs[number].second) == expected.tlbs.at(number));
    }
    for (const auto& [name, latency] : result.classes) {
        INFO(name);
        const auto known = expected.classes.find(name);
        const auto [count, cycles] = known == expected.classes.end()
                                         ? std::pair<std::uint64_t, std::uint64_t>{}
                                         : known->second;
        CHECK(latency.count() == count);
        CHECK(latency.total() == Cycles{cycles});
    }
}

void compare_on_shipped_trace(const PlainShape& shape) {
    const std::vector<Access> accesses = shipped_trace();
    REQUIRE(accesses.size() >= 1'000'000);
    compare(shape, {accesses});
}

// Accesses of all types and sizes over a few hundred pages in several tables.
std::vector<Access> mixed_accesses(std::uint64_t seed, std::size_t count) {
    Random random(seed);
    std::vector<Access> accesses;
    while (accesses.size() < count) {
        const std::uint64_t far = random.below(8) == 0 ? random.below(600) : random.below(60);
        const std::uint64_t table = random.below(3) * 0x20'0000 + random.below(2) * 0x4000'0000;
        accesses.push_back(
            {.address = {0x1000'0000 + table + far * page_bytes + random.below(page_bytes)},
             .size_bytes = static_cast<std::uint32_t>(1 + random.below(64)),
             .type = static_cast<AccessType>(random.below(enumerator_count<AccessType>))});
    }
    return accesses;
}

}  // namespace

TEST_CASE("reference, real trace: the preset itself") {
    compare_on_shipped_trace({});
}

TEST_CASE("reference, real trace: direct mapped") {
    compare_on_shipped_trace({.l1i = {.sets = 64, .ways = 1},
                              .l1d = {.sets = 64, .ways = 1},
                              .l2 = {.sets = 1024, .ways = 1, .hit_latency = 5}});
}

TEST_CASE("reference, real trace: fully associative") {
    compare_on_shipped_trace({.l1i = {.sets = 1, .ways = 32},
                              .l1d = {.sets = 1, .ways = 64},
                              .l2 = {.sets = 1, .ways = 512, .hit_latency = 9}});
}

TEST_CASE("reference, real trace: 48 sets") {
    compare_on_shipped_trace({.l1i = {.sets = 6, .ways = 3},
                              .l1d = {.sets = 12, .ways = 4},
                              .l2 = {.sets = 48, .ways = 5, .hit_latency = 6}});
}

TEST_CASE("reference, real trace: a single entry in each first level") {
    compare_on_shipped_trace(
        {.l1i = {.sets = 1, .ways = 1, .hit_latency = 2}, .l1d = {.sets = 1, .ways = 1}});
}

TEST_CASE("reference, real trace: a second level smaller than the first") {
    compare_on_shipped_trace({.l1i = {.sets = 32, .ways = 4},
                              .l1d = {.sets = 32, .ways = 8},
                              .l2 = {.sets = 4, .ways = 2, .hit_latency = 3},
                              .memory_latency = 77});
}

TEST_CASE("reference, real trace: large and wide") {
    compare_on_shipped_trace({.l1i = {.sets = 16, .ways = 8},
                              .l1d = {.sets = 7, .ways = 16, .hit_latency = 3},
                              .l2 = {.sets = 256, .ways = 16, .hit_latency = 12},
                              .memory_latency = 200});
}

TEST_CASE("reference, real trace: two processes share the TLBs by their ASIDs") {
    const std::vector<Access> accesses = shipped_trace();
    const auto middle = accesses.begin() + static_cast<std::ptrdiff_t>(accesses.size() / 2);
    // The halves use the same pages, which are different pages of different processes.
    compare({.time_slice = 5'000}, {std::vector<Access>(accesses.begin(), middle),
                                    std::vector<Access>(middle - 100'000, accesses.end())});
}

TEST_CASE("reference, real trace: every translated access is made at memory") {
    compare_on_shipped_trace({.memory_latency = 33, .accesses_memory = true});
}

TEST_CASE("reference, random accesses: four processes whose accesses are made at memory") {
    compare({.time_slice = 333, .accesses_memory = true},
            {mixed_accesses(2, 40'000), mixed_accesses(3, 5'000), mixed_accesses(4, 90'000),
             mixed_accesses(5, 1)});
}

TEST_CASE("reference, random accesses: crossings, several tables, one process") {
    compare({.l1i = {.sets = 3, .ways = 2}, .l1d = {.sets = 5, .ways = 3}, .l2 = {.sets = 10}},
            {mixed_accesses(1, 200'000)});
}

TEST_CASE("reference, random accesses: four processes of different lengths in short turns") {
    compare({.l2 = {.sets = 48, .ways = 4, .hit_latency = 7}, .time_slice = 333},
            {mixed_accesses(2, 40'000), mixed_accesses(3, 5'000), mixed_accesses(4, 90'000),
             mixed_accesses(5, 1)});
}

}  // namespace mmusim::tests::plain_reference_test
