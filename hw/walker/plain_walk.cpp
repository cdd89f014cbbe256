// SPDX-License-Identifier: Apache-2.0
#include "hw/walker/plain_walk.hpp"

#include <variant>

namespace mmusim::hw {

PlainWalk walk_plainly(const PagingParameters& paging, const TranslationRequest& request,
                       const EntryAccess& entries) {
    PlainWalk result;
    PageWalk walk(paging, request);
    WalkStep step = walk.start();
    while (true) {
        if (const auto* read = std::get_if<ReadEntry>(&step)) {
            result.reads.push_back(*read);
            const std::optional<PageTableEntry> entry = entries.read(read->address);
            step = entry ? walk.entry_read(*entry) : walk.memory_failed();
        } else if (const auto* update = std::get_if<UpdateEntry>(&step)) {
            // Nobody else is at work, so memory still holds what the walk has just read.
            entries.write(update->address, update->desired);
            result.updates.push_back(*update);
            step = walk.entry_updated(true);
        } else if (const auto* walked = std::get_if<Walked>(&step)) {
            result.walked = *walked;
            return result;
        } else {
            result.fault = std::get<WalkFault>(step);
            return result;
        }
    }
}

PlainWalk walk_plainly(const PagingParameters& paging, const TranslationRequest& request,
                       PhysicalMemory& memory) {
    const unsigned bytes = format_of(paging.mode).entry_bytes;
    const auto read = [&memory, bytes](PhysicalAddress address) {
        return memory.contains(address, bytes)
                   ? std::optional(PageTableEntry{memory.read(address, bytes)})
                   : std::nullopt;
    };
    const auto write = [&memory, bytes](PhysicalAddress address, PageTableEntry entry) {
        memory.write(address, entry.raw, bytes);
    };
    return walk_plainly(paging, request, EntryAccess{.read = read, .write = write});
}

}  // namespace mmusim::hw
