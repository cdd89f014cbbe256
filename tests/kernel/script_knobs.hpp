// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sw/parameters.hpp"

#include <cstdint>

namespace mmusim::tests {

/// How the model's operating system was set up, as far as the kernel of this machine may be set up
/// otherwise.
struct ScriptKnobs {
    bool zero_page = true;
    std::uint64_t fault_around_pages = 16;
    std::uint64_t read_ahead_pages = 32;
    sw::HugePages huge_pages = sw::HugePages::madvise;
    bool huge_pages_of_2_mib = true;
    std::uint64_t stack_limit_bytes = std::uint64_t{8} << 20U;
    bool swap = true;
    std::uint64_t swap_read_ahead_pages = 0;
    /// Memory is so small that pages may have to leave it.
    bool memory_pressure = false;
};

}  // namespace mmusim::tests
