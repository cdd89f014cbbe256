// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <cstdint>

namespace mmusim::tb {

/// A page of 4 KiB of one process, as a TLB with ASIDs tells it from those of others.
struct ProcessPage {
    std::uint32_t process = 0;  ///< below 2^12
    VirtualPageNumber page;

    /// Different for different pages: a page number has at most 52 bits.
    [[nodiscard]] constexpr std::uint64_t key() const {
        return std::uint64_t{process} << 52U | page.value;
    }
};

inline constexpr std::uint32_t most_explored_processes = 1U << 12U;

}  // namespace mmusim::tb
