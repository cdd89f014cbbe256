// SPDX-License-Identifier: Apache-2.0
#include "sw/faults/fault_handler.hpp"

#include "sw/faults/fault_windows.hpp"
#include "sw/pages/page_flags.hpp"

#include <utility>
#include <vector>

namespace mmusim::sw {

using hw::PageFault;
using hw::PageFlags;

/// What is known of a fault once its region and its entry are found.
struct FaultHandler::Request {
    Process& process;
    Region region;
    PageFault fault;
    EntrySlot slot;

    [[nodiscard]] bool writes() const { return fault.type == AccessType::write; }
    [[nodiscard]] VirtualAddress address() const { return fault.address; }
    [[nodiscard]] bool private_mapping() const { return region.sharing == Sharing::private_; }
    [[nodiscard]] ObjectPage object_page() const {
        return {.object = *region.object, .page = region.object_page_at(fault.address)};
    }
    [[nodiscard]] PageFlags flags(Writes writes_are) const {
        return page_flags(region.rights, writes_are);
    }
    /// What a page gets that is written to, or will be.
    [[nodiscard]] PageFlags written_flags() const {
        const PageFlags allowed = flags(Writes::allowed);
        return region.rights.write ? allowed.with(PageFlags::dirty_bit) : allowed;
    }
};

FaultHandler::FaultHandler(const OsParameters& parameters, const Parts& parts)
    : parameters_(parameters), parts_(parts) {}

FaultProgress FaultHandler::handle(Process& process, const PageFault& fault) {
    const bool again = process.pending_fault.has_value();
    parts_.machine.spend(Stage::fault_entry,
                         again ? parameters_.fault_retry_cycles : parameters_.fault_entry_cycles);
    const FaultProgress progress = resolve(process, fault);
    if (std::holds_alternative<FaultOutcome>(progress)) {
        parts_.reclaimer.balance();
        parts_.machine.spend(Stage::fault_return, parameters_.fault_return_cycles);
    }
    return progress;
}

FaultProgress FaultHandler::resolve(Process& process, const PageFault& fault) {
    parts_.reclaimer.work_for(process.id);
    parts_.transfers.settle();
    stop_waiting(process);
    const FaultProgress progress = find_out(process, fault);
    if (std::holds_alternative<FaultOutcome>(progress)) {
        process.pending_fault.reset();
    }
    return progress;
}

void FaultHandler::stop_waiting(Process& process) {
    if (!process.pending_fault) {
        return;
    }
    if (const auto pinned = std::exchange(process.pending_fault->pinned, std::nullopt)) {
        --parts_.pages.frame(*pinned).pins;
    }
}

FaultProgress FaultHandler::find_out(Process& process, const PageFault& fault) {
    if (fault.cause == hw::FaultCause::access_fault) {
        return FaultOutcome{.kind = FaultKind::protection, .signal = Signal::bus_adrerr};
    }
    if (process.pending_fault && process.pending_fault->failed) {
        return FaultOutcome{.kind = FaultKind::read_error, .signal = Signal::bus_adrerr};
    }
    parts_.machine.spend(Stage::fault_lookup, parameters_.region_lookup_cycles);
    const std::optional<Region> region = region_for(process.space, fault.address);
    if (!region) {
        return FaultOutcome{.kind = FaultKind::unmapped, .signal = Signal::segv_maperr};
    }
    if (!region->rights.allows(fault.type)) {
        return FaultOutcome{.kind = FaultKind::protection, .signal = Signal::segv_accerr};
    }
    parts_.machine.spend(Stage::fault_page_table, parameters_.page_table_cycles);
    if (region->leaf_level > 0) {
        return explicit_huge_fault(process, *region, fault);
    }
    if (const auto huge = huge_fault(process, *region, fault)) {
        return *huge;
    }
    const SlotGrant slot = parts_.page_tables.find_or_make(process.space, fault.address);
    const auto* const found = std::get_if<EntrySlot>(&slot);
    if (found == nullptr) {
        return out_of_frames(process, std::get<FrameShortage>(slot));
    }
    return make_present({.process = process, .region = *region, .fault = fault, .slot = *found});
}

// A region that grows down reaches as far as an access that is within its limit, unless another
// comes too near (mm/mmap.c, expand_downwards and stack_guard_gap).
std::optional<Region> FaultHandler::region_for(AddressSpace& space, VirtualAddress address) const {
    if (const std::optional<Region> region = space.regions.find(address)) {
        return region;
    }
    const std::optional<Region> above = space.regions.first_from(address);
    if (!above || !above->grows_down) {
        return std::nullopt;
    }
    constexpr std::uint64_t guard_gap_bytes = 256 * page_bytes;
    const VirtualAddress start = page_number_of(address).address();
    const VirtualAddress gap_start{start.value - std::min(start.value, guard_gap_bytes)};
    const bool within_limit = above->end.value - start.value <= parameters_.stack_limit_bytes;
    if (!within_limit || !space.regions.free({.start = gap_start, .end = start})) {
        return std::nullopt;
    }
    Region grown = *above;
    grown.start = start;
    space.regions.remove({.start = above->start, .end = above->end});
    space.regions.insert(grown);
    return grown;
}

FaultProgress FaultHandler::explicit_huge_fault(Process& process, const Region& region,
                                                const PageFault& fault) {
    const SlotGrant grant =
        parts_.page_tables.find_or_make(process.space, fault.address, region.leaf_level);
    const auto* const slot = std::get_if<EntrySlot>(&grant);
    if (slot == nullptr) {
        return out_of_frames(process, std::get<FrameShortage>(grant));
    }
    const bool denied_write = fault.type == AccessType::write && !slot->entry.flags().writable();
    if (slot->entry.valid() && !denied_write) {
        return refresh({.process = process, .region = region, .fault = fault, .slot = *slot});
    }
    return parts_.huge_pages.resolve(process, region, fault.address, fault.type, *slot);
}

FaultProgress FaultHandler::make_present(const Request& request) {
    const PageState state = page_state_of(request.slot.entry);
    if (const auto* const found = std::get_if<Present>(&state)) {
        return present(request, found->frame);
    }
    if (const auto* const swapped = std::get_if<Swapped>(&state)) {
        return from_swap(request, *swapped);
    }
    return request.region.object ? absent_object_page(request) : absent_anonymous(request);
}

FaultProgress FaultHandler::absent_anonymous(const Request& request) {
    if (parts_.pages.zeros().small && !request.writes()) {
        parts_.pages.map_zero_page(request.slot, request.flags(Writes::reported));
        return ended_as(request, FaultKind::zero_page);
    }
    const FrameGrant grant = parts_.reclaimer.take_cleared(FrameUse::anonymous);
    if (const auto* const shortage = std::get_if<FrameShortage>(&grant)) {
        return out_of_frames(request.process, *shortage);
    }
    map_new_page(request, std::get<PhysicalPageNumber>(grant));
    return ended_as(request, FaultKind::anonymous_zero);
}

// The new page of a writable region is dirty from the start, also when it is only read: the walker
// is spared an update, and nothing is lost, since no storage holds a copy.
void FaultHandler::map_new_page(const Request& request, PhysicalPageNumber number) {
    parts_.pages.add_anonymous(number, request.process);
    request.process.space.regions.note_own_pages(request.address());
    parts_.pages.map(request.process, request.address(), request.slot, number,
                     request.written_flags());
}

FaultProgress FaultHandler::absent_object_page(const Request& request) {
    const Object& object = parts_.objects[*request.region.object];
    const std::uint64_t page = request.object_page().page;
    if (page >= object.pages()) {
        return FaultOutcome{.kind = FaultKind::beyond_file, .signal = Signal::bus_adrerr};
    }
    if (!request.writes() && map_around(request)) {
        return ended_as(request, FaultKind::file_minor);
    }
    if (const std::optional<PhysicalPageNumber> cached = object.cached(page)) {
        return parts_.pages.frame(*cached).arriving()
                   ? wait_for_page(request, *cached, std::nullopt)
                   : write_object_page(request, *cached);
    }
    if (object.kind == ObjectKind::file) {
        return read_file(request);
    }
    const auto swapped = object.swapped.find(page);
    return swapped == object.swapped.end() ? new_shared_memory_page(request)
                                           : read_shared_memory(request, swapped->second);
}

// Maps those pages around the one that faulted that are in memory and nowhere mapped here yet
// (mm/filemap.c, filemap_map_pages). Whether that one is among them.
bool FaultHandler::map_around(const Request& request) {
    const Object& object = parts_.objects[*request.region.object];
    const bool tracks_writes = object.kind == ObjectKind::file || request.private_mapping();
    const PageFlags flags = request.flags(tracks_writes ? Writes::reported : Writes::allowed);
    const PageSpan group =
        fault_around(request.region, request.address(), parameters_.fault_around_pages);
    bool mapped = false;
    for (VirtualAddress address = group.start; address < group.end;
         address = address + page_bytes) {
        const auto cached = object.cached(request.region.object_page_at(address));
        if (!cached || parts_.pages.frame(*cached).arriving()) {
            continue;
        }
        const auto slot = parts_.page_tables.find(request.process.space, address);
        if (!slot || slot->entry.raw != 0) {
            continue;
        }
        parts_.pages.map(request.process, address, *slot, *cached, flags);
        mapped = mapped || page_number_of(address) == page_number_of(request.address());
    }
    return mapped;
}

FaultProgress FaultHandler::write_object_page(const Request& request, PhysicalPageNumber number) {
    if (request.private_mapping()) {
        return copy(request, number);
    }
    parts_.pages.map(request.process, request.address(), request.slot, number,
                     request.written_flags());
    const bool file = parts_.objects[*request.region.object].kind == ObjectKind::file;
    return ended_as(request, file ? FaultKind::file_mkwrite : FaultKind::file_minor);
}

FaultProgress FaultHandler::new_shared_memory_page(const Request& request) {
    const FrameGrant grant = parts_.reclaimer.take_cleared(FrameUse::file);
    if (const auto* const shortage = std::get_if<FrameShortage>(&grant)) {
        return out_of_frames(request.process, *shortage);
    }
    const PhysicalPageNumber number = std::get<PhysicalPageNumber>(grant);
    parts_.pages.add_to_object(number, request.object_page());
    parts_.reclaimer.loaded(number, PageKind::anonymous);
    return absent_object_page(request);
}

FaultProgress FaultHandler::read_shared_memory(const Request& request, SwapSlot slot) {
    const FrameGrant grant = parts_.reclaimer.take(FrameUse::file);
    if (const auto* const shortage = std::get_if<FrameShortage>(&grant)) {
        return out_of_frames(request.process, *shortage);
    }
    const PhysicalPageNumber number = std::get<PhysicalPageNumber>(grant);
    parts_.pages.add_to_object(number, request.object_page());
    (void)parts_.transfers.read(StorageArea::swap, slot.value, {number}, request.process.id,
                                PageKind::anonymous);
    return wait_for_page(request, number, FaultKind::swap_in);
}

FaultProgress FaultHandler::read_file(const Request& request) {
    const FrameGrant grant = parts_.reclaimer.take(FrameUse::file);
    if (const auto* const shortage = std::get_if<FrameShortage>(&grant)) {
        return out_of_frames(request.process, *shortage);
    }
    const PhysicalPageNumber number = std::get<PhysicalPageNumber>(grant);
    const bool text = request.fault.type == AccessType::fetch;
    parts_.read_ahead.read(
        request.object_page(), number, request.region.pattern,
        {.process = request.process.id, .kind = text ? PageKind::program_text : PageKind::file});
    return wait_for_page(request, number, FaultKind::file_major);
}

FaultProgress FaultHandler::from_swap(const Request& request, const Swapped& swapped) {
    const auto cached = parts_.pages.in_swap_cache(swapped.slot);
    if (!cached) {
        return read_swap(request, swapped.slot);
    }
    return parts_.pages.frame(*cached).arriving() ? wait_for_page(request, *cached, std::nullopt)
                                                  : map_from_swap(request, swapped, *cached);
}

FaultProgress FaultHandler::read_swap(const Request& request, SwapSlot slot) {
    const FrameGrant grant = parts_.reclaimer.take(FrameUse::anonymous);
    if (const auto* const shortage = std::get_if<FrameShortage>(&grant)) {
        return out_of_frames(request.process, *shortage);
    }
    const PhysicalPageNumber number = std::get<PhysicalPageNumber>(grant);
    parts_.read_ahead.read(slot, number, request.process.id);
    return wait_for_page(request, number, FaultKind::swap_in);
}

// A page that is one process's own may be written at once, also when it is only read now
// (mm/memory.c, do_swap_page). What was read keeps its place in swap; what is written does not.
// That nobody else names the slot any more shows only to the one who reads it: a page that is found
// in memory may still be somebody's.
FaultProgress FaultHandler::map_from_swap(const Request& request, const Swapped& swapped,
                                          PhysicalPageNumber number) {
    Frame& frame = parts_.pages.frame(number);
    const bool read_by_this_fault =
        ended_as(request, FaultKind::swap_cache).kind == FaultKind::swap_in;
    const bool sole = swapped.exclusive || (read_by_this_fault && frame.mappings.empty() &&
                                            parts_.pages.named_once(swapped.slot));
    // It may have been one process's own when it left; since then that may have forked.
    frame.exclusive = sole;
    if (!sole) {
        parts_.pages.map(request.process, request.address(), request.slot, number,
                         request.flags(Writes::reported));
        return request.writes() ? write_to_present(looked_up_again(request), number)
                                : ended_as(request, FaultKind::swap_cache);
    }
    parts_.pages.map(request.process, request.address(), request.slot, number,
                     request.writes() ? request.written_flags() : request.flags(Writes::allowed));
    if (request.writes() && !frame.io) {
        parts_.pages.drop_swap_slot(number);
    }
    return ended_as(request, FaultKind::swap_cache);
}

// Whether the region is to have a huge page there: it asks for it, or need not ask, and holds the
// whole of it.
bool FaultHandler::may_be_huge(const Region& region, VirtualAddress address) const {
    const bool wanted = parameters_.thp == HugePages::always
                            ? region.huge_pages != HugePageAdvice::unwanted
                            : region.huge_pages == HugePageAdvice::wanted;
    if (parameters_.thp == HugePages::never || !wanted || region.object ||
        region.sharing == Sharing::shared) {
        return false;
    }
    const VirtualAddress start = huge_page_start(address);
    const VirtualAddress end = start + parts_.page_tables.huge_page_size().bytes();
    return region.start <= start && end <= region.end;
}

bool FaultHandler::may_compact(const Region& region) const {
    switch (parameters_.thp_defrag) {
        case HugePageDefrag::always: return true;
        case HugePageDefrag::madvise: return region.huge_pages == HugePageAdvice::wanted;
        case HugePageDefrag::never: break;
    }
    return false;
}

VirtualAddress FaultHandler::huge_page_start(VirtualAddress address) const {
    return {address.value & ~(parts_.page_tables.huge_page_size().bytes() - 1)};
}

// The first fault where a huge page may be and no page table is yet (mm/huge_memory.c,
// do_huge_pmd_anonymous_page). None: small pages will do.
std::optional<FaultProgress> FaultHandler::huge_fault(Process& process, const Region& region,
                                                      const PageFault& fault) {
    if (!may_be_huge(region, fault.address)) {
        return std::nullopt;
    }
    const SlotGrant grant = parts_.page_tables.find_or_make(process.space, fault.address, 1);
    const auto* const slot = std::get_if<EntrySlot>(&grant);
    if (slot == nullptr) {
        return out_of_frames(process, std::get<FrameShortage>(grant));
    }
    const Request request{.process = process, .region = region, .fault = fault, .slot = *slot};
    if (slot->entry.raw != 0 || !map_huge_page(request)) {
        return std::nullopt;
    }
    const bool zeros = parts_.pages.zeros().huge.has_value() && !request.writes();
    return ended_as(request, zeros ? FaultKind::zero_page : FaultKind::anonymous_zero);
}

// Whether there were frames for it, and for the table that it may need one day.
bool FaultHandler::map_huge_page(const Request& request) {
    const bool replaces_zeros = request.slot.entry.raw != 0;
    std::optional<PhysicalPageNumber> spare_table;
    if (!replaces_zeros) {
        const FrameGrant grant = parts_.reclaimer.take_cleared(FrameUse::page_table);
        if (std::holds_alternative<FrameShortage>(grant)) {
            return false;
        }
        spare_table = std::get<PhysicalPageNumber>(grant);
    }
    const VirtualAddress start = huge_page_start(request.address());
    if (parts_.pages.zeros().huge && !request.writes()) {
        parts_.pages.map_huge(request.process, start, request.slot, *parts_.pages.zeros().huge,
                              request.flags(Writes::reported), spare_table);
        return true;
    }
    const auto first = parts_.reclaimer.take_cleared_block(
        parts_.pages.frames_per_huge_page(),
        may_compact(request.region) ? PagesMay::move : PagesMay::stay);
    ++(first ? huge_pages_.fault_alloc : huge_pages_.fault_fallback);
    if (!first) {
        if (spare_table) {
            parts_.pages.give_back_table(*spare_table);
        }
        return false;
    }
    parts_.pages.add_huge(*first, request.process);
    request.process.space.regions.note_own_pages(request.address());
    parts_.pages.map_huge(request.process, start, request.slot, *first, request.written_flags(),
                          spare_table);
    return true;
}

// The last owner gets it whole; one of several owners gets a copy of the one page
// (mm/huge_memory.c, do_huge_pmd_wp_page).
FaultProgress FaultHandler::write_to_huge(const Request& request) {
    const PhysicalPageNumber first = request.slot.entry.page_number();
    const VirtualAddress start = huge_page_start(request.address());
    if (parts_.pages.is_zeros(first)) {
        if (map_huge_page(request)) {
            return ended_as(request, FaultKind::anonymous_zero);
        }
    } else if (parts_.pages.frame(first).exclusive || parts_.pages.mapped_once(first)) {
        parts_.pages.make_exclusive(first);
        parts_.pages.set_flags(request.process, start, request.slot, request.written_flags());
        return ended_as(request, FaultKind::cow_reuse);
    }
    parts_.pages.split(request.process, start, request.slot);
    const Request again = looked_up_again(request);
    return write_to_present(again, again.slot.entry.page_number());
}

FaultProgress FaultHandler::present(const Request& request, PhysicalPageNumber number) {
    const bool denied_write = request.writes() && !request.slot.entry.flags().writable();
    if (denied_write && request.slot.huge()) {
        return write_to_huge(request);
    }
    return denied_write ? write_to_present(request, number) : refresh(request);
}

FaultProgress FaultHandler::write_to_present(const Request& request, PhysicalPageNumber number) {
    if (parts_.pages.is_zeros(number)) {
        return replace_zero_page(request);
    }
    Frame& frame = parts_.pages.frame(number);
    if (!request.private_mapping()) {
        parts_.pages.set_flags(request.process, request.address(), request.slot,
                               request.written_flags());
        return ended_as(request, FaultKind::file_mkwrite);
    }
    if (frame.object_page) {
        return copy(request, number);
    }
    if (frame.io) {
        return wait_for_page(request, number, std::nullopt);
    }
    const bool alone = frame.mapped_once() && frame.pins == 0 &&
                       (!frame.slot || parts_.pages.only_frame_has(*frame.slot));
    if (!frame.exclusive && !alone) {
        return copy(request, number);
    }
    if (frame.slot) {
        parts_.pages.drop_swap_slot(number);
    }
    frame.exclusive = true;
    parts_.pages.set_flags(request.process, request.address(), request.slot,
                           request.written_flags());
    return ended_as(request, FaultKind::cow_reuse);
}

FaultProgress FaultHandler::replace_zero_page(const Request& request) {
    const FrameGrant grant = parts_.reclaimer.take_cleared(FrameUse::anonymous);
    if (const auto* const shortage = std::get_if<FrameShortage>(&grant)) {
        return out_of_frames(request.process, *shortage);
    }
    map_new_page(request, std::get<PhysicalPageNumber>(grant));
    return ended_as(request, FaultKind::anonymous_zero);
}

FaultProgress FaultHandler::copy(const Request& request, PhysicalPageNumber original) {
    // Whoever gives up a frame for the copy must not give up what is copied.
    ++parts_.pages.frame(original).pins;
    const FrameGrant grant = parts_.reclaimer.take(FrameUse::anonymous);
    --parts_.pages.frame(original).pins;
    if (const auto* const shortage = std::get_if<FrameShortage>(&grant)) {
        return out_of_frames(request.process, *shortage);
    }
    const PhysicalPageNumber number = std::get<PhysicalPageNumber>(grant);
    parts_.machine.spend(Stage::fault_copy, parameters_.frame_copy_cycles);
    parts_.machine.copy_frame(original, number);
    map_new_page(request, number);
    return ended_as(request, FaultKind::cow_copy);
}

// The page is there and the region allows the access: only the entry's A or D bit, or what a TLB
// remembers of it, stands in the way.
FaultProgress FaultHandler::refresh(const Request& request) {
    const PageFlags before = request.slot.entry.flags();
    const PageFlags allowing = before.with(request.flags(Writes::reported).bits);
    const PageFlags after = hw::flags_after(allowing, request.fault.type);
    parts_.pages.refresh(request.process, request.address(), request.slot, after);
    const bool permitted =
        hw::permits(before, {.address = {}, .type = request.fault.type, .context = {}});
    return ended_as(request,
                    permitted && before != after ? FaultKind::ad_update : FaultKind::spurious);
}

FaultHandler::Request FaultHandler::looked_up_again(const Request& request) {
    Request again = request;
    again.slot = *parts_.page_tables.find(request.process.space, request.address());
    return again;
}

FaultProgress FaultHandler::out_of_frames(Process& process, const FrameShortage& shortage) const {
    if (!shortage.until) {
        return FaultOutcome{.kind = FaultKind::out_of_memory, .signal = Signal::kill};
    }
    wait(process, {.waits_for = *shortage.until});
    return *shortage.until;
}

// The page is on its way. Storage that takes no time has brought it already.
FaultProgress FaultHandler::wait_for_page(const Request& request, PhysicalPageNumber number,
                                          std::optional<FaultKind> kind) {
    Frame& frame = parts_.pages.frame(number);
    const IoTicket ticket = *frame.io;
    ++frame.pins;
    wait(request.process, {.waits_for = ticket, .kind = kind, .pinned = number});
    parts_.transfers.settle();
    if (parts_.transfers.under_way(ticket)) {
        return ticket;
    }
    stop_waiting(request.process);
    return find_out(request.process, request.fault);
}

// Who asked storage for the page once, remains the one who did.
void FaultHandler::wait(Process& process, PendingFault pending) {
    if (process.pending_fault && process.pending_fault->kind) {
        pending.kind = process.pending_fault->kind;
    }
    process.pending_fault = pending;
}

FaultOutcome FaultHandler::ended_as(const Request& request, FaultKind kind) {
    const std::optional<PendingFault>& pending = request.process.pending_fault;
    return {.kind = pending ? pending->kind.value_or(kind) : kind};
}

}  // namespace mmusim::sw
