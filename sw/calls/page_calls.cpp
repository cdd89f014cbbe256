// SPDX-License-Identifier: Apache-2.0
#include "sw/calls/page_calls.hpp"

#include <algorithm>
#include <vector>

namespace mmusim::sw {

PageSpan PageCalls::populate(Process& process, const Region& region) {
    const PageSpan none{.start = region.start, .end = region.start};
    const bool copies = region.rights.write && region.sharing == Sharing::private_;
    const AccessType type = copies ? AccessType::write : AccessType::read;
    if (!region.rights.allows(type)) {
        return none;
    }
    const std::uint64_t step = parts_.huge_pages.bytes_of_page(region);
    VirtualAddress address = region.start;
    while (address < region.end &&
           (!needs_touch(process, address, type) || touch(process, address, type))) {
        address = address + step;
    }
    return copies ? PageSpan{.start = region.start, .end = address} : none;
}

std::optional<PhysicalPageNumber> PageCalls::spare_table() {
    while (true) {
        const FrameGrant table = parts_.reclaimer.take_cleared(FrameUse::page_table);
        if (const auto* const frame = std::get_if<PhysicalPageNumber>(&table)) {
            return *frame;
        }
        const FrameShortage shortage = std::get<FrameShortage>(table);
        if (!shortage.until) {
            return std::nullopt;
        }
        parts_.transfers.wait_for(*shortage.until);
    }
}

std::optional<EntrySlot> PageCalls::slot_for(Process& process, VirtualAddress address,
                                             unsigned level) {
    while (true) {
        const SlotGrant slot = parts_.page_tables.find_or_make(process.space, address, level);
        if (const auto* const found = std::get_if<EntrySlot>(&slot)) {
            return *found;
        }
        const FrameShortage shortage = std::get<FrameShortage>(slot);
        if (!shortage.until) {
            return std::nullopt;
        }
        parts_.transfers.wait_for(*shortage.until);
    }
}

void PageCalls::change_regions(Process& process, PageSpan span,
                               const std::function<void(Region&)>& how) {
    split_at_ends(process, span);
    process.space.regions.change(span, how);
}

void PageCalls::split_at_ends(Process& process, PageSpan span) {
    const std::uint64_t huge_bytes = parts_.page_tables.huge_page_size().bytes();
    for (const VirtualAddress end : {span.start, span.end}) {
        const VirtualAddress start{end.value / huge_bytes * huge_bytes};
        if (start == end) {
            continue;
        }
        const std::optional<EntrySlot> slot = parts_.page_tables.find(process.space, start);
        if (slot && slot->huge()) {
            parts_.pages.split(process, start, *slot);
        }
    }
}

void PageCalls::split_all(Process& process, PageSpan span) {
    split_at_ends(process, span);
    std::vector<VirtualAddress> whole;
    parts_.page_tables.visit(process.space, span,
                             [&](VirtualAddress address, const EntrySlot& slot) {
                                 if (slot.huge()) {
                                     whole.push_back(address);
                                 }
                             });
    for (const VirtualAddress address : whole) {
        parts_.pages.split(process, address, *parts_.page_tables.find(process.space, address));
    }
}

void PageCalls::drop_pages(Process& process, PageSpan span) {
    split_at_ends(process, span);
    parts_.page_tables.visit(process.space, span,
                             [&](VirtualAddress address, const EntrySlot& slot) {
                                 parts_.pages.unmap(process, address, slot);
                             });
}

void PageCalls::let_go(Process& process, PageSpan span) {
    split_all(process, span);
    parts_.page_tables.visit(process.space, span,
                             [&](VirtualAddress address, const EntrySlot& slot) {
                                 if (std::holds_alternative<Swapped>(page_state_of(slot.entry))) {
                                     parts_.pages.unmap(process, address, slot);
                                 }
                             });
    for (const PhysicalPageNumber number : own_frames(process, span)) {
        Frame& frame = parts_.frames[number];
        const bool others_want_it = frame.slot && !parts_.pages.only_frame_has(*frame.slot);
        if (frame.object_page || others_want_it) {
            continue;
        }
        if (frame.slot) {
            parts_.pages.drop_swap_slot(number);
        }
        parts_.pages.collect_dirty_bits(number, Writes::allowed);
        frame.dirty = false;
        frame.freeable = true;
    }
}

void PageCalls::page_out(Process& process, PageSpan span) {
    split_all(process, span);
    std::vector<IoTicket> writes;
    for (const PhysicalPageNumber number : own_frames(process, span)) {
        if (!parts_.reclaimer.may_leave(number)) {
            continue;
        }
        if (const std::optional<IoTicket> write = parts_.reclaimer.evict(number)) {
            writes.push_back(*write);
        }
    }
    wait_for_all(writes);
}

void PageCalls::read_in(Process& process, const Region& region) {
    if (region.object && parts_.objects[*region.object].kind == ObjectKind::file) {
        wait_for_all(parts_.read_ahead.read(*region.object, region.object_page,
                                            region.object_page + region.pages(),
                                            {.process = process.id, .kind = PageKind::file}));
        return;
    }
    std::vector<IoTicket> reads;
    parts_.page_tables.visit(
        process.space, region.span(), [&](VirtualAddress, const EntrySlot& slot) {
            const PageState state = page_state_of(slot.entry);
            const auto* const swapped = std::get_if<Swapped>(&state);
            if (swapped != nullptr && !parts_.pages.in_swap_cache(swapped->slot)) {
                const auto read = parts_.read_ahead.read(swapped->slot, process.id);
                reads.insert(reads.end(), read.begin(), read.end());
            }
        });
    wait_for_all(reads);
}

std::optional<CallError> PageCalls::write_back(ObjectId file, std::uint64_t first,
                                               std::uint64_t end) {
    Object& object = parts_.objects[file];
    if (object.kind != ObjectKind::file) {
        return std::nullopt;
    }
    std::vector<IoTicket> writes;
    for (auto page = object.cache.lower_bound(first);
         page != object.cache.end() && page->first < end; ++page) {
        const Frame& frame = parts_.frames[page->second];
        if (frame.arriving()) {
            continue;
        }
        if (parts_.pages.dirty(page->second)) {
            parts_.pages.collect_dirty_bits(page->second, Writes::reported);
            writes.push_back(parts_.transfers.write_back(page->second));
        } else if (frame.io) {
            writes.push_back(*frame.io);
        }
    }
    wait_for_all(writes);
    const bool failed = std::count_if(writes.begin(), writes.end(), [this](IoTicket ticket) {
                            return parts_.transfers.take_failure(ticket);
                        }) > 0;
    return failed ? std::optional(CallError::eio) : std::nullopt;
}

std::optional<CallError> PageCalls::drop(ObjectId file) {
    Object& object = parts_.objects[file];
    const std::optional<CallError> error = write_back(file, 0, object.pages());
    const std::map<std::uint64_t, PhysicalPageNumber> cache = object.cache;
    for (const auto& [page, number] : cache) {
        const Frame& frame = parts_.frames[number];
        const bool kept = object.kind == ObjectKind::shared_memory || frame.dirty;
        if (!frame.held() && !kept) {
            parts_.pages.release(number);
        }
    }
    return error;
}

void PageCalls::warm(ObjectId file) {
    const Object& object = parts_.objects[file];
    if (object.kind == ObjectKind::file) {
        wait_for_all(parts_.read_ahead.read(file, 0, object.pages(), {}));
    }
}

// Whether the access can be made afterwards.
bool PageCalls::touch(Process& process, VirtualAddress address, AccessType type) {
    while (true) {
        const FaultProgress progress =
            parts_.faults.resolve(process, {.address = address, .type = type});
        if (const auto* const outcome = std::get_if<FaultOutcome>(&progress)) {
            if (!outcome->signal) {
                ++process.faults[outcome->kind];
            }
            return !outcome->signal;
        }
        parts_.transfers.wait_for(std::get<IoTicket>(progress));
    }
}

bool PageCalls::needs_touch(const Process& process, VirtualAddress address, AccessType type) {
    const std::optional<EntrySlot> slot = parts_.page_tables.find(process.space, address);
    if (!slot || !slot->entry.valid()) {
        return true;
    }
    return type == AccessType::write && !slot->entry.flags().writable();
}

void PageCalls::wait_for_all(const std::vector<IoTicket>& tickets) {
    for (const IoTicket ticket : tickets) {
        parts_.transfers.wait_for(ticket);
    }
}

// The frames that the process maps in the span, and nobody else.
std::vector<PhysicalPageNumber> PageCalls::own_frames(const Process& process, PageSpan span) {
    std::vector<PhysicalPageNumber> frames;
    parts_.page_tables.visit(process.space, span, [&](VirtualAddress, const EntrySlot& slot) {
        const PageState state = page_state_of(slot.entry);
        const auto* const present = std::get_if<Present>(&state);
        if (present != nullptr && !parts_.pages.is_zeros(present->frame) &&
            parts_.frames[present->frame].mapped_once()) {
            frames.push_back(present->frame);
        }
    });
    return frames;
}

}  // namespace mmusim::sw
