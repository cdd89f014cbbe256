// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/cpu/address_generator_module.hpp"
#include "hw/tlb/tlb_module.hpp"
#include "hw/walker/walker_module.hpp"
#include "tests/support/page_table_image.hpp"
#include "tests/support/simulation.hpp"
#include "tests/support/test_memories.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace mmusim::tests {

inline constexpr VirtualAddress page_a{0x10'0000};
inline constexpr VirtualAddress page_b{0x10'1000};
inline constexpr VirtualAddress page_far{0x4000'0000};
inline constexpr PhysicalPageNumber frame_a{0x8'1000};
inline constexpr PhysicalPageNumber frame_b{0x8'7000};
inline constexpr PhysicalPageNumber frame_far{0x8'9000};
/// Of the page tables of every program of a bench.
inline constexpr PhysicalPageNumber core_root{0x8'0100};

[[nodiscard]] inline Access read_of(VirtualAddress address, std::uint32_t bytes = 8) {
    return {.address = address, .size_bytes = bytes, .type = AccessType::read};
}

[[nodiscard]] inline Access write_of(VirtualAddress address, std::uint32_t bytes = 8) {
    return {.address = address, .size_bytes = bytes, .type = AccessType::write};
}

/// Notes what the core calls it for, and does what the test says.
class ScriptedSupervisor final : public hw::Supervisor {
  public:
    struct Fault {
        Cycles at;
        hw::PageFault fault;
    };

    explicit ScriptedSupervisor(hw::ClockModule& clock) : clock_(clock) {}

    void page_fault(const hw::PageFault& fault) override {
        faults.push_back({.at = clock_.now(), .fault = fault});
        on_fault(fault);
    }
    void turn_over() override {
        turns.push_back(clock_.now());
        on_turn_over();
    }
    void program_ended() override {
        ends.push_back(clock_.now());
        on_end();
    }
    void stopped() override { stops.push_back(clock_.now()); }

    std::vector<Fault> faults;
    std::vector<Cycles> turns;
    std::vector<Cycles> ends;
    std::vector<Cycles> stops;
    std::function<void(const hw::PageFault&)> on_fault = [](const hw::PageFault&) {};
    std::function<void()> on_turn_over = [] {};
    std::function<void()> on_end = [] {};

  private:
    hw::ClockModule& clock_;
};

/// Notes every translation and every fault.
class RecordingObserver final : public hw::CoreObserver {
  public:
    struct Finished {
        std::uint64_t access;
        VirtualAddress address;
        Asid asid;
        std::optional<hw::TranslatedPage> page;
        hw::Outcome outcome;
        Cycles issued;
        Cycles done;
        LatencyRecord latency;
    };

    std::optional<std::uint64_t> milestone(std::uint64_t accesses) override {
        milestones.push_back(accesses);
        return on_milestone(accesses);
    }
    void finished(const hw::FinishedTranslation& seen) override {
        translations.push_back({.access = seen.access,
                                .address = seen.translation.request.address,
                                .asid = seen.translation.request.context.asid,
                                .page = seen.translation.page,
                                .outcome = seen.outcome,
                                .issued = seen.issued,
                                .done = seen.done,
                                .latency = seen.translation.latency});
    }
    void faulted(const hw::FaultedTranslation& seen) override { faults.push_back(seen); }
    [[nodiscard]] bool watches_translations() const override { return true; }

    static constexpr std::uint64_t never = ~std::uint64_t{0};

    std::vector<std::uint64_t> milestones;
    std::vector<Finished> translations;
    std::vector<hw::FaultedTranslation> faults;
    std::function<std::optional<std::uint64_t>(std::uint64_t)> on_milestone = [](std::uint64_t) {
        return std::optional{never};
    };
};

/// A core with two small chains, l1i and l1d above one walker; memory of 20 cycles, so that a walk
/// of three reads takes 61.
struct Core {
    Core(Simulation& simulation, Cycles hit_latency = Cycles{1},
         const hw::CpuParameters& parameters = {})
        : memory("memory", Cycles{20}, simulation.clock()),
          tables(memory.image(), hw::PagingMode::sv39, core_root),
          supervisor(simulation.clock()),
          core("core", parameters, 1, simulation.clock(), supervisor, observer),
          l1i("l1i", {.hit_latency_cycles = hit_latency}, {}, 1, simulation.clock()),
          l1d("l1d", {.hit_latency_cycles = hit_latency}, {}, 2, simulation.clock()),
          walker("walker", {}, {}, {}, 1, simulation.clock()) {
        core.fetch_initiator.bind(l1i.upstream_target);
        core.data_initiator.bind(l1d.upstream_target);
        l1i.downstream_initiator.bind(walker.upstream_target);
        l1d.downstream_initiator.bind(walker.upstream_target);
        walker.memory_initiator.bind(memory.upstream_target);
    }

    [[nodiscard]] std::vector<std::uint64_t> issue_cycles() const {
        std::vector<std::uint64_t> cycles;
        for (const RecordingObserver::Finished& translation : observer.translations) {
            cycles.push_back(translation.issued.value);
        }
        return cycles;
    }

    [[nodiscard]] std::vector<std::uint64_t> done_cycles() const {
        std::vector<std::uint64_t> cycles;
        for (const RecordingObserver::Finished& translation : observer.translations) {
            cycles.push_back(translation.done.value);
        }
        return cycles;
    }

    FixedLatencyMemory memory;
    PageTableImage tables;
    ScriptedSupervisor supervisor;
    RecordingObserver observer;
    hw::AddressGeneratorModule core;
    hw::TlbModule l1i;
    hw::TlbModule l1d;
    hw::WalkerModule walker;
};

}  // namespace mmusim::tests
