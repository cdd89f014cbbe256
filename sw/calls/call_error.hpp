// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace mmusim::sw {

/// Why a system call did not do what it was asked for. It has changed nothing then. The names are
/// those of errno(3).
enum class CallError : std::uint8_t { eacces, efault, einval, eio, enoent, enomem, esrch };

[[nodiscard]] constexpr auto enumerator_names(CallError) {
    return std::array<std::string_view, 7>{"EACCES", "EFAULT", "EINVAL", "EIO",
                                           "ENOENT", "ENOMEM", "ESRCH"};
}

}  // namespace mmusim::sw
