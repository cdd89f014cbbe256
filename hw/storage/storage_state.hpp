// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::hw {

/// What a storage device has under way, for the waves.
enum class StorageState : std::uint8_t {
    idle,
    read,            ///< requests that read
    write,           ///< requests that write
    read_and_write,  ///< both
};

[[nodiscard]] constexpr auto enumerator_names(StorageState) {
    return std::array<std::string_view, 4>{"idle", "read", "write", "read_and_write"};
}

}  // namespace mmusim::hw
