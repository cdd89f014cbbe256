// SPDX-License-Identifier: Apache-2.0
#include "sw/backing/swap_area.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

namespace mmusim::sw {

std::optional<SwapSlot> SwapArea::take() {
    if (taken() == slots_) {
        return std::nullopt;
    }
    std::uint64_t slot = ever_taken_;
    if (given_back_.empty()) {
        ++ever_taken_;
    } else {
        slot = *given_back_.begin();
        given_back_.erase(given_back_.begin());
    }
    owners_[slot] = 1;
    return SwapSlot{slot};
}

void SwapArea::add_owner(SwapSlot slot) {
    const auto found = owners_.find(slot.value);
    if (found == owners_.end()) {
        throw ModelError(fmt::format("swap slot {} is shared, and nobody's", slot.value));
    }
    ++found->second;
}

void SwapArea::remove_owner(SwapSlot slot) {
    const auto found = owners_.find(slot.value);
    if (found == owners_.end()) {
        throw ModelError(fmt::format("swap slot {} is given back, and nobody's", slot.value));
    }
    if (--found->second == 0) {
        owners_.erase(found);
        given_back_.insert(slot.value);
    }
}

std::uint64_t SwapArea::owners(SwapSlot slot) const {
    const auto found = owners_.find(slot.value);
    return found == owners_.end() ? 0 : found->second;
}

}  // namespace mmusim::sw
