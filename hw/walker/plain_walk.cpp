// SPDX-License-Identifier: Apache-2.0
#include "hw/walker/plain_walk.hpp"

#include <variant>

namespace mmusim::hw {

PlainWalk walk_plainly(const PagingParameters& paging, const TranslationRequest& request,
                       PhysicalMemory& memory) {
    const unsigned bytes = format_of(paging.mode).entry_bytes;
    PlainWalk result;
    PageWalk walk(paging, request);
    WalkStep step = walk.start();
    while (true) {
        if (const auto* read = std::get_if<ReadEntry>(&step)) {
            result.reads.push_back(*read);
            step = memory.contains(read->address, bytes)
                       ? walk.entry_read({memory.read(read->address, bytes)})
                       : walk.memory_failed();
        } else if (const auto* update = std::get_if<UpdateEntry>(&step)) {
            // Nobody else is at work, so memory still holds what the walk has just read.
            memory.write(update->address, update->desired.raw, bytes);
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

}  // namespace mmusim::hw
