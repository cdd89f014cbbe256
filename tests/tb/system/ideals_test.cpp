// SPDX-License-Identifier: Apache-2.0
// The preset plain with one part ideal at a time, every cycle worked out by hand. As it is:
//
//     a first touch whose walk finds n entries     (1 + 7 + 20 n)  and, made again,  1 + 7 + 3 * 20
//     a page in the first TLB                      1
#include "tb/what_if/ideals.hpp"

#include "tests/support/child_process.hpp"
#include "tests/tb/system/laws.hpp"
#include "tests/tb/system/machine.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace mmusim::tests::ideals_test {

namespace {

using namespace literals;
using Settings = std::vector<std::string>;

constexpr std::uint64_t page_a = 0x4000'0000;
constexpr std::uint64_t neighbour = page_a + 4_KiB;

// A first touch that finds one entry, a hit, a first touch that finds three, a hit.
std::vector<Access> four_accesses() {
    return {read_of(page_a, 8), write_of(page_a, 8), read_of(neighbour, 8), read_of(page_a, 8)};
}

// The cycles of each ideal of the plain machine with these settings, and without: "as it is".
std::map<std::string, std::uint64_t> cycles_by_ideal(const Settings& settings,
                                                     const std::vector<Access>& accesses) {
    const tb::Configuration as_it_is = plain_machine(settings);
    std::map<std::string, std::uint64_t> cycles;
    std::vector<tb::Ideal> ideals = tb::ideals_of(as_it_is);
    ideals.push_back({.name = "as it is", .meaning = {}, .settings = {}});
    for (const tb::Ideal& ideal : ideals) {
        Settings all = settings;
        all.insert(all.end(), ideal.settings.begin(), ideal.settings.end());
        const tb::Configuration configuration = plain_machine(all);
        cycles[ideal.name] = std::stoull(in_child_process([&] {
            const tb::RunResult result = run(configuration, accesses, {.check = true});
            if (const auto broken = broken_laws(configuration, result); broken != none_broken) {
                throw std::runtime_error(fmt::format("{}: {}", ideal.name, broken.front()));
            }
            return fmt::format("{}", result.totals.cycles);
        }));
    }
    return cycles;
}

}  // namespace

TEST_CASE("plain, one part ideal at a time: what each leaves of two first touches and two hits") {
    const auto cycles = cycles_by_ideal({}, four_accesses());
    constexpr std::uint64_t one_entry = 1 + 7 + 20;
    constexpr std::uint64_t three_entries = 1 + 7 + 3 * 20;

    CHECK(cycles.at("as it is") ==
          (one_entry + three_entries) + 1 + (three_entries + three_entries) + 1);
    // A page that is not mapped yet is walked to its fault as ever.
    CHECK(cycles.at("perfect_l1") == (one_entry + 1) + 1 + (three_entries + 1) + 1);
    CHECK(cycles.at("perfect_l2") == (one_entry + 8) + 1 + (three_entries + 8) + 1);
    CHECK(cycles.at("perfect_walk_cache") == 2 * one_entry + 1 + 2 * one_entry + 1);
    CHECK(cycles.at("pte_reads_hit") == (8 + 1) + (8 + 3) + 1 + (8 + 3) + (8 + 3) + 1);
    CHECK(cycles.at("unlimited_walkers") == cycles.at("as it is"));
    CHECK(cycles.at("free_faults") == cycles.at("as it is"));
    CHECK(cycles.at("free_fences") == cycles.at("as it is"));
}

TEST_CASE("free faults leave of a run what the same run costs where nothing of them has a cost") {
    const Settings costs{"os.fault_entry_cycles=100",  "os.region_lookup_cycles=30",
                         "os.frame_clear_cycles=500",  "os.page_table_cycles=7",
                         "os.fault_return_cycles=50",  "os.frame_allocation_cycles=11",
                         "os.memory_accesses=blocking"};
    const auto with_costs = cycles_by_ideal(costs, four_accesses());
    CHECK(with_costs.at("free_faults") == 28 + 68 + 1 + 68 + 68 + 1);
    CHECK(with_costs.at("as it is") > with_costs.at("free_faults") + 2 * (100 + 30 + 500 + 50));
    // What faults cost besides is the same whatever the TLBs hold.
    CHECK(with_costs.at("as it is") - with_costs.at("perfect_l1") == 2 * 67);
}

TEST_CASE("with all walks free at once, a wide core waits for none of two hundred walkers") {
    std::vector<Access> accesses;
    for (std::uint64_t page = 0; page < 200; ++page) {
        accesses.push_back(read_of(page_a + page * 4_KiB, 8));
    }
    // Mapped first; small TLBs, so that the second round walks again.
    const std::vector<Access> once = accesses;
    accesses.insert(accesses.end(), once.begin(), once.end());
    const auto cycles = cycles_by_ideal(
        {"cpu.max_outstanding=200", "tlbs.l1d.mshrs=200", "tlbs.l2.mshrs=200", "tlbs.l2.sets=1"},
        accesses);
    CHECK(cycles.at("unlimited_walkers") < cycles.at("as it is"));
}

}  // namespace mmusim::tests::ideals_test
