// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/types.hpp"

#include <array>
#include <cstdint>
#include <numeric>
#include <string_view>

namespace mmusim {

/// Where a cycle of a translation's latency goes. Every cycle belongs to exactly one stage.
enum class Stage : std::uint8_t {
    first_tlb_lookup,
    lower_tlb_lookup,
    tlb_wait,
    merge_wait,
    walker_wait,
    walk_cache,
    walk_overhead,
    pte_read,
    pte_read_wait,
    ad_update,
    ad_update_wait,
    data_access,
    data_access_wait,
    trap_wait,
    fault_entry,
    fault_lookup,
    fault_allocate,
    fault_reclaim,
    fault_clear,
    fault_copy,
    fault_page_table,
    fault_fence,
    storage_wait,
    storage,
    run_queue_wait,
    fault_return,
};

[[nodiscard]] constexpr auto enumerator_names(Stage) {
    return std::array<std::string_view, 26>{
        "first_tlb_lookup", "lower_tlb_lookup", "tlb_wait",       "merge_wait",
        "walker_wait",      "walk_cache",       "walk_overhead",  "pte_read",
        "pte_read_wait",    "ad_update",        "ad_update_wait", "data_access",
        "data_access_wait", "trap_wait",        "fault_entry",    "fault_lookup",
        "fault_allocate",   "fault_reclaim",    "fault_clear",    "fault_copy",
        "fault_page_table", "fault_fence",      "storage_wait",   "storage",
        "run_queue_wait",   "fault_return"};
}

/// What each stage holds, for the statistics page.
struct StageDescriptions {
    static constexpr std::array<std::string_view, enumerator_count<Stage>> texts{
        "lookups of the first TLB, which every translation pays",
        "lookups of the TLBs below the first",
        "waiting for a TLB: for a port, or for a free miss register",
        "waiting for a miss of the same page that was under way already",
        "waiting for a free walker",
        "lookups of the walk cache",
        "the walker's fixed costs: start, steps, finish",
        "page-table entries read by the walker: the memory's own latency",
        "page-table entries read by the walker: waiting in the memory controller",
        "accessed and dirty bits written by the walker: the memory's own latency",
        "accessed and dirty bits written by the walker: waiting in the memory controller",
        "the read, write or fetch itself, once it is translated: the own latency of caches and "
        "memory",
        "the read, write or fetch itself: waiting in caches and in the memory controller",
        "page fault: waiting for the other accesses under way, before the trap is taken",
        "page fault: from the trap to the first instruction of the handler's work",
        "page fault: finding the region that holds the address",
        "page fault: allocating frames",
        "page fault: choosing pages that leave memory, and unmapping them",
        "page fault: clearing frames",
        "page fault: copying frames",
        "page fault: reading and writing page tables",
        "page fault: fencing the TLBs",
        "page fault: waiting for the storage device: for a place in its queue, for its channel, "
        "and for what others have asked it for",
        "page fault: the storage device's own time",
        "page fault: what it waited for is there, and the process waits for its turn",
        "page fault: returning to the program",
    };
};

/// The cycles that one translation, or many, spent in each stage.
struct LatencyRecord {
    PerEnumerator<Stage, Cycles> stages;

    [[nodiscard]] constexpr Cycles total() const {
        return std::accumulate(stages.values.begin(), stages.values.end(), Cycles{});
    }

    constexpr void add(Stage stage, Cycles spent) { stages[stage] += spent; }

    constexpr LatencyRecord& operator+=(const LatencyRecord& other) {
        for (std::size_t stage = 0; stage < stages.values.size(); ++stage) {
            stages.values[stage] += other.stages.values[stage];
        }
        return *this;
    }
};

}  // namespace mmusim
