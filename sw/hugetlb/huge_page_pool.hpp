// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace mmusim::sw {

/// The explicit huge pages of one size: frames that are kept apart from the start, for mappings
/// that ask for them. A mapping is promised its pages when it is made, and takes them when they are
/// touched (Linux's Documentation/mm/hugetlbfs_reserv.rst).
class HugePagePool {
  public:
    HugePagePool() = default;
    /// By their first frames.
    explicit HugePagePool(const std::vector<PhysicalPageNumber>& pages)
        : free_(pages.begin(), pages.end()), total_(pages.size()) {}

    [[nodiscard]] std::uint64_t total() const { return total_; }
    /// In nobody's use.
    [[nodiscard]] std::uint64_t free() const { return free_.size(); }
    /// Of the free ones, those that are promised.
    [[nodiscard]] std::uint64_t promised() const { return promised_; }

    /// Promises so many pages; false, and nothing changes, if not as many are free and unpromised.
    [[nodiscard]] bool promise(std::uint64_t pages);
    /// Nobody wants so many of the promised pages any more.
    void forgo(std::uint64_t pages);

    /// The lowest free page, for somebody to whom one is promised.
    [[nodiscard]] PhysicalPageNumber take_promised();
    /// The lowest, for somebody to whom none is; none if all that are free are promised.
    [[nodiscard]] std::optional<PhysicalPageNumber> take();
    void give_back(PhysicalPageNumber page) { free_.insert(page); }

  private:
    std::set<PhysicalPageNumber> free_;
    std::uint64_t total_ = 0;
    std::uint64_t promised_ = 0;
};

}  // namespace mmusim::sw
