// SPDX-License-Identifier: Apache-2.0
#include "hw/cache/cache_array.hpp"

#include <algorithm>
#include <iterator>

namespace mmusim::hw {

CacheArray::CacheArray(const CacheParameters& parameters, std::uint64_t seed)
    : sets_(parameters.sets),
      ways_(parameters.ways),
      numbers_(sets_ * ways_, invalid_line),
      dirty_(sets_ * ways_),
      replacement_(parameters.replacement, sets_, ways_, seed) {}

bool CacheArray::lookup(LineNumber line, LineUse use) {
    const std::size_t set = set_of(line);
    const std::size_t slot = find(set, line.value);
    if (slot == (set + 1) * ways_) {
        return false;
    }
    replacement_.used(set, slot % ways_);
    if (use == LineUse::writes) {
        dirty_[slot] = 1;
    }
    return true;
}

std::optional<CacheArray::Line> CacheArray::fill(LineNumber line, LineUse use) {
    const std::size_t set = set_of(line);
    std::size_t slot = find(set, invalid_line);
    std::optional<Line> evicted;
    if (slot == (set + 1) * ways_) {
        slot = set * ways_ + replacement_.victim(set);
        evicted = Line{.number = {numbers_[slot]}, .dirty = dirty_[slot] != 0};
    }
    numbers_[slot] = line.value;
    dirty_[slot] = use == LineUse::writes ? 1 : 0;
    replacement_.filled(set, slot % ways_);
    return evicted;
}

std::vector<CacheArray::Line> CacheArray::lines() const {
    std::vector<Line> result;
    for (std::size_t slot = 0; slot < numbers_.size(); ++slot) {
        if (numbers_[slot] != invalid_line) {
            result.push_back({.number = {numbers_[slot]}, .dirty = dirty_[slot] != 0});
        }
    }
    return result;
}

std::size_t CacheArray::find(std::size_t set, std::uint64_t number) const {
    const auto first = std::next(numbers_.begin(), static_cast<std::ptrdiff_t>(set * ways_));
    const auto last = std::next(first, static_cast<std::ptrdiff_t>(ways_));
    return static_cast<std::size_t>(
        std::distance(numbers_.begin(), std::find(first, last, number)));
}

}  // namespace mmusim::hw
