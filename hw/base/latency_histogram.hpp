// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace mmusim::hw {

/// How many translations took how long, to the cycle.
class LatencyHistogram {
  public:
    /// The translations that took from `low` to `high` cycles, both included.
    struct Bucket {
        Cycles low;
        Cycles high;
        std::uint64_t count = 0;

        bool operator==(const Bucket&) const = default;
    };

    void record(Cycles latency) {
        if (latency.value < dense_.size()) {
            ++dense_[latency.value];
        } else {
            ++sparse_[latency.value];
        }
    }

    LatencyHistogram& operator+=(const LatencyHistogram& other);

    [[nodiscard]] std::uint64_t count() const;
    [[nodiscard]] Cycles total() const;
    [[nodiscard]] Cycles maximum() const;

    /// The smallest latency with at least ceil(count * thousandths / 1000) translations at or below
    /// it; 0 where there are none.
    [[nodiscard]] Cycles percentile(std::uint64_t thousandths) const;

    /// Buckets that double in width: [0, 0] [1, 1] [2, 3] [4, 7] …; empty ones are left out.
    [[nodiscard]] std::vector<Bucket> buckets() const;

  private:
    template <typename Visitor>
    void for_each_latency(Visitor&& visit) const;

    static constexpr std::size_t dense_latencies = 4096;

    std::vector<std::uint64_t> dense_ = std::vector<std::uint64_t>(dense_latencies);
    std::map<std::uint64_t, std::uint64_t> sparse_;
};

}  // namespace mmusim::hw
