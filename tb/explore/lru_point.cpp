// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/lru_point.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <limits>

namespace mmusim::tb {

namespace {

constexpr std::uint64_t no_page = std::numeric_limits<std::uint64_t>::max();

}  // namespace

ClassifiedMisses& ClassifiedMisses::operator+=(const ClassifiedMisses& other) {
    lookups += other.lookups;
    compulsory += other.compulsory;
    capacity += other.capacity;
    conflict += other.conflict;
    return *this;
}

LruPoint::LruPoint(TlbShape shape) : shape_(shape), keys_(shape.entries(), no_page) {}

void LruPoint::look_up(ProcessPage page, std::optional<std::uint64_t> distance) {
    if (by_process_.size() <= page.process) {
        by_process_.resize(std::size_t{page.process} + 1);
    }
    ClassifiedMisses& counts = by_process_[page.process];
    ++counts.lookups;
    if (find_and_use(page)) {
        return;
    }
    if (!distance) {
        ++counts.compulsory;
    } else if (*distance >= shape_.entries()) {
        ++counts.capacity;
    } else {
        ++counts.conflict;
    }
}

bool LruPoint::find_and_use(ProcessPage page) {
    const auto first =
        keys_.begin() + static_cast<std::ptrdiff_t>(page.number % shape_.sets * shape_.ways);
    const auto end = first + static_cast<std::ptrdiff_t>(shape_.ways);
    const auto place = std::find(first, end, page.key());
    const bool found = place != end;
    const auto last = found ? place : std::prev(end);
    std::move_backward(first, last, std::next(last));
    *first = page.key();
    return found;
}

}  // namespace mmusim::tb
