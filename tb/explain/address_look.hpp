// SPDX-License-Identifier: Apache-2.0
// What an address is in an address space at one time: its region, and the walk to its page.
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "hw/paging/page_walk.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation.hpp"
#include "sw/processes/process_id.hpp"
#include "sw/spaces/region.hpp"
#include "tb/events/watched_machine.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// An entry that a walk comes by.
struct SeenEntry {
    unsigned level = 0;
    PhysicalAddress address{};
    /// None: there is no memory at that address.
    std::optional<hw::PageTableEntry> entry{};

    bool operator==(const SeenEntry&) const = default;
};

/// A walk without time that asks for no rights, and changes nothing.
struct SeenWalk {
    std::vector<SeenEntry> entries{};  ///< from the top
    /// One of the two.
    std::optional<hw::TranslatedPage> page{};
    std::optional<hw::WalkFault> fault{};
};

struct AddressLook {
    Cycles at{};
    std::optional<sw::Region> region{};
    std::string region_name{};
    SeenWalk walk{};
};

/// Nothing: the process has exited, or there never was one.
[[nodiscard]] std::optional<AddressLook> look_at(const WatchedMachine& machine,
                                                 const hw::PagingParameters& paging,
                                                 sw::ProcessId process, VirtualAddress address);

/// Whether both have the same rights in a region of the same object, or none.
[[nodiscard]] bool same_region(const AddressLook& one, const AddressLook& other);

/// Whether the walks end at equal entries, A and D apart, or both where there is nothing.
[[nodiscard]] bool same_entry(const AddressLook& one, const AddressLook& other);

}  // namespace mmusim::tb
