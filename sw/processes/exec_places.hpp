// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <cstdint>
#include <optional>

namespace mmusim::sw {

/// No program has pages below this (vm.mmap_min_addr, as Debian sets it).
inline constexpr VirtualAddress lowest_mapping{0x10000};

struct ExecOptions {
    /// Where the user half ends. Programs use the first 2^47 bytes of it, as on Linux, where more
    /// is for those that ask for it (DEFAULT_MAP_WINDOW).
    VirtualAddress user_half_end;
    /// Chooses the random distances; none: address-space layout is not randomised.
    std::optional<std::uint64_t> seed{};
    /// How long the stack may become (RLIMIT_STACK).
    std::uint64_t stack_limit_bytes = std::uint64_t{8} << 20U;
};

/// The addresses around which an address space is laid out, before it is known for which program.
struct ExecPlaces {
    VirtualAddress window_end;    ///< nothing lies at or above it
    VirtualAddress stack_end;     ///< the stack grows down from here
    VirtualAddress mapping_end;   ///< mappings are placed below this, the next below the last
    VirtualAddress program_base;  ///< for a program that can lie anywhere and has an interpreter
    VirtualAddress loader_heap;   ///< the heap's base, if such a program has no interpreter
    bool randomised = false;
    std::uint64_t heap_gap_bytes = 0;  ///< from the heap's base to its start
};

[[nodiscard]] ExecPlaces choose_places(const ExecOptions& options);

}  // namespace mmusim::sw
