// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace mmusim::tb {

/// A page of one process, as a TLB with ASIDs tells it from those of others. All that are compared
/// have one size.
struct ProcessPage {
    std::uint32_t process = 0;  ///< below most_explored_processes
    std::uint64_t number = 0;   ///< in units of the page's size; at most 52 bits

    /// Different for different pages.
    [[nodiscard]] constexpr std::uint64_t key() const {
        return std::uint64_t{process} << 52U | number;
    }
};

inline constexpr std::uint32_t most_explored_processes = 1U << 12U;

}  // namespace mmusim::tb
