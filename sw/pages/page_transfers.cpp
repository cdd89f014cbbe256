// SPDX-License-Identifier: Apache-2.0
#include "sw/pages/page_transfers.hpp"

#include <algorithm>
#include <utility>

namespace mmusim::sw {

IoTicket PageTransfers::read(StorageArea area, std::uint64_t first_page,
                             std::vector<PhysicalPageNumber> frames, ProcessId reader,
                             PageKind kind) {
    return begin({.transfer = {.writes = false,
                               .area = area,
                               .first_page = first_page,
                               .frames = std::move(frames)},
                  .reader = reader,
                  .kind = kind});
}

IoTicket PageTransfers::write_back(PhysicalPageNumber number) {
    Frame& frame = parts_.frames[number];
    frame.dirty = false;
    frame.written_back = true;
    const bool to_file = !frame.slot;
    std::uint64_t page = 0;
    if (to_file) {
        const Object& file = parts_.objects[frame.object_page->object];
        page = file.first_storage_page + frame.object_page->page;
    } else {
        page = frame.slot->value;
    }
    return begin({.transfer = {.writes = true,
                               .area = to_file ? StorageArea::files : StorageArea::swap,
                               .first_page = page,
                               .frames = {number}},
                  .reader = {}});
}

void PageTransfers::settle() {
    for (const IoCompletion& completion : parts_.machine.completed_transfers()) {
        finish(completion);
    }
}

void PageTransfers::wait_for(IoTicket ticket) {
    settle();
    while (under_way(ticket)) {
        parts_.machine.wait_for_storage();
        settle();
    }
}

std::optional<IoTicket> PageTransfers::oldest_write() const {
    const auto found = std::find_if(under_way_.begin(), under_way_.end(), [](const auto& request) {
        return request.second.transfer.writes;
    });
    return found == under_way_.end() ? std::nullopt : std::optional(found->first);
}

IoTicket PageTransfers::begin(Request request) {
    count(request.transfer);
    const IoTicket ticket = parts_.machine.transfer(request.transfer);
    for (const PhysicalPageNumber frame : request.transfer.frames) {
        parts_.frames[frame].io = ticket;
    }
    under_way_.emplace(ticket, std::move(request));
    return ticket;
}

void PageTransfers::finish(const IoCompletion& completion) {
    const Request request = std::move(under_way_.extract(completion.ticket).mapped());
    const bool failed = completion.result == StorageResult::failed;
    if (failed && request.transfer.writes) {
        failed_.insert(completion.ticket);
    }
    if (request.transfer.writes) {
        written(request.transfer.frames.front(), completion.result);
    } else if (failed) {
        never_arrives(completion.ticket, request);
    } else {
        arrived(request);
    }
}

void PageTransfers::arrived(const Request& request) {
    for (const PhysicalPageNumber number : request.transfer.frames) {
        parts_.frames[number].io.reset();
        parts_.replacement.loaded(number, request.kind, request.reader);
        parts_.pages.release_if_unused(number);
    }
}

// Those who wait for a page are told, and its frame is free again.
void PageTransfers::never_arrives(IoTicket ticket, const Request& request) {
    for (Process& process : parts_.processes) {
        std::optional<PendingFault>& pending = process.pending_fault;
        if (pending && pending->waits_for == ticket) {
            pending->failed = true;
            pending->pinned.reset();
        }
    }
    for (const PhysicalPageNumber number : request.transfer.frames) {
        parts_.pages.release(number);
    }
}

void PageTransfers::written(PhysicalPageNumber number, StorageResult result) {
    Frame& frame = parts_.frames[number];
    frame.io.reset();
    frame.written_back = false;
    if (result == StorageResult::failed) {
        frame.dirty = true;
        frame.unwritable = true;
        frame.leaving = false;
        parts_.pages.release_if_unused(number);
        return;
    }
    frame.unwritable = false;
    if (frame.leaving && !frame.held() && !frame.dirty) {
        parts_.pages.reclaim(number);
    } else {
        parts_.pages.release_if_unused(number);
    }
}

void PageTransfers::count(const StorageTransfer& transfer) {
    const std::uint64_t pages = transfer.frames.size();
    const bool swap = transfer.area == StorageArea::swap;
    if (transfer.writes) {
        (swap ? traffic_.swap_writes : traffic_.file_writes) += pages;
    } else {
        (swap ? traffic_.swap_reads : traffic_.file_reads) += pages;
    }
}

}  // namespace mmusim::sw
