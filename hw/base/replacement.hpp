// SPDX-License-Identifier: Apache-2.0
// Replacement policies, shared by every set-associative structure.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/random.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mmusim::hw {

enum class Replacement : std::uint8_t {
    lru,     ///< the way whose last use (hit or fill) is longest ago
    fifo,    ///< the way whose fill is longest ago
    random,  ///< any way, by the generator of the configuration's seed
};

[[nodiscard]] constexpr auto enumerator_names(Replacement) {
    return std::array<std::string_view, 3>{"lru", "fifo", "random"};
}

/// Which way of a full set gives way. It knows nothing of what the ways hold.
class ReplacementState {
  public:
    ReplacementState(Replacement policy, std::size_t sets, std::size_t ways, std::uint64_t seed);

    /// The way was found by a lookup.
    void used(std::size_t set, std::size_t way) {
        if (policy_ == Replacement::lru) {
            stamp(set, way);
        }
    }

    /// The way was filled.
    void filled(std::size_t set, std::size_t way) { stamp(set, way); }

    /// The way of a full set that the next fill takes.
    [[nodiscard]] std::size_t victim(std::size_t set);

  private:
    void stamp(std::size_t set, std::size_t way) { stamps_[set * ways_ + way] = ++time_; }

    Replacement policy_;
    std::size_t ways_;
    std::vector<std::uint64_t> stamps_;
    std::uint64_t time_ = 0;
    Random random_;
};

}  // namespace mmusim::hw
