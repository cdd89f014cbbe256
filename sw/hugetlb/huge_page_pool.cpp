// SPDX-License-Identifier: Apache-2.0
#include "sw/hugetlb/huge_page_pool.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

namespace mmusim::sw {

bool HugePagePool::promise(std::uint64_t pages) {
    if (free_.size() - promised_ < pages) {
        return false;
    }
    promised_ += pages;
    return true;
}

void HugePagePool::forgo(std::uint64_t pages) {
    if (promised_ < pages) {
        throw ModelError(
            fmt::format("{} huge pages are forgone, and only {} were promised", pages, promised_));
    }
    promised_ -= pages;
}

PhysicalPageNumber HugePagePool::take_promised() {
    forgo(1);
    return free_.extract(free_.begin()).value();
}

std::optional<PhysicalPageNumber> HugePagePool::take() {
    if (free_.size() == promised_) {
        return std::nullopt;
    }
    return free_.extract(free_.begin()).value();
}

}  // namespace mmusim::sw
