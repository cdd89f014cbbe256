// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::tb {

/// The processors whose programs can be recorded, by QEMU's names.
enum class GuestMachine : std::uint8_t { x86_64, riscv64 };

[[nodiscard]] constexpr auto enumerator_names(GuestMachine) {
    return std::array<std::string_view, 2>{"x86_64", "riscv64"};
}

}  // namespace mmusim::tb
