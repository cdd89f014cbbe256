// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/user_half.hpp"

#include <fmt/format.h>

namespace mmusim::tb {

namespace {

// The modes are in the order of their sizes.
[[nodiscard]] std::string smallest_mode_that_holds(VirtualAddress address,
                                                   std::uint32_t size_bytes) {
    for (std::size_t index = 0; index < hw::paging_formats.size(); ++index) {
        const auto mode = static_cast<hw::PagingMode>(index);
        if (UserHalf(mode).holds(address, size_bytes)) {
            return fmt::format("paging.mode {}, which would hold it", mode);
        }
    }
    return "a trace of a user program: no paging mode would hold it";
}

}  // namespace

std::string UserHalf::problem(VirtualAddress address, std::uint32_t size_bytes) const {
    const std::string place = mode_ ? fmt::format("the user half of {}", *mode_) : "64 bits";
    return fmt::format("address {} ({} bytes) lies outside {}, which ends at {:#x}; expected {}",
                       address, size_bytes, place, end_,
                       smallest_mode_that_holds(address, size_bytes));
}

}  // namespace mmusim::tb
