// SPDX-License-Identifier: Apache-2.0
// Accesses that lie on two pages.
#include "hw/cpu/address_generator_module.hpp"
#include "hw/tlb/tlb_module.hpp"
#include "hw/walker/walker_module.hpp"
#include "tests/support/listed_accesses.hpp"
#include "tests/support/page_table_image.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"
#include "tests/support/test_memories.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <memory>
#include <optional>
#include <vector>

namespace mmusim::hw::crossing_module_test {
namespace {

using tests::FixedLatencyMemory;
using tests::ListedAccesses;
using tests::PageTableImage;
using tests::Simulation;

constexpr PhysicalPageNumber root{0x8'0100};

// The second page begins at 2 MiB, so it can be of any size.
constexpr VirtualAddress second_page{0x4000'0000};
constexpr std::uint32_t size_bytes = 8;
constexpr std::uint32_t bytes_before = 3;
constexpr VirtualAddress crossing{second_page.value - bytes_before};
constexpr PhysicalPageNumber first_frame{0x8'4000};
constexpr PhysicalPageNumber second_frame{0x8'7e00};

/// A core that makes one access that crosses, and an operating system that repairs its fault.
class CrossingMachine final : public sc_core::sc_module, Supervisor, CoreObserver {
  public:
    CrossingMachine(const sc_core::sc_module_name& name, AccessType type, Simulation& simulation)
        : sc_module(name),
          memory("memory", Cycles{3}, simulation.clock()),
          tables(memory.image(), PagingMode::sv39, root),
          walker("walker", {}, {}, {}, 1, simulation.clock()),
          tlb("tlb", {}, {}, 1, simulation.clock()),
          core("core", {}, 1, simulation.clock(), *this, *this),
          accesses_({{.address = crossing, .size_bytes = size_bytes, .type = type}}),
          program_(accesses_) {
        core.fetch_initiator.bind(tlb.upstream_target);
        core.data_initiator.bind(tlb.upstream_target);
        tlb.downstream_initiator.bind(walker.upstream_target);
        walker.memory_initiator.bind(memory.upstream_target);
        core.run(program_, {.root = root}, std::nullopt);
    }

    struct Translation {
        VirtualAddress address;
        PhysicalAddress physical_address;
    };

    std::vector<Translation> translations;
    std::vector<PageFault> faults;
    bool ended = false;

    FixedLatencyMemory memory;
    PageTableImage tables;
    WalkerModule walker;
    TlbModule tlb;
    AddressGeneratorModule core;

  private:
    void page_fault(const PageFault& fault) override {
        faults.push_back(fault);
        tables.map(second_page, second_frame);
        tlb.fence({});
        core.retry(Outcome::minor_fault, {});
    }
    void turn_over() override {}
    void program_ended() override { ended = true; }
    void stopped() override {}

    std::optional<std::uint64_t> milestone(std::uint64_t /*accesses*/) override {
        return ~std::uint64_t{0};
    }
    void finished(const FinishedTranslation& seen) override {
        const VirtualAddress address = seen.translation.request.address;
        translations.push_back(
            {.address = address,
             .physical_address = seen.translation.page->physical_address(address)});
    }
    void faulted(const FaultedTranslation& /*translation*/) override {}
    [[nodiscard]] bool watches_translations() const override { return true; }

    ListedAccesses accesses_;
    AccessStream program_;
};

// openhwgroup/cvw#38 and #66: of an access that crosses a page the second walk used the address of
// the first page.
TEST_CASE("published bug 19: the second half of an access is translated by its own page") {
    struct Case {
        const char* what;
        unsigned level;  // of the second page's leaf
        PageFlags flags;
        bool faults;
        AccessType type = AccessType::read;
    };
    const std::vector<Case> cases{
        {"another frame", 0, {0xdf}, false},
        {"a superpage", 1, {0xdf}, false},
        {"a fetch into another frame", 0, {0xdf}, false, AccessType::fetch},
        {"nothing there", 0, {0}, true},
        {"a supervisor's page", 0, {0xcf}, true},
        {"no right to write", 0, {0xdb}, true, AccessType::write},
        {"no right to fetch", 0, {0xd7}, true, AccessType::fetch},
        {"A and D clear", 0, {0x1f}, false, AccessType::write},
        {"a global page", 0, {0xff}, false},
    };
    Simulation simulation;
    std::vector<std::unique_ptr<CrossingMachine>> machines;
    for (const Case& row : cases) {
        const std::string name = fmt::format("machine{}", machines.size());
        machines.push_back(std::make_unique<CrossingMachine>(name.c_str(), row.type, simulation));
        CrossingMachine& machine = *machines.back();
        machine.tables.map(crossing, first_frame);
        machine.tables.map(second_page, second_frame, row.level, row.flags);
    }
    simulation.run();

    for (std::size_t number = 0; number < cases.size(); ++number) {
        const Case& row = cases[number];
        const CrossingMachine& machine = *machines[number];
        CAPTURE(row.what);
        CHECK(machine.ended);
        CHECK(machine.core.totals().accesses == 1);
        CHECK(machine.core.totals().translations == 2);
        REQUIRE(machine.translations.size() == 2);
        CHECK(machine.translations[0].address == crossing);
        CHECK(machine.translations[0].physical_address ==
              first_frame.address() + (page_bytes - bytes_before));
        CHECK(machine.translations[1].address == second_page);
        CHECK(machine.translations[1].physical_address == second_frame.address());
        REQUIRE(machine.faults.size() == (row.faults ? 1U : 0U));
        if (row.faults) {
            CHECK(machine.faults[0].address == second_page);
            CHECK(machine.faults[0].type == row.type);
        }
        const PhysicalAddress second_leaf = machine.tables.entry_address(second_page, row.level);
        CHECK(machine.tables.entry_at(second_leaf).flags().accessed());
        const PhysicalAddress first_leaf = machine.tables.entry_address(crossing, 0);
        CHECK(machine.tables.entry_at(first_leaf) ==
              PageTableEntry::make(first_frame, PageTableImage::user_read_write_execute));
    }
}

}  // namespace
}  // namespace mmusim::hw::crossing_module_test
