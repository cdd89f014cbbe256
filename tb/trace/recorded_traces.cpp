// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/recorded_traces.hpp"

#include "tb/trace/trace_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

namespace mmusim::tb {

namespace {

class RecordedAccesses final : public AccessSource {
  public:
    explicit RecordedAccesses(std::span<const Access> accesses) : left_(accesses) {}

    [[nodiscard]] std::span<const Access> next_batch() override {
        const std::size_t count = std::min(left_.size(), TraceReader::batch_capacity);
        const std::span<const Access> batch = left_.first(count);
        left_ = left_.subspan(count);
        return batch;
    }

  private:
    std::span<const Access> left_;
};

[[nodiscard]] std::uint64_t last_byte(const Access& access) {
    return access.address.value + (access.size_bytes - 1);
}

}  // namespace

void RecordedTraces::record(const std::string& trace, std::optional<TraceFormat> format,
                            std::uint64_t limit) {
    if (holds(trace)) {
        return;
    }
    // Which user half counts is known only when it runs.
    const std::unique_ptr<AccessSource> source = open_trace(trace, format, UserHalf());
    Recording recording;
    // More than the limit: a run that ends there must not find the trace ended.
    const auto is_enough = [&] { return limit != 0 && recording.accesses.size() > limit; };
    while (!is_enough()) {
        const std::span<const Access> batch = source->next_batch();
        if (batch.empty()) {
            break;
        }
        if (recording.accesses.size() + batch.size() > left_) {
            return;
        }
        recording.accesses.insert(recording.accesses.end(), batch.begin(), batch.end());
    }
    recording.highest = *std::max_element(
        recording.accesses.begin(), recording.accesses.end(),
        [](const Access& one, const Access& other) { return last_byte(one) < last_byte(other); });
    left_ -= recording.accesses.size();
    traces_.emplace(trace, std::move(recording));
}

std::unique_ptr<AccessSource> RecordedTraces::open(const std::string& trace,
                                                   UserHalf user_half) const {
    const auto recording = traces_.find(trace);
    if (recording == traces_.end()) {
        return nullptr;
    }
    const Access& highest = recording->second.highest;
    if (!user_half.holds(highest.address, highest.size_bytes)) {
        return nullptr;
    }
    return std::make_unique<RecordedAccesses>(recording->second.accesses);
}

}  // namespace mmusim::tb
