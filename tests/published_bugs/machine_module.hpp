// SPDX-License-Identifier: Apache-2.0
// Many small machines in one simulation: a machine for each point of a sweep.
#pragma once

#include "hw/base/fence.hpp"
#include "hw/tlb/tlb_module.hpp"
#include "hw/walker/walker_module.hpp"
#include "tests/support/page_table_image.hpp"
#include "tests/support/simulation.hpp"
#include "tests/support/test_memories.hpp"
#include "tests/support/translation_requester.hpp"

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mmusim::tests {

struct MachineParameters {
    unsigned requesters = 1;
    bool one_first_tlb = false;  ///< that all requesters share; otherwise each has one of its own
    hw::PagingParameters paging{};
    hw::TlbParameters first{.sets = 4, .ways = 4, .hit_latency_cycles = {1}};
    hw::TlbParameters second{.sets = 8, .ways = 4, .hit_latency_cycles = {3}, .mshrs = 4};
    hw::WalkerParameters walker{
        .count = 1, .start_cycles = {1}, .step_cycles = {1}, .finish_cycles = {2}};
    hw::WalkCacheParameters walk_cache{};
};

/// The latency of the memory, where it is fixed.
inline constexpr Cycles machine_memory_latency{3};

/// In the machine above: both lookups, start, three times step and read, finish.
inline constexpr Cycles machine_walk_duration{1 + 3 + 1 + 3 * (1 + 3) + 2};

/// Requesters, first TLBs, a second one, walkers, and a memory of its own. Its parts bear its name.
template <typename Memory = FixedLatencyMemory>
class Machine final : public sc_core::sc_module {
  public:
    static constexpr PhysicalPageNumber root{0x8'0100};

    /// `arguments` are those of the memory between its name and its clock.
    template <typename... Arguments>
    Machine(const sc_core::sc_module_name& name, const MachineParameters& parameters,
            Simulation& simulation, Arguments&&... arguments)
        : sc_module(name),
          memory("memory", std::forward<Arguments>(arguments)..., simulation.clock()),
          tables(memory.image(), parameters.paging.mode, root),
          walker("walker", parameters.walker, parameters.walk_cache, parameters.paging, 1,
                 simulation.clock()),
          second("second", parameters.second, parameters.paging, 2, simulation.clock()) {
        walker.memory_initiator.bind(memory.upstream_target);
        second.downstream_initiator.bind(walker.upstream_target);
        const unsigned first_count = parameters.one_first_tlb ? 1 : parameters.requesters;
        for (unsigned number = 0; number < first_count; ++number) {
            add_first(number, parameters, simulation.clock());
        }
        for (unsigned number = 0; number < parameters.requesters; ++number) {
            add_requester(number, simulation.clock());
        }
    }

    [[nodiscard]] TranslationRequester& requester(std::size_t number = 0) {
        return *requesters_[number];
    }
    [[nodiscard]] hw::TlbModule& first(std::size_t number = 0) { return *firsts_[number]; }
    [[nodiscard]] std::size_t first_count() const { return firsts_.size(); }

    [[nodiscard]] const TranslationRequester::Answer& answer(std::size_t requester_number,
                                                             std::size_t number) const {
        return requesters_[requester_number]->answers().at(number);
    }

    /// In the present cycle, everywhere.
    void fence(const Fence& fence) {
        for (const std::unique_ptr<hw::TlbModule>& first : firsts_) {
            first->fence(fence);
        }
        second.fence(fence);
        walker.fence(fence);
    }

    /// What all TLBs hold, the first ones before the second.
    [[nodiscard]] std::vector<hw::TlbArray::Entry> entries() const {
        std::vector<hw::TlbArray::Entry> result;
        for (const std::unique_ptr<hw::TlbModule>& first : firsts_) {
            const std::vector<hw::TlbArray::Entry> held = first->array().entries();
            result.insert(result.end(), held.begin(), held.end());
        }
        const std::vector<hw::TlbArray::Entry> held = second.array().entries();
        result.insert(result.end(), held.begin(), held.end());
        return result;
    }

    /// Whether any TLB holds a page with this frame.
    [[nodiscard]] bool holds_frame(PhysicalPageNumber frame) const {
        for (const hw::TlbArray::Entry& entry : entries()) {
            if (entry.page.physical_page == frame) {
                return true;
            }
        }
        return false;
    }

    Memory memory;
    PageTableImage tables;
    hw::WalkerModule walker;
    hw::TlbModule second;

  private:
    void add_first(unsigned number, const MachineParameters& parameters, hw::ClockModule& clock) {
        const std::string name = fmt::format("first{}", number);
        firsts_.push_back(std::make_unique<hw::TlbModule>(name.c_str(), parameters.first,
                                                          parameters.paging, 3 + number, clock));
        firsts_.back()->downstream_initiator.bind(second.upstream_target);
        firsts_.back()->set_lower_level(second);
    }

    void add_requester(unsigned number, hw::ClockModule& clock) {
        const std::string name = fmt::format("requester{}", number);
        requesters_.push_back(std::make_unique<TranslationRequester>(name.c_str(), root, clock));
        requesters_.back()->initiator.bind(firsts_[number % firsts_.size()]->upstream_target);
    }

    std::vector<std::unique_ptr<hw::TlbModule>> firsts_;
    std::vector<std::unique_ptr<TranslationRequester>> requesters_;
};

/// A simulation of machines that stand side by side.
template <typename Memory = FixedLatencyMemory>
class Machines {
  public:
    template <typename... Arguments>
    Machine<Memory>& add(const MachineParameters& parameters, Arguments&&... arguments) {
        const std::string name = fmt::format("machine{}", machines_.size());
        machines_.push_back(std::make_unique<Machine<Memory>>(
            name.c_str(), parameters, simulation_, std::forward<Arguments>(arguments)...));
        return *machines_.back();
    }

    /// Has `what` done where the operating system writes page tables and fences.
    void at(Cycles when, std::function<void()> what) {
        simulation_.at(when, hw::CyclePhase::software, std::move(what));
    }

    [[nodiscard]] Simulation& simulation() { return simulation_; }
    void run() { simulation_.run(); }

  private:
    Simulation simulation_;
    std::vector<std::unique_ptr<Machine<Memory>>> machines_;
};

}  // namespace mmusim::tests
