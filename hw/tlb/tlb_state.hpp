// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::hw {

/// What a TLB is doing, for the waves.
enum class TlbState : std::uint8_t { idle, hit, denied, lookup, miss, dirty_update };

[[nodiscard]] constexpr auto enumerator_names(TlbState) {
    return std::array<std::string_view, 6>{"idle",   "hit",  "denied",
                                           "lookup", "miss", "dirty_update"};
}

}  // namespace mmusim::hw
