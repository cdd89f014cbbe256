// SPDX-License-Identifier: Apache-2.0
// An address space as Linux shows it in /proc/PID/maps and /proc/PID/statm.
#pragma once

#include "hw/base/types.hpp"
#include "sw/spaces/region.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace mmusim::sw {

/// A line of /proc/PID/maps, without its end. An object's device is 00:00 and its inode its number,
/// from 1; a region without an object has 0. The name may be empty.
[[nodiscard]] std::string maps_line(const Region& region, std::string_view name);

/// Those figures of /proc/PID/statm that mappings alone decide, in pages (task_statm in
/// fs/proc/task_mmu.c, vm_stat_account in mm/).
struct SpaceSize {
    std::uint64_t total = 0;  ///< all regions
    std::uint64_t text = 0;   ///< from the first page of the program's code to its last
    std::uint64_t data = 0;   ///< private and writable regions, and the stack

    constexpr bool operator==(const SpaceSize&) const = default;
};

/// The code is [code_start, code_end).
[[nodiscard]] SpaceSize size_of_space(std::span<const Region> regions, VirtualAddress code_start,
                                      VirtualAddress code_end);

}  // namespace mmusim::sw
