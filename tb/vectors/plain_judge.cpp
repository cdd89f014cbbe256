// SPDX-License-Identifier: Apache-2.0
#include "tb/vectors/plain_judge.hpp"

#include "hw/walker/plain_walk.hpp"

#include <algorithm>

namespace mmusim::tb {

void PlainJudge::begin_image() {
    memory_ = hw::PhysicalMemory(vector_memory_base, vector_memory_bytes);
}

void PlainJudge::write(const ImageWord& word) {
    // A word need not be aligned, and memory's own writes do not cross a multiple of 8.
    for (unsigned byte = 0; byte < 8; ++byte) {
        memory_.write(word.address + byte, word.value >> 8 * byte, 1);
    }
}

WalkAnswer PlainJudge::translate(const hw::TranslationRequest& request) {
    const hw::PlainWalk walk = hw::walk_plainly(paging_, request, memory_);
    WalkAnswer answer;
    for (const hw::UpdateEntry& update : walk.updates) {
        answer.writes.push_back({.address = update.address,
                                 .bytes = hw::format_of(paging_.mode).entry_bytes,
                                 .before = update.expected.raw,
                                 .after = update.desired.raw});
    }
    std::for_each(answer.writes.rbegin(), answer.writes.rend(), [this](const EntryWrite& write) {
        memory_.write(write.address, write.before, write.bytes);
    });
    if (walk.fault) {
        answer.outcome = walk.fault->cause;
    } else {
        answer.outcome = walk.walked->page.physical_address(request.address);
    }
    return answer;
}

}  // namespace mmusim::tb
