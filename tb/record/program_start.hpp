// SPDX-License-Identifier: Apache-2.0
// The address space in which a program begins, put together from what QEMU says of it.
#pragma once

#include "hw/base/types.hpp"
#include "sw/spaces/region.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// Pages of a program that are mapped alike.
struct StartRegion {
    VirtualAddress start;
    VirtualAddress end;
    sw::Rights rights;
    /// What they show, from `offset_bytes` on; empty: zeros.
    std::string file{};
    std::uint64_t offset_bytes = 0;

    bool operator==(const StartRegion&) const = default;
};

struct ProgramStart {
    /// In the order of their addresses.
    std::vector<StartRegion> regions;
    VirtualAddress stack_pointer;
    /// Where the program's data from its file ends, and its zeros begin.
    VirtualAddress data_end;
    /// Where its zeros end, and its heap begins.
    VirtualAddress heap_start;

    bool operator==(const ProgramStart&) const = default;
};

/// Reads `page_log`, what `qemu -d page` writes until the program begins: which pages the program
/// has, and where its parts lie. What each page shows is taken from `host_mappings`, the
/// /proc/self/maps of QEMU, in which the program's addresses are higher by `guest_base`. Throws
/// InputError where something is missing.
[[nodiscard]] ProgramStart read_program_start(std::string_view page_log,
                                              std::string_view host_mappings,
                                              std::uint64_t guest_base);

}  // namespace mmusim::tb
