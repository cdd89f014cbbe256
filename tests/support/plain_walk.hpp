// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/memory/physical_memory.hpp"
#include "hw/paging/page_walk.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace mmusim::tests {

/// A walk without time: what it read and wrote, and how it ended.
struct PlainWalk {
    std::vector<hw::ReadEntry> reads;
    std::vector<hw::UpdateEntry> updates;
    std::optional<hw::Walked> walked;
    std::optional<hw::WalkFault> fault;
};

/// Walks through the tables in memory.
[[nodiscard]] inline PlainWalk walk_plainly(const hw::PagingParameters& paging,
                                            const hw::TranslationRequest& request,
                                            hw::PhysicalMemory& memory) {
    const unsigned bytes = hw::format_of(paging.mode).entry_bytes;
    PlainWalk result;
    hw::PageWalk walk(paging, request);
    hw::WalkStep step = walk.start();
    while (true) {
        if (const auto* read = std::get_if<hw::ReadEntry>(&step)) {
            result.reads.push_back(*read);
            step = memory.contains(read->address, bytes)
                       ? walk.entry_read({memory.read(read->address, bytes)})
                       : walk.memory_failed();
        } else if (const auto* update = std::get_if<hw::UpdateEntry>(&step)) {
            result.updates.push_back(*update);
            const bool unchanged = memory.read(update->address, bytes) == update->expected.raw;
            if (unchanged) {
                memory.write(update->address, update->desired.raw, bytes);
            }
            step = walk.entry_updated(unchanged);
        } else if (const auto* walked = std::get_if<hw::Walked>(&step)) {
            result.walked = *walked;
            return result;
        } else {
            result.fault = std::get<hw::WalkFault>(step);
            return result;
        }
    }
}

}  // namespace mmusim::tests
