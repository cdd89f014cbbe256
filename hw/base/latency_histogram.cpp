// SPDX-License-Identifier: Apache-2.0
#include "hw/base/latency_histogram.hpp"

#include <bit>

namespace mmusim::hw {

template <typename Visitor>
void LatencyHistogram::for_each_latency(Visitor&& visit) const {
    for (std::size_t latency = 0; latency < dense_.size(); ++latency) {
        if (dense_[latency] != 0) {
            visit(std::uint64_t{latency}, dense_[latency]);
        }
    }
    for (const auto& [latency, count] : sparse_) {
        visit(latency, count);
    }
}

LatencyHistogram& LatencyHistogram::operator+=(const LatencyHistogram& other) {
    for (std::size_t latency = 0; latency < dense_.size(); ++latency) {
        dense_[latency] += other.dense_[latency];
    }
    for (const auto& [latency, count] : other.sparse_) {
        sparse_[latency] += count;
    }
    return *this;
}

std::uint64_t LatencyHistogram::count() const {
    std::uint64_t sum = 0;
    for_each_latency([&](std::uint64_t, std::uint64_t count) { sum += count; });
    return sum;
}

Cycles LatencyHistogram::total() const {
    Cycles sum;
    for_each_latency(
        [&](std::uint64_t latency, std::uint64_t count) { sum += Cycles{latency} * count; });
    return sum;
}

Cycles LatencyHistogram::maximum() const {
    Cycles largest;
    for_each_latency([&](std::uint64_t latency, std::uint64_t) { largest = Cycles{latency}; });
    return largest;
}

Cycles LatencyHistogram::percentile(std::uint64_t thousandths) const {
    // Whole and remaining thousands apart, so that no count is too large to multiply.
    const std::uint64_t all = count();
    const std::uint64_t wanted = all / 1000 * thousandths + (all % 1000 * thousandths + 999) / 1000;
    std::uint64_t seen = 0;
    Cycles answer;
    for_each_latency([&](std::uint64_t latency, std::uint64_t count) {
        if (seen < wanted) {
            answer = Cycles{latency};
        }
        seen += count;
    });
    return answer;
}

std::vector<LatencyHistogram::Bucket> LatencyHistogram::buckets() const {
    std::vector<Bucket> result;
    for_each_latency([&](std::uint64_t latency, std::uint64_t count) {
        const std::uint64_t low = std::bit_floor(latency);
        const std::uint64_t high = low == 0 ? 0 : low + (low - 1);
        if (result.empty() || result.back().low != Cycles{low}) {
            result.push_back({.low = {low}, .high = {high}});
        }
        result.back().count += count;
    });
    return result;
}

}  // namespace mmusim::hw
