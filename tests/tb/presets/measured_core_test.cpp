// SPDX-License-Identifier: Apache-2.0
// The walks of three cores as measured on their Verilog, from the first cycle of the request to
// that of the result, with empty TLBs: n entries are read, each L cycles after it was asked for.
#include "tb/config/resolve.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/page_table_image.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"
#include "tests/support/test_memories.hpp"
#include "tests/support/translation_requester.hpp"
#include "tests/tb/system/machine.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mmusim::tests::measured_core_test {

namespace {

using Duration = std::function<std::uint64_t(std::uint64_t reads, std::uint64_t latency)>;

constexpr PhysicalPageNumber root{0x80100};
constexpr PhysicalPageNumber frame{0x8'0000'0};

struct Page {
    VirtualAddress address;
    unsigned leaf_level = 0;
};

// The translations of some pages, one after the other, by the preset's TLB of that name and its
// walker, at empty TLBs and pointer caches: as "39 17", in cycles.
[[nodiscard]] std::string walk_durations(const std::string& preset, AccessType type,
                                         std::uint64_t latency, const std::vector<Page>& pages) {
    constexpr std::uint64_t far_apart = 1000;
    return in_child_process([&] {
        const tb::Configuration machine = tb::resolve({.preset = preset});
        const std::string& first =
            type == AccessType::fetch ? machine.cpu.fetch_tlb : machine.cpu.data_tlb;
        Simulation simulation;
        FixedLatencyMemory memory("memory", Cycles{latency}, simulation.clock());
        PageTableImage tables(memory.image(), machine.paging.mode, root);
        TranslationRequester requester("requester", root, simulation.clock());
        hw::TlbModule tlb("tlb", machine.tlbs.at(first), machine.paging, 1, simulation.clock());
        hw::WalkerModule walker("walker", machine.walker, machine.walk_cache, machine.paging, 1,
                                simulation.clock());
        requester.initiator.bind(tlb.upstream_target);
        tlb.downstream_initiator.bind(walker.upstream_target);
        walker.memory_initiator.bind(memory.upstream_target);
        std::vector<TranslationRequester::Row> rows;
        for (const Page& page : pages) {
            tables.map(page.address, frame, page.leaf_level);
            rows.push_back({.issue = Cycles{7 + far_apart * rows.size()},
                            .type = type,
                            .address = page.address});
        }
        requester.offer(rows);
        simulation.run();
        std::vector<std::string> durations;
        for (const TranslationRequester::Answer& answer : requester.answers()) {
            durations.push_back(answer.page ? fmt::format("{}", answer.duration().value) : "fault");
        }
        return fmt::format("{}", fmt::join(durations, " "));
    });
}

void check_walks(const std::string& preset, AccessType type, const Duration& duration) {
    for (const std::uint64_t latency : {1U, 2U, 5U, 10U}) {
        for (const unsigned reads : {1U, 2U, 3U}) {
            CAPTURE(preset, type, latency, reads);
            const Page page{.address = {0x4000'0000}, .leaf_level = 3 - reads};
            CHECK(walk_durations(preset, type, latency, {page}) ==
                  fmt::format("{}", duration(reads, latency)));
        }
    }
}

// All hits of one page after its walk, in the whole machine.
[[nodiscard]] std::string hit_duration(const std::string& preset, AccessType type) {
    return in_child_process([&] {
        const Access access{.address = {0x4000'0000}, .size_bytes = 4, .type = type};
        const tb::RunResult result =
            run(machine(preset), std::vector<Access>(11, access), {.warmup = 1});
        return fmt::format("{} in {}", result.totals.translations, result.breakdown.total());
    });
}

// Round and round through more pages than the TLB holds, in the whole machine: walks of three
// levels, whose pointers have all been read before.
[[nodiscard]] std::string walk_in_whole_machine(const std::string& preset, AccessType type,
                                                std::uint64_t latency) {
    constexpr std::uint64_t pages = 64;
    std::vector<Access> accesses;
    for (std::uint64_t i = 0; i < 3 * pages; ++i) {
        accesses.push_back(
            {.address = {0x4000'0000 + i % pages * page_bytes}, .size_bytes = 4, .type = type});
    }
    return in_child_process([&] {
        const tb::Configuration configuration = machine(
            preset, {"memory.kind=fixed", fmt::format("memory.latency_cycles={}", latency)});
        const tb::RunResult result = run(configuration, accesses, {.warmup = 2 * pages});
        return fmt::format("{} in {}", result.totals.translations, result.breakdown.total());
    });
}

std::uint64_t cva6_data(std::uint64_t reads, std::uint64_t latency) {
    return 3 + reads * (2 + latency);
}

std::uint64_t cva6_fetch(std::uint64_t reads, std::uint64_t latency) {
    return 2 + reads * (2 + latency);
}

}  // namespace

TEST_CASE("cva6-sv39: loads and stores walk in 3 + n(2 + L) cycles and fetches in 2 + n(2 + L)") {
    check_walks("cva6-sv39", AccessType::read, cva6_data);
    check_walks("cva6-sv39", AccessType::write, cva6_data);
    check_walks("cva6-sv39", AccessType::fetch, cva6_fetch);
    CHECK(cva6_data(3, 10) == 39);
    CHECK(cva6_fetch(1, 1) == 5);
}

TEST_CASE("cva6-sv39: the whole machine walks as long") {
    for (const std::uint64_t latency : {1U, 2U, 5U, 10U}) {
        CHECK(walk_in_whole_machine("cva6-sv39", AccessType::write, latency) ==
              fmt::format("64 in {}", 64 * cva6_data(3, latency)));
        CHECK(walk_in_whole_machine("cva6-sv39", AccessType::fetch, latency) ==
              fmt::format("64 in {}", 64 * cva6_fetch(3, latency)));
    }
}

TEST_CASE("cva6-sv39: a hit takes a cycle for data and none for a fetch") {
    CHECK(hit_duration("cva6-sv39", AccessType::read) == "10 in 10");
    CHECK(hit_duration("cva6-sv39", AccessType::fetch) == "10 in 0");
}

// What a superpage costs more on the next two, a cycle, is not modelled: only walks of all levels.
TEST_CASE("rocket: a walk takes 3 + h + r(2 + L) cycles for h known pointers and r reads") {
    struct Row {
        std::uint64_t latency = 0;
        std::string durations;
    };
    // No pointer is known, then those of the same 1 GiB, then those of the same 2 MiB.
    const std::vector<Page> pages{
        {.address = {0x4000'0000}}, {.address = {0x4020'0000}}, {.address = {0x4000'1000}}};
    const std::vector<Row> rows{{2, "15 12 9"}, {3, "18 14 10"}, {5, "24 18 12"}, {10, "39 28 17"}};
    for (const Row& row : rows) {
        CAPTURE(row.latency);
        for (const AccessType type : {AccessType::write, AccessType::fetch}) {
            CHECK(walk_durations("rocket", type, row.latency, pages) == row.durations);
            CHECK(walk_in_whole_machine("rocket", type, row.latency) ==
                  fmt::format("64 in {}", 64 * (5 + 2 + row.latency)));
        }
    }
    CHECK(hit_duration("rocket", AccessType::read) == "10 in 0");
}

TEST_CASE("wally: a walk takes 2 + n(1 + L) cycles") {
    for (const std::uint64_t latency : {2U, 5U, 10U}) {
        CHECK(walk_in_whole_machine("wally", AccessType::write, latency) ==
              fmt::format("64 in {}", 64 * (2 + 3 * (1 + latency))));
    }
    CHECK(hit_duration("wally", AccessType::fetch) == "10 in 0");
}

}  // namespace mmusim::tests::measured_core_test
