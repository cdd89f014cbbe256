// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/processes/process_id.hpp"
#include "sw/spaces/region.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace mmusim::tb {

/// What one address is in the address space of a process.
struct WatchedAddress {
    PhysicalPageNumber root{};           ///< the top page table
    std::optional<sw::Region> region{};  ///< that holds the address, if one does
    std::string region_name{};           ///< as in /proc/PID/maps; may be empty
};

/// What may be looked at of a machine during a run: as it is at the time, in no time. Its
/// functions are there from `machine_ready` to `run_ended`.
struct WatchedMachine {
    std::function<Cycles()> now;
    /// What memory holds, 8 bytes at most; nothing where there is none.
    std::function<std::optional<std::uint64_t>(PhysicalAddress address, unsigned bytes)> memory;
    /// How many processes there have been; they are numbered from 0.
    std::function<std::size_t()> processes;
    /// Nothing: the process has exited.
    std::function<std::optional<WatchedAddress>(sw::ProcessId process, VirtualAddress address)>
        address;
};

}  // namespace mmusim::tb
