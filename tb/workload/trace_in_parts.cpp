// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/trace_in_parts.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mmusim::tb {

TraceInParts::TraceInParts(std::string path, std::unique_ptr<AccessSource> trace)
    : path_(std::move(path)), trace_(std::move(trace)) {}

std::span<const Access> TraceInParts::next_batch(std::uint64_t most) {
    if (left_.empty()) {
        left_ = trace_->next_batch();
    }
    if (left_.empty()) {
        throw InputError(
            fmt::format("{}: has no more accesses, expected at least {} more", path_, most));
    }
    const std::span<const Access> batch = left_.first(std::min<std::uint64_t>(most, left_.size()));
    left_ = left_.subspan(batch.size());
    return batch;
}

std::span<const Access> TracePart::next_batch() {
    if (left_ == 0) {
        return {};
    }
    const std::span<const Access> batch = trace_.next_batch(left_);
    left_ -= batch.size();
    return batch;
}

void TracePart::skip_rest() {
    while (!next_batch().empty()) {
    }
}

}  // namespace mmusim::tb
