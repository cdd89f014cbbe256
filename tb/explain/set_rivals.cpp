// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/set_rivals.hpp"

namespace mmusim::tb {

SetRivals::SetRivals(const std::vector<std::size_t>& sets) {
    for (const std::size_t set : sets) {
        sets_.try_emplace(set);
    }
}

void SetRivals::entered(std::size_t set, const HeldPage& page) {
    const auto found = sets_.find(set);
    if (found != sets_.end()) {
        found->second.ever.insert(page);
        found->second.now.insert(page);
    }
}

void SetRivals::left(const HeldPage& page) {
    for (auto& [set, pages] : sets_) {
        pages.now.erase(page);
    }
}

void SetRivals::begin_again() {
    for (auto& [set, pages] : sets_) {
        pages.ever = pages.now;
    }
}

std::uint64_t SetRivals::pages_in(std::size_t set) const {
    const auto found = sets_.find(set);
    return found == sets_.end() ? 0 : found->second.ever.size();
}

}  // namespace mmusim::tb
