// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/paging/format.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace mmusim::tb {

/// The addresses that a program may use in one paging mode, or in none in particular: all.
class UserHalf {
  public:
    constexpr UserHalf() = default;
    explicit constexpr UserHalf(hw::PagingMode mode)
        : mode_(mode), end_(hw::format_of(mode).user_half_end().value) {}

    /// Whether the access lies inside with its last byte too. Its size is at most a page.
    [[nodiscard]] constexpr bool holds(VirtualAddress address, std::uint32_t size_bytes) const {
        return address.value <= end_ - size_bytes;
    }

    [[nodiscard]] constexpr VirtualAddress end() const { return {end_}; }

    /// What is wrong with an access that is not held, and which mode would hold it.
    [[nodiscard]] std::string problem(VirtualAddress address, std::uint32_t size_bytes) const;

  private:
    std::optional<hw::PagingMode> mode_;
    std::uint64_t end_ = std::numeric_limits<std::uint64_t>::max();
};

}  // namespace mmusim::tb
