// SPDX-License-Identifier: Apache-2.0
// Memories and caches that gave a walk what did not lie there.
#include "hw/cache/cache_module.hpp"
#include "hw/memory/memory_controller_module.hpp"
#include "hw/tlb/tlb_module.hpp"
#include "hw/walker/walker_module.hpp"
#include "tests/hw/memory/small_dram.hpp"
#include "tests/support/memory_requester.hpp"
#include "tests/support/page_table_image.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"
#include "tests/support/test_memories.hpp"
#include "tests/support/translation_requester.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::hw::memory_module_test {
namespace {

using tests::clear_at;
using tests::FixedLatencyMemory;
using tests::MemoryRequester;
using tests::PageTableImage;
using tests::read_at;
using tests::Simulation;
using tests::TranslationRequester;
using tests::write_at;

constexpr PhysicalPageNumber root{0x8'0100};
const CacheParameters small_cache{
    .sets = 2, .ways = 2, .line_bytes = 64, .hit_latency_cycles = {2}, .mshrs = 2};

// A walker behind a small cache, and software that uses the same cache.
class CachedMachine final : public sc_core::sc_module {
  public:
    CachedMachine(const sc_core::sc_module_name& name, Simulation& simulation)
        : sc_module(name),
          memory("memory", Cycles{5}, simulation.clock()),
          tables(memory.image(), PagingMode::sv39, root),
          cache("cache", small_cache, 1, simulation.clock()),
          walker("walker", {.step_cycles = {1}}, {}, {}, 1, simulation.clock()),
          tlb("tlb", {}, {}, 1, simulation.clock()),
          requester("requester", root, simulation.clock()),
          software("software", simulation) {
        requester.initiator.bind(tlb.upstream_target);
        tlb.downstream_initiator.bind(walker.upstream_target);
        walker.memory_initiator.bind(cache.upstream_target);
        software.initiator.bind(cache.upstream_target);
        cache.downstream_initiator.bind(memory.upstream_target);
    }

    FixedLatencyMemory memory;
    PageTableImage tables;
    CacheModule cache;
    WalkerModule walker;
    TlbModule tlb;
    TranslationRequester requester;
    MemoryRequester software;
};

// openhwgroup/cvw#547: a cache operation during a walk spoilt the entry. There are no cache
// operations here; the like is software that clears a frame, writes beside the entry or drives its
// line out of the cache.
TEST_CASE("published bug 29: what software does in the cache during a walk leaves the walk alone") {
    constexpr VirtualAddress page{0x1234'5000};
    constexpr PhysicalPageNumber frame{0x8'4000};
    constexpr PageFlags accessed_clear{0x1f};
    constexpr PhysicalPageNumber cleared{0x8'7000};
    constexpr std::uint64_t offsets = 60;
    Simulation simulation;
    std::vector<std::unique_ptr<CachedMachine>> swept;
    for (const std::string_view work : {"clears a frame", "writes beside", "drives out"}) {
        for (std::uint64_t offset = 0; offset < offsets; ++offset) {
            const std::string name = fmt::format("machine{}", swept.size());
            swept.push_back(std::make_unique<CachedMachine>(name.c_str(), simulation));
            CachedMachine& machine = *swept.back();
            const PhysicalAddress leaf = machine.tables.map(page, frame, 0, accessed_clear);
            machine.memory.image().write(cleared.address(), 0x1234, 8);
            machine.requester.offer({{.issue = {0}, .address = page}});
            if (work == "clears a frame") {
                machine.software.ask(offset, clear_at(cleared.address()));
            } else if (work == "writes beside") {
                machine.software.ask(offset, write_at(leaf + 8, 0x5678));
            } else {
                for (const std::uint64_t line : {2U, 4U}) {
                    machine.software.ask(offset, write_at(leaf + 64 * line, 0x5678));
                }
            }
        }
    }
    simulation.run();

    for (std::size_t point = 0; point < swept.size(); ++point) {
        CAPTURE(point / offsets, point % offsets);
        CachedMachine& machine = *swept[point];
        const PhysicalAddress leaf = machine.tables.entry_address(page, 0);
        REQUIRE(machine.requester.answers().size() == 1);
        const TranslationRequester::Answer& answer = machine.requester.answers().front();
        REQUIRE(answer.page);
        CHECK(answer.page->physical_page == frame);
        CHECK(answer.duration() == answer.latency.total());
        CHECK(machine.tables.entry_at(leaf) == PageTableEntry::make(frame, {0x5f}));
        for (const MemoryRequester::Answer& done : machine.software.answers()) {
            CHECK(done.came);
            CHECK_FALSE(done.failed);
        }
        const hw::PhysicalMemory& image = machine.memory.image();
        CHECK((image.read(cleared.address(), 8) == 0) == (point / offsets == 0));
        CHECK((image.read(leaf + 8, 8) == 0x5678) == (point / offsets == 1));
        CHECK((image.read(leaf + 4UL * 64, 8) == 0x5678) == (point / offsets == 2));
    }
}

// The memories that a walk may be behind.
struct Memories {
    static constexpr MemoryParameters fixed{
        .base_address = 0x8000'0000, .size_bytes = 0x10'0000, .latency_cycles = {20}, .dram = {}};

    [[nodiscard]] static MemoryParameters dram_parameters() {
        MemoryParameters parameters = fixed;
        parameters.kind = MemoryKind::dram;
        parameters.dram = tests::small_dram();
        return parameters;
    }

    explicit Memories(Simulation& simulation)
        : plain("plain", fixed, simulation.clock()),
          dram("dram", dram_parameters(), simulation.clock()),
          below("below", fixed, simulation.clock()),
          cache("cache", small_cache, 1, simulation.clock()),
          of_plain("of_plain", simulation),
          of_dram("of_dram", simulation),
          of_cache("of_cache", simulation) {
        of_plain.initiator.bind(plain.upstream_target);
        of_dram.initiator.bind(dram.upstream_target);
        of_cache.initiator.bind(cache.upstream_target);
        cache.downstream_initiator.bind(below.upstream_target);
    }

    void ask(std::uint64_t cycle, const MemoryRequester::Begin& begin) {
        for (MemoryRequester* const requester : {&of_plain, &of_dram, &of_cache}) {
            requester->ask(cycle, begin);
        }
    }

    MemoryControllerModule plain;
    MemoryControllerModule dram;
    MemoryControllerModule below;
    CacheModule cache;
    MemoryRequester of_plain;
    MemoryRequester of_dram;
    MemoryRequester of_cache;
};

// OpenXiangShan/XiangShan#1504: a memory model gave the last value read when it was written at the
// same time, and so hid a bug of the TLB. Here a read and a write of one cycle have an order, and a
// read takes the value of its arrival.
TEST_CASE("published bug 30: a read gets what its address held when it arrived and nothing older") {
    constexpr PhysicalAddress base{0x8000'0000};
    constexpr std::uint64_t read_cycle = 10'000;
    constexpr std::uint64_t before = 30;  // the first write comes so long before the read
    constexpr std::uint64_t old_value = 0x1111;
    constexpr std::uint64_t new_value = 0x2222;
    constexpr std::uint64_t points = 2 * before;
    Simulation simulation;
    Memories memories(simulation);
    struct Expected {
        std::uint64_t number;  // of the read
        std::uint64_t value;
    };
    std::vector<Expected> expected;
    std::uint64_t asked = 0;
    for (std::uint64_t point = 0; point < points; ++point) {
        for (const bool write_goes_first : {false, true}) {
            const std::uint64_t slot = 2 * point + (write_goes_first ? 1 : 0);
            const PhysicalAddress address = base + slot * 128;
            const std::uint64_t read_at_cycle = read_cycle + slot * 200;
            const std::uint64_t write_at_cycle = read_at_cycle + point - before;
            memories.ask(read_at_cycle - 100, write_at(address, old_value + slot));
            if (write_goes_first) {
                memories.ask(write_at_cycle, write_at(address, new_value + slot));
            }
            memories.ask(read_at_cycle, read_at(address));
            if (!write_goes_first) {
                memories.ask(write_at_cycle, write_at(address, new_value + slot));
            }
            // Never written.
            memories.ask(read_at_cycle, read_at(address + 64));
            const bool written = write_at_cycle < read_at_cycle ||
                                 (write_at_cycle == read_at_cycle && write_goes_first);
            expected.push_back(
                {asked + (write_goes_first ? 2U : 1U), (written ? new_value : old_value) + slot});
            expected.push_back({asked + 3, 0});
            asked += 4;
        }
    }
    simulation.run();

    for (const MemoryRequester* const requester :
         {&memories.of_plain, &memories.of_dram, &memories.of_cache}) {
        CAPTURE(requester->name());
        const std::vector<MemoryRequester::Answer> answers = requester->answers();
        for (const Expected& read : expected) {
            CAPTURE(read.number);
            CHECK(answers.at(read.number).came);
            CHECK(answers.at(read.number).value == read.value);
        }
    }
}

}  // namespace
}  // namespace mmusim::hw::memory_module_test
