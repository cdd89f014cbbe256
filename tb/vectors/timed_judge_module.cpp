// SPDX-License-Identifier: Apache-2.0
#include "tb/vectors/timed_judge_module.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mmusim::tb {

TimedJudge::TimedJudge(hw::PagingMode mode) : machine_("walk_machine", mode) {
    // Elaborates: the memory can be reached only then.
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
}

void TimedJudge::begin_image() {
    for (const PhysicalPageNumber frame : frames_) {
        machine_.clear(frame);
    }
    frames_.clear();
}

void TimedJudge::write(const ImageWord& word) {
    // A word need not be aligned, and memory's own writes do not cross a multiple of 8.
    for (unsigned byte = 0; byte < 8; ++byte) {
        machine_.write(word.address + byte, word.value >> 8 * byte, 1);
    }
    frames_.insert(page_number_of(word.address));
    frames_.insert(page_number_of(word.address + 7));
}

WalkAnswer TimedJudge::translate(const hw::TranslationRequest& request) {
    WalkAnswer answer = access(request);
    restore();
    return answer;
}

WalkAnswer TimedJudge::access(const hw::TranslationRequest& request) {
    machine_.begin(request);
    sc_core::sc_start();
    machine_.clock().rethrow_failure();
    std::optional<WalkAnswer> answer = machine_.answer();
    if (!answer) {
        throw ModelError(fmt::format("the translation of {} is never done", request.address));
    }
    writes_.insert(writes_.end(), answer->writes.begin(), answer->writes.end());
    return *std::move(answer);
}

void TimedJudge::restore() {
    std::for_each(writes_.rbegin(), writes_.rend(), [this](const EntryWrite& write) {
        machine_.write(write.address, write.before, write.bytes);
    });
    writes_.clear();
    machine_.fence();
}

}  // namespace mmusim::tb
