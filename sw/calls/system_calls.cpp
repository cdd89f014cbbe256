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
      parts_(parts) {}

std::variant<VirtualAddress, CallError> SystemCalls::map(ProcessId id, const MapRequest& request) {
    enter();
    Process& process = parts_.processes.living(id);
    AddressSpace& space = process.space;
    const VirtualAddress start = request.at.value_or(place(space, request.bytes));
    const PageSpan span{.start = start, .end = start + rounded_up(request.bytes, page_bytes)};
    if (const CallResult error = check(request, span)) {
        return *error;
    }
    remove(process, span);
    const Region region{.start = span.start,
                        .end = span.end,
                        .rights = request.rights,
                        .sharing = request.sharing,
                        .object = request.object,
                        .object_page = request.offset_bytes / page_bytes,
                        .locked = request.locked,
                        .grows_down = request.grows_down};
    space.regions.insert(region);
    space.highest_end = std::max(space.highest_end, span.end);
    if (request.populate || request.locked) {
        populate(process, region);
    }
    return start;
}

CallResult SystemCalls::unmap(ProcessId id, PageSpan span) {
    enter();
    if (!whole_pages(span) || !inside_user_half(span)) {
        return CallError::einval;
    }
    remove(parts_.processes.living(id), span);
    return std::nullopt;
}

CallResult SystemCalls::protect(ProcessId id, PageSpan span, Rights rights) {
    enter();
    Process& process = parts_.processes.living(id);
    if (const CallResult error = check_mapped(process, span)) {
        return error;
    }
    // A huge page that is hidden could not be told from a table.
    if (rights == Rights{}) {
        parts_.page_calls.split_all(process, span);
    }
    change(process, span, [&](Region& region) { region.rights = rights; });
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
    const VirtualAddress start = to.value_or(place(space, span.end.value - span.start.value));
    const PageSpan target{.start = start, .end = start + (span.end.value - span.start.value)};
    const bool overlap = start < span.end && span.start < target.end;
    if (start.page_offset() != 0 || overlap) {
        return CallError::einval;
    }
    if (!inside_user_half(target)) {
        return CallError::enomem;
    }
    // Where a huge page goes there is no table either.
    parts_.page_calls.split_all(process, span);
    parts_.page_calls.split_all(process, target);
    if (!make_tables(process, span, start)) {
        prune(process, target);
        return CallError::enomem;
    }
    parts_.page_calls.drop_pages(process, target);
    space.regions.remove(target);
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
    if (bytes == 0) {
        return CallError::einval;
    }
    const VirtualAddress end = span.start + rounded_up(bytes, page_bytes);
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
    change(process, span, [](Region& region) { region.locked = true; });
    for (const Region& region : process.space.regions.in(span)) {
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
    change(process, span, [](Region& region) { region.locked = false; });
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
    const bool possible = std::all_of(regions.begin(), regions.end(),
                                      [&](const Region& region) { return fits(advice, region); });
    if (!possible) {
        return CallError::einval;
    }
    for (const Region& region : regions) {
        advise_region(process, region, advice);
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

CallResult SystemCalls::share_all(Process& parent, Process& child) {
    child.space.highest_end = parent.space.highest_end;
    child.space.heap = parent.space.heap;
    child.space.code = parent.space.code;
    for (const Region& region : parent.space.regions.all()) {
        Region copy = region;
        // Locks are not inherited (mlock(2)).
        copy.locked = false;
        child.space.regions.insert(copy);
    }
    for (const Region& region : parent.space.regions.all()) {
        if (region.sharing == Sharing::private_ && region.has_own_pages &&
            !share_region(parent, region, child)) {
            return CallError::enomem;
        }
    }
    return std::nullopt;
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

CallResult SystemCalls::check(const MapRequest& request, PageSpan span) const {
    const bool aligned = span.start.page_offset() == 0 && request.offset_bytes % page_bytes == 0;
    if (request.bytes == 0 || !aligned) {
        return CallError::einval;
    }
    if (!inside_user_half(span)) {
        return CallError::enomem;
    }
    const bool too_large =
        span.end.value - span.start.value > memory_bytes_ && needs_memory(request, parts_.objects);
    return too_large ? CallResult(CallError::enomem) : std::nullopt;
}

CallResult SystemCalls::check_mapped(const Process& process, PageSpan span) {
    if (!whole_pages(span)) {
        return CallError::einval;
    }
    return process.space.regions.covers(span) ? std::nullopt : CallResult(CallError::enomem);
}

// Out of the way of a program's regions, which were not placed.
VirtualAddress SystemCalls::place(const AddressSpace& space, std::uint64_t bytes) {
    VirtualAddress start = next_place(space.highest_end);
    std::optional<Region> next = space.regions.first_from(start);
    while (next && next->start < start + bytes) {
        start = next_place(next->end);
        next = space.regions.first_from(start);
    }
    return start;
}

bool SystemCalls::inside_user_half(PageSpan span) const {
    return span.start <= span.end && span.end <= user_half_end_;
}

void SystemCalls::remove(Process& process, PageSpan span) {
    parts_.page_calls.drop_pages(process, span);
    process.space.regions.remove(span);
    prune(process, span);
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
    const PageSpan span{.start = region.start, .end = region.end};
    parts_.page_tables.visit(
        process.space, span, [&](VirtualAddress address, const EntrySlot& slot) {
            if (std::holds_alternative<Present>(page_state_of(slot.entry))) {
                const Writes writes =
                    writable_at_once(region, slot.entry) ? Writes::allowed : Writes::reported;
                parts_.pages.set_flags(process, address, slot, page_flags(region.rights, writes));
            }
        });
}

bool SystemCalls::writable_at_once(const Region& region, PageTableEntry entry) const {
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

bool SystemCalls::share_region(Process& parent, const Region& region, Process& child) {
    const PageSpan span{.start = region.start, .end = region.end};
    for (const VirtualAddress address : used_addresses(parent, span)) {
        if (!share_page(parent, address, child)) {
            return false;
        }
    }
    return true;
}

// For the child's tables the parent's page may have to leave; then there is nothing to share, or
// its place in swap.
bool SystemCalls::share_page(Process& parent, VirtualAddress address, Process& child) {
    const bool huge = parts_.page_tables.find(parent.space, address)->huge();
    const auto spare_table = huge ? parts_.page_calls.spare_table() : std::nullopt;
    const auto child_slot = parts_.page_calls.slot_for(child, address, huge ? 1 : 0);
    const EntrySlot slot = *parts_.page_tables.find(parent.space, address);
    const bool ready = child_slot && spare_table.has_value() == huge;
    if (ready && slot.huge() == huge) {
        if (slot.entry.raw != 0) {
            parts_.pages.share(parent, address, slot, child, *child_slot, spare_table);
        }
        return true;
    }
    if (spare_table) {
        parts_.pages.give_back_table(*spare_table);
    }
    return ready && share_split_page(parent, address, child);
}

// The parent's huge page has been split meanwhile.
bool SystemCalls::share_split_page(Process& parent, VirtualAddress address, Process& child) {
    const VirtualAddress end = address + parts_.page_tables.huge_page_size().bytes();
    for (VirtualAddress page = address; page < end; page = page + page_bytes) {
        if (!share_page(parent, page, child)) {
            return false;
        }
    }
    return true;
}

// The page tables that the pages of the span will need at their new place.
bool SystemCalls::make_tables(Process& process, PageSpan span, VirtualAddress to) {
    const std::vector<VirtualAddress> addresses = used_addresses(process, span);
    return std::all_of(addresses.begin(), addresses.end(), [&](VirtualAddress from) {
        return parts_.page_calls.slot_for(process, moved(from, span, to)).has_value();
    });
}

void SystemCalls::move_pages(Process& process, PageSpan span, VirtualAddress to) {
    parts_.page_tables.visit(process.space, span, [&](VirtualAddress from, const EntrySlot& slot) {
        const VirtualAddress target = moved(from, span, to);
        parts_.pages.move(process, from, slot, target,
                          *parts_.page_tables.find(process.space, target));
    });
}

std::vector<VirtualAddress> SystemCalls::used_addresses(const Process& process, PageSpan span) {
    std::vector<VirtualAddress> addresses;
    parts_.page_tables.visit(process.space, span, [&](VirtualAddress address, const EntrySlot&) {
        addresses.push_back(address);
    });
    return addresses;
}

bool SystemCalls::fits(Advice advice, const Region& region) {
    const bool anonymous_private = !region.object && region.sharing == Sharing::private_;
    switch (advice) {
        case Advice::free: return anonymous_private && !region.locked;
        case Advice::dontneed:
        case Advice::pageout: return !region.locked;
        case Advice::normal:
        case Advice::random:
        case Advice::sequential:
        case Advice::willneed:
        case Advice::hugepage:
        case Advice::nohugepage: break;
    }
    return true;
}

// No huge page reaches from one region into the next.
void SystemCalls::change(Process& process, PageSpan span, const std::function<void(Region&)>& how) {
    parts_.page_calls.split_at_ends(process, span);
    process.space.regions.change(span, how);
}

void SystemCalls::advise_region(Process& process, const Region& region, Advice advice) {
    const PageSpan span{.start = region.start, .end = region.end};
    switch (advice) {
        case Advice::normal:
            change(process, span, [](Region& changed) { changed.pattern = AccessPattern::normal; });
            break;
        case Advice::random:
            change(process, span, [](Region& changed) { changed.pattern = AccessPattern::random; });
            break;
        case Advice::sequential:
            change(process, span,
                   [](Region& changed) { changed.pattern = AccessPattern::sequential; });
            break;
        case Advice::hugepage:
            change(process, span,
                   [](Region& changed) { changed.huge_pages = HugePageAdvice::wanted; });
            break;
        case Advice::nohugepage:
            change(process, span,
                   [](Region& changed) { changed.huge_pages = HugePageAdvice::unwanted; });
            break;
        case Advice::willneed: parts_.page_calls.read_in(process, region); break;
        case Advice::dontneed: parts_.page_calls.drop_pages(process, span); break;
        case Advice::free: parts_.page_calls.let_go(process, span); break;
        case Advice::pageout: parts_.page_calls.page_out(process, span); break;
    }
}

}  // namespace mmusim::sw
