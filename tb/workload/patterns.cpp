// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/patterns.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::vector<std::uint32_t> numbers_up_to(std::uint64_t count) {
    std::vector<std::uint32_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), std::uint32_t{0});
    return numbers;
}

// Fisher and Yates: every order is equally likely.
[[nodiscard]] std::vector<std::uint32_t> random_order(std::uint64_t count, Random& random) {
    std::vector<std::uint32_t> order = numbers_up_to(count);
    for (std::size_t last = order.size(); last > 1; --last) {
        std::swap(order[last - 1], order[random.below(last)]);
    }
    return order;
}

// Sattolo: every cycle through all elements is equally likely. The only difference is that no
// element may stay where it is.
[[nodiscard]] std::vector<std::uint32_t> random_cycle(std::uint64_t count, Random& random) {
    std::vector<std::uint32_t> successors = numbers_up_to(count);
    for (std::size_t last = successors.size(); last > 1; --last) {
        std::swap(successors[last - 1], successors[random.below(last - 1)]);
    }
    return successors;
}

// The weight of rank k is 2^40 / k, rounded down: 2^24 pages, the most there may be, stay far
// below 2^64 together.
[[nodiscard]] std::vector<std::uint64_t> cumulative_zipf_weights(std::uint64_t ranks) {
    constexpr std::uint64_t first_weight = std::uint64_t{1} << 40U;
    std::vector<std::uint64_t> cumulative;
    cumulative.reserve(ranks);
    std::uint64_t sum = 0;
    for (std::uint64_t rank = 1; rank <= ranks; ++rank) {
        sum += first_weight / rank;
        cumulative.push_back(sum);
    }
    return cumulative;
}

[[nodiscard]] Access word_at(VirtualAddress address, AccessType type) {
    return {.address = address, .size_bytes = access_bytes, .type = type};
}

}  // namespace

StridePattern::StridePattern(const GeneratorParameters& parameters, std::uint64_t stride_bytes)
    : base_{parameters.at},
      last_offset_(parameters.footprint - access_bytes),
      stride_(stride_bytes),
      mix_(parameters),
      random_(parameters.seed) {}

Access StridePattern::next() {
    const VirtualAddress address = base_ + offset_;
    offset_ += stride_;
    if (offset_ > last_offset_) {
        offset_ = 0;
    }
    return word_at(address, mix_.next(random_));
}

RandomPattern::RandomPattern(const GeneratorParameters& parameters)
    : base_{parameters.at},
      words_(parameters.footprint / access_bytes),
      mix_(parameters),
      random_(parameters.seed) {}

Access RandomPattern::next() {
    const VirtualAddress address = base_ + random_.below(words_) * access_bytes;
    return word_at(address, mix_.next(random_));
}

ChasePattern::ChasePattern(const GeneratorParameters& parameters)
    : base_{parameters.at}, node_bytes_(parameters.node) {
    Random random(parameters.seed);
    successors_ = random_cycle(parameters.footprint / parameters.node, random);
}

Access ChasePattern::next() {
    const VirtualAddress address = base_ + node_ * node_bytes_;
    node_ = successors_[node_];
    return word_at(address, AccessType::read);
}

GupsPattern::GupsPattern(const GeneratorParameters& parameters)
    : base_{parameters.at}, words_(parameters.footprint / access_bytes), random_(parameters.seed) {}

Access GupsPattern::next() {
    if (std::exchange(write_is_next_, !write_is_next_)) {
        return word_at(word_, AccessType::write);
    }
    word_ = base_ + random_.below(words_) * access_bytes;
    return word_at(word_, AccessType::read);
}

ZipfPattern::ZipfPattern(const GeneratorParameters& parameters)
    : base_{parameters.at},
      mix_(parameters),
      random_(parameters.seed),
      pages_(random_order(parameters.footprint / page_bytes, random_)),
      cumulative_weights_(cumulative_zipf_weights(pages_.size())) {}

Access ZipfPattern::next() {
    const std::uint64_t drawn = random_.below(cumulative_weights_.back());
    const auto rank =
        std::upper_bound(cumulative_weights_.begin(), cumulative_weights_.end(), drawn) -
        cumulative_weights_.begin();
    const std::uint64_t page = pages_[static_cast<std::size_t>(rank)];
    const std::uint64_t word = random_.below(page_bytes / access_bytes);
    return word_at(base_ + page * page_bytes + word * access_bytes, mix_.next(random_));
}

}  // namespace mmusim::tb
