// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::hw {

/// What a part is busy with, or nothing: the enumeration with "idle" in front of it, for the waves.
template <NamedEnumeration Enumeration>
class Activity {
  public:
    /// The name of each value that is stored, from 0.
    static constexpr auto names = [] {
        std::array<std::string_view, 1 + enumerator_count<Enumeration>> all{"idle"};
        std::copy(names_of<Enumeration>.begin(), names_of<Enumeration>.end(), all.begin() + 1);
        return all;
    }();

    constexpr void begin(Enumeration what) {
        stored_ = static_cast<std::uint8_t>(1 + static_cast<unsigned>(what));
    }
    constexpr void end() { stored_ = 0; }

    /// The variable that a wave file looks at.
    [[nodiscard]] constexpr const std::uint8_t& stored() const { return stored_; }

  private:
    std::uint8_t stored_ = 0;
};

}  // namespace mmusim::hw
