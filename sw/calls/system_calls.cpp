// SPDX-License-Identifier: Apache-2.0
#include "sw/calls/system_calls.hpp"

#include "sw/pages/page_flags.hpp"
#include "sw/spaces/placement.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace mmusim::sw {

using hw::PageTableEntry;

namespace {

std::uint64_t rounded_up(std::uint64_t value, std::uint64_t unit) {
    return (value + unit - 1) / unit * unit;
}

bool whole_pages(PageSpan span) {
    return span.start.page_offset() == 0 && span.end.page_offset() == 0 && span.start < span.end;
}

// Where an address of the span goes, when the span goes to `to`.
VirtualAddress moved(VirtualAddress address, PageSpan span, VirtualAddress to) {
    return to + (address.value - span.start.value);
}

// What the entries of a region's pages show. The hidden leaf of an explicit huge page has R, which
// tells it from a pointer.
hw::PageFlags flags_in(const Region& region, Writes writes) {
    const hw::PageFlags flags = page_flags(region.rights, writes);
    const bool hidden_leaf = region.leaf_level > 0 && !flags.valid();
    return hidden_leaf ? flags.with(hw::PageFlags::read_bit) : flags;
}

// What memory and swap have to answer for (mm/mmap.c, accountable_mapping).
bool needs_memory(const MapRequest& request, const Objects& objects) {
    const bool file = request.object && objects[*request.object].kind == ObjectKind::file;
    return !file || (request.rights.write && request.sharing == Sharing::private_);
}

}  // namespace

SystemCalls::SystemCalls(const OsParameters& parameters, VirtualAddress user_half_end,
                         std::uint64_t memory_bytes, const Parts& parts)
    : parameters_(parameters),
      user_half_end_(user_half_end),
      memory_bytes_(memory_bytes),
      parts_(parts),
      advice_({.huge_pages = parts.huge_pages, .page_calls = parts.page_calls}) {}

std::variant<VirtualAddress, CallError> SystemCalls::map(ProcessId id, const MapRequest& request) {
    enter();
    Process& process = parts_.processes.living(id);
    AddressSpace& space = process.space;
    const std::uint64_t page = request.page_size.value_or(base_page_size).bytes();
    const VirtualAddress start = request.at.value_or(place(space, request.bytes, page));
    const PageSpan span{.start = start, .end = start + rounded_up(request.bytes, page)};
    if (const CallResult error = check(request, space, span)) {
        return *error;
    }
    const Region region{
        .start = span.start,
        .end = span.end,
        .rights = request.rights,
        .sharing = request.sharing,
        .object = request.object,
        .object_page = request.offset_bytes / page_bytes,
        // Explicit huge pages stay in memory anyway.
        .locked = request.locked && !request.page_size,
        .leaf_level = request.page_size ? *parts_.pools.level_of(*request.page_size) : 0,
        .promised_pages = request.page_size && !request.object,
        .grows_down = request.grows_down};
    const bool promised = region.leaf_level == 0 || parts_.huge_pages.promise(region);
    if (!promised) {
        return CallError::enomem;
    }
    remove(process, span);
    space.regions.insert(region);
    if (region.leaf_level > 0) {
        parts_.huge_pages.opened(process, region);
    }
    space.highest_end = std::max(space.highest_end, span.end);
    if (request.populate || request.locked) {
        populate(process, region);
    }
    return start;
}

CallResult SystemCalls::unmap(ProcessId id, PageSpan span) {
    enter();
    Process& process = parts_.processes.living(id);
    if (!whole_pages(span) || !inside_user_half(span) ||
        parts_.huge_pages.cut_by(process.space, span)) {
        return CallError::einval;
    }
    remove(process, span);
    return std::nullopt;
}

CallResult SystemCalls::protect(ProcessId id, PageSpan span, Rights rights) {
    enter();
    Process& process = parts_.processes.living(id);
    if (const CallResult error = check_mapped(process, span)) {
        return error;
    }
    if (parts_.huge_pages.cut_by(process.space, span)) {
        return CallError::einval;
    }
    // A huge page that is hidden could not be told from a table.
    if (rights == Rights{}) {
        split_all(process, span);
    }
    parts_.page_calls.change_regions(process, span,
                                     [&](Region& region) { region.rights = rights; });
    for (const Region& region : process.space.regions.in(span)) {
        show_rights(process, region);
    }
    return std::nullopt;
}

std::variant<VirtualAddress, CallError> SystemCalls::move(ProcessId id, PageSpan span,
                                                          std::optional<VirtualAddress> to) {
    enter();
    Process& process = parts_.processes.living(id);
    AddressSpace& space = process.space;
    if (const CallResult error = check_mapped(process, span)) {
        return *error == CallError::enomem ? CallError::efault : *error;
    }
    const std::uint64_t page = largest_page_in(space, span);
    const VirtualAddress start = to.value_or(place(space, span.end.value - span.start.value, page));
    const PageSpan target{.start = start, .end = start + (span.end.value - span.start.value)};
    const bool overlap = start < span.end && span.start < target.end;
    const bool cuts =
        parts_.huge_pages.cut_by(space, span) || parts_.huge_pages.cut_by(space, target);
    if (start.value % page != 0 || overlap || cuts) {
        return CallError::einval;
    }
    if (!inside_user_half(target)) {
        return CallError::enomem;
    }
    split_all(process, span);
    split_all(process, target);
    // Tables and explicit huge pages do not go to the same place.
    if (page > page_bytes || largest_page_in(space, target) > page_bytes) {
        remove(process, target);
    }
    if (!make_tables(process, span, start)) {
        prune(process, target);
        return CallError::enomem;
    }
    parts_.page_calls.drop_pages(process, target);
    space.regions.remove(target);
    ExplicitHugePages::move_promises(process, span, start);
    for (Region region : space.regions.remove(span)) {
        region.start = moved(region.start, span, start);
        region.end = moved(region.end, span, start);
        space.regions.insert(region);
    }
    space.highest_end = std::max(space.highest_end, target.end);
    move_pages(process, span, start);
    prune(process, span);
    return start;
}

CallResult SystemCalls::resize(ProcessId id, PageSpan span, std::uint64_t bytes) {
    enter();
    Process& process = parts_.processes.living(id);
    AddressSpace& space = process.space;
    if (const CallResult error = check_mapped(process, span)) {
        return *error == CallError::enomem ? CallError::efault : *error;
    }
    const std::uint64_t page = largest_page_in(space, span);
    const VirtualAddress end = span.start + rounded_up(bytes, page);
    const bool more_huge_pages = page > page_bytes && span.end < end;
    if (bytes == 0 || more_huge_pages || parts_.huge_pages.cut_by(space, span)) {
        return CallError::einval;
    }
    if (end <= span.end) {
        if (end < span.end) {
            remove(process, {.start = end, .end = span.end});
        }
        return std::nullopt;
    }
    const PageSpan more{.start = span.end, .end = end};
    if (!space.regions.free(more) || !inside_user_half(more)) {
        return CallError::enomem;
    }
    Region tail = *space.regions.find({span.end.value - page_bytes});
    tail.object_page = tail.object ? tail.object_page_at(tail.end) : 0;
    tail.start = more.start;
    tail.end = more.end;
    space.regions.insert(tail);
    space.highest_end = std::max(space.highest_end, end);
    if (tail.locked) {
        populate(process, tail);
    }
    return std::nullopt;
}

CallResult SystemCalls::lock(ProcessId id, PageSpan span) {
    enter();
    Process& process = parts_.processes.living(id);
    if (const CallResult error = check_mapped(process, span)) {
        return error;
    }
    for (const Region& region : process.space.regions.in(span)) {
        lock(process, region, true);
        populate(process, region);
    }
    return std::nullopt;
}

CallResult SystemCalls::unlock(ProcessId id, PageSpan span) {
    enter();
    Process& process = parts_.processes.living(id);
    if (const CallResult error = check_mapped(process, span)) {
        return error;
    }
    for (const Region& region : process.space.regions.in(span)) {
        lock(process, region, false);
    }
    return std::nullopt;
}

CallResult SystemCalls::sync(ProcessId id, PageSpan span) {
    enter();
    Process& process = parts_.processes.living(id);
    if (const CallResult error = check_mapped(process, span)) {
        return error;
    }
    CallResult result;
    for (const Region& region : process.space.regions.in(span)) {
        if (region.object && region.sharing == Sharing::shared) {
            const CallResult error = parts_.page_calls.write_back(
                *region.object, region.object_page, region.object_page + region.pages());
            result = result ? result : error;
        }
    }
    return result;
}

CallResult SystemCalls::advise(ProcessId id, PageSpan span, Advice advice) {
    enter();
    Process& process = parts_.processes.living(id);
    if (const CallResult error = check_mapped(process, span)) {
        return error;
    }
    const std::vector<Region> regions = process.space.regions.in(span);
    const bool possible = std::all_of(regions.begin(), regions.end(), [&](const Region& region) {
        return advice_.possible(process.space, region, advice);
    });
    if (!possible) {
        return CallError::einval;
    }
    for (const Region& region : regions) {
        advice_.give(process, region, advice);
    }
    return std::nullopt;
}

std::variant<PageSpan, CallError> SystemCalls::set_heap(ProcessId id, std::uint64_t bytes) {
    enter();
    Process& process = parts_.processes.living(id);
    AddressSpace& space = process.space;
    const VirtualAddress start = space.heap ? space.heap->start : place(space, bytes);
    const PageSpan before = space.heap.value_or(PageSpan{.start = start, .end = start});
    const PageSpan after{.start = start, .end = start + rounded_up(bytes, page_bytes)};
    if (bytes > memory_bytes_ || !inside_user_half(after)) {
        return CallError::enomem;
    }
    if (after.end < before.end) {
        remove(process, {.start = after.end, .end = before.end});
    }
    if (before.end < after.end) {
        const PageSpan more{.start = before.end, .end = after.end};
        if (!space.regions.free(more)) {
            return CallError::enomem;
        }
        space.regions.insert(
            {.start = more.start, .end = more.end, .rights = {.read = true, .write = true}});
    }
    if (!space.heap) {
        space.highest_end = after.end;
    }
    space.heap = after;
    return after;
}

void SystemCalls::exec(Process& process, const ExecLayout& layout) {
    enter();
    clear(process);
    AddressSpace& space = process.space;
    // What is mapped later has the places that it would have had without the program.
    space.highest_end = {};
    space.heap = PageSpan{.start = layout.heap_start, .end = layout.heap_start};
    space.code = {.start = layout.code_start, .end = layout.code_end};
    for (const Region& region : layout.regions) {
        space.regions.insert(region);
    }
}

void SystemCalls::clear(Process& process) {
    remove(process, {.start = {}, .end = user_half_end_});
}

void SystemCalls::enter() {
    parts_.machine.spend(Stage::fault_entry, parameters_.system_call_cycles);
    copied_.clear();
}

void SystemCalls::populate(Process& process, const Region& region) {
    copied_.push_back(parts_.page_calls.populate(process, region));
}

CallResult SystemCalls::check(const MapRequest& request, const AddressSpace& space,
                              PageSpan span) const {
    const std::uint64_t page = request.page_size.value_or(base_page_size).bytes();
    const bool aligned = span.start.value % page == 0 && request.offset_bytes % page == 0;
    const bool possible_pages = !request.page_size || parts_.pools.level_of(*request.page_size);
    if (request.bytes == 0 || !aligned || !possible_pages) {
        return CallError::einval;
    }
    if (!inside_user_half(span) || parts_.huge_pages.cut_by(space, span)) {
        return CallError::enomem;
    }
    const bool too_large = !request.page_size &&
                           span.end.value - span.start.value > memory_bytes_ &&
                           needs_memory(request, parts_.objects);
    return too_large ? CallResult(CallError::enomem) : std::nullopt;
}

CallResult SystemCalls::check_mapped(const Process& process, PageSpan span) {
    if (!whole_pages(span)) {
        return CallError::einval;
    }
    return process.space.regions.covers(span) ? std::nullopt : CallResult(CallError::enomem);
}

std::uint64_t SystemCalls::largest_page_in(const AddressSpace& space, PageSpan span) const {
    std::uint64_t largest = page_bytes;
    for (const Region& region : space.regions.in(span)) {
        largest = std::max(largest, parts_.huge_pages.bytes_of_page(region));
    }
    return largest;
}

// Out of the way of a program's regions, which were not placed.
VirtualAddress SystemCalls::place(const AddressSpace& space, std::uint64_t bytes,
                                  std::uint64_t page) {
    VirtualAddress start = next_place(space.highest_end, page);
    std::optional<Region> next = space.regions.first_from(start);
    while (next && next->start < start + bytes) {
        start = next_place(next->end, page);
        next = space.regions.first_from(start);
    }
    return start;
}

bool SystemCalls::inside_user_half(PageSpan span) const {
    return span.start <= span.end && span.end <= user_half_end_;
}

void SystemCalls::remove(Process& process, PageSpan span) {
    for (const Region& region : process.space.regions.in(span)) {
        if (region.leaf_level > 0) {
            parts_.huge_pages.drop(process, region.span());
        }
    }
    parts_.page_calls.drop_pages(process, span);
    for (const Region& region : process.space.regions.remove(span)) {
        if (region.leaf_level > 0) {
            parts_.huge_pages.closed(process, region);
        }
    }
    prune(process, span);
}

// Explicit huge pages stay whole.
void SystemCalls::split_all(Process& process, PageSpan span) {
    for (const Region& region : process.space.regions.in(span)) {
        if (region.leaf_level == 0) {
            parts_.page_calls.split_all(process, region.span());
        }
    }
}

// Explicit huge pages stay in memory anyway (mm/mlock.c, mlock_fixup).
void SystemCalls::lock(Process& process, const Region& region, bool locked) {
    if (region.leaf_level == 0) {
        parts_.page_calls.change_regions(process, region.span(),
                                         [&](Region& changed) { changed.locked = locked; });
    }
}

void SystemCalls::prune(Process& process, PageSpan span) {
    std::vector<PhysicalPageNumber> tables;
    parts_.page_tables.prune(process.space, span,
                             [&](PhysicalPageNumber table) { tables.push_back(table); });
    if (tables.empty()) {
        return;
    }
    // Walk caches keep pointers to them, which no fence of a page concerns.
    parts_.fences.issue(process.space);
    for (const PhysicalPageNumber table : tables) {
        parts_.allocator.release(table, FrameUse::page_table);
    }
}

// The entries of present pages follow the region's new rights. A page may be written at once where
// nobody has to be told (mm/mprotect.c, can_change_pte_writable).
void SystemCalls::show_rights(Process& process, const Region& region) {
    parts_.page_tables.visit(
        process.space, region.span(), [&](VirtualAddress address, const EntrySlot& slot) {
            if (std::holds_alternative<Present>(page_state_of(slot.entry))) {
                const Writes writes =
                    writable_at_once(region, slot.entry) ? Writes::allowed : Writes::reported;
                parts_.pages.set_flags(process, address, slot, flags_in(region, writes));
            }
        });
}

bool SystemCalls::writable_at_once(const Region& region, PageTableEntry entry) const {
    if (region.leaf_level > 0) {
        return region.sharing == Sharing::shared;
    }
    if (parts_.pages.is_zeros(entry.page_number())) {
        return false;
    }
    const Frame& frame = parts_.pages.frame(entry.page_number());
    if (region.sharing == Sharing::private_) {
        return !frame.object_page && frame.exclusive;
    }
    const bool file = parts_.objects[*region.object].kind == ObjectKind::file;
    return !file || entry.flags().dirty();
}

// The page tables that the pages of the span will need at their new place.
bool SystemCalls::make_tables(Process& process, PageSpan span, VirtualAddress to) {
    const std::vector<VirtualAddress> addresses =
        parts_.page_tables.used_addresses(process.space, span);
    return std::all_of(addresses.begin(), addresses.end(), [&](VirtualAddress from) {
        const unsigned level = process.space.regions.find(from)->leaf_level;
        return parts_.page_calls.slot_for(process, moved(from, span, to), level).has_value();
    });
}

void SystemCalls::move_pages(Process& process, PageSpan span, VirtualAddress to) {
    parts_.page_tables.visit(process.space, span, [&](VirtualAddress from, const EntrySlot& slot) {
        const VirtualAddress target = moved(from, span, to);
        const EntrySlot new_slot = *parts_.page_tables.find(process.space, target, slot.level);
        if (slot.huge()) {
            parts_.huge_pages.move(process, from, slot, target, new_slot);
        } else {
            parts_.pages.move(process, from, slot, target, new_slot);
        }
    });
}

}  // namespace mmusim::sw
