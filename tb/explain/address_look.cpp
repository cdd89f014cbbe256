// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/address_look.hpp"

#include "hw/paging/format.hpp"
#include "hw/walker/plain_walk.hpp"
#include "sw/spaces/page_state.hpp"

#include <cstdint>
#include <variant>

namespace mmusim::tb {

namespace {

// Whatever the rights of the page, and with A and D as they are.
hw::TranslationRequest unrestricted_read(PhysicalPageNumber root, VirtualAddress address,
                                         const hw::PagingParameters& paging) {
    return {.address = address,
            .type = AccessType::read,
            .context = {.root = root,
                        .privilege = Privilege::machine,
                        .make_executable_readable = true,
                        .hardware_ad_update = true,
                        .page_based_memory_types = paging.svpbmt}};
}

SeenWalk walk_to(const WatchedMachine& machine, const hw::PagingParameters& paging,
                 PhysicalPageNumber root, VirtualAddress address) {
    const unsigned entry_bytes = hw::format_of(paging.mode).entry_bytes;
    SeenWalk result;
    const auto read = [&](PhysicalAddress at) {
        const std::optional<std::uint64_t> value = machine.memory(at, entry_bytes);
        std::optional<hw::PageTableEntry> entry;
        if (value) {
            entry = hw::PageTableEntry{*value};
        }
        result.entries.push_back({.address = at, .entry = entry});
        return entry;
    };
    const auto leave_alone = [](PhysicalAddress, hw::PageTableEntry) {};
    const hw::PlainWalk walk = hw::walk_plainly(paging, unrestricted_read(root, address, paging),
                                                {.read = read, .write = leave_alone});
    for (std::size_t step = 0; step < walk.reads.size(); ++step) {
        result.entries[step].level = walk.reads[step].level;
    }
    if (walk.walked) {
        result.page = walk.walked->page;
    }
    result.fault = walk.fault;
    return result;
}

std::optional<hw::PageTableEntry> last_entry(const AddressLook& look) {
    return look.walk.entries.empty() ? std::nullopt : look.walk.entries.back().entry;
}

// Neither to the hardware nor to the operating system. A table that comes because of other pages
// changes nothing for this one.
bool says_nothing(hw::PageTableEntry entry) {
    return std::holds_alternative<sw::Absent>(sw::page_state_of(entry));
}

std::uint64_t without_accessed_and_dirty(hw::PageTableEntry entry) {
    constexpr std::uint64_t both = hw::PageFlags::accessed_bit | hw::PageFlags::dirty_bit;
    return entry.raw & ~both;
}

}  // namespace

std::optional<AddressLook> look_at(const WatchedMachine& machine,
                                   const hw::PagingParameters& paging, sw::ProcessId process,
                                   VirtualAddress address) {
    const std::optional<WatchedAddress> watched = machine.address(process, address);
    if (!watched) {
        return std::nullopt;
    }
    return AddressLook{.at = machine.now(),
                       .region = watched->region,
                       .region_name = watched->region_name,
                       .walk = walk_to(machine, paging, watched->root, address)};
}

bool same_region(const AddressLook& one, const AddressLook& other) {
    if (!one.region || !other.region) {
        return one.region.has_value() == other.region.has_value();
    }
    return one.region->rights == other.region->rights &&
           one.region->sharing == other.region->sharing &&
           one.region->object == other.region->object && one.region_name == other.region_name;
}

bool same_entry(const AddressLook& one, const AddressLook& other) {
    const std::optional<hw::PageTableEntry> first = last_entry(one);
    const std::optional<hw::PageTableEntry> second = last_entry(other);
    if (!first || !second) {
        return first.has_value() == second.has_value();
    }
    if (says_nothing(*first) && says_nothing(*second)) {
        return true;
    }
    return one.walk.entries.size() == other.walk.entries.size() &&
           without_accessed_and_dirty(*first) == without_accessed_and_dirty(*second);
}

}  // namespace mmusim::tb
