// SPDX-License-Identifier: Apache-2.0
#include "sw/pages/read_ahead.hpp"

#include "sw/faults/fault_windows.hpp"

#include <algorithm>

namespace mmusim::sw {

void ReadAhead::read(const ObjectPage& page, PhysicalPageNumber frame, AccessPattern pattern,
                     const Reader& reader) {
    // It is there before any other page asks for a frame.
    parts_.pages.add_to_object(frame, page);
    const Object& file = parts_.objects[page.object];
    const PageRange window =
        read_ahead(page.page, file.pages(), parameters_.readahead_pages, pattern);
    std::vector<Run> runs;
    for (std::uint64_t next = window.first; next < window.end; ++next) {
        if (next == page.page) {
            append(runs, file.first_storage_page + next, frame);
            continue;
        }
        if (file.cached(next)) {
            continue;
        }
        if (const auto free = parts_.reclaimer.take_at_once(FrameUse::file)) {
            parts_.pages.add_to_object(*free, {.object = page.object, .page = next});
            append(runs, file.first_storage_page + next, *free);
        }
    }
    submit(runs, StorageArea::files, reader);
}

std::vector<IoTicket> ReadAhead::read(ObjectId id, std::uint64_t first, std::uint64_t end,
                                      const Reader& reader) {
    const Object& file = parts_.objects[id];
    std::vector<Run> runs;
    for (std::uint64_t page = first; page < std::min(end, file.pages()); ++page) {
        if (file.cached(page)) {
            continue;
        }
        const auto frame = parts_.reclaimer.take_at_once(FrameUse::file);
        if (!frame) {
            break;
        }
        parts_.pages.add_to_object(*frame, {.object = id, .page = page});
        append(runs, file.first_storage_page + page, *frame);
    }
    return submit(runs, StorageArea::files, reader);
}

void ReadAhead::read(SwapSlot slot, PhysicalPageNumber frame, ProcessId reader) {
    read_group(slot, frame, reader);
}

std::vector<IoTicket> ReadAhead::read(SwapSlot slot, ProcessId reader) {
    const auto frame = parts_.reclaimer.take_at_once(FrameUse::anonymous);
    return frame ? read_group(slot, *frame, reader) : std::vector<IoTicket>{};
}

std::vector<IoTicket> ReadAhead::read_group(SwapSlot slot, PhysicalPageNumber frame,
                                            ProcessId reader) {
    parts_.pages.add_from_swap(frame, slot);
    const std::uint64_t group = std::max<std::uint64_t>(parameters_.swap.readahead_pages, 1);
    const std::uint64_t first = slot.value / group * group;
    std::vector<Run> runs;
    for (std::uint64_t next = first; next < first + group; ++next) {
        if (next == slot.value) {
            append(runs, next, frame);
            continue;
        }
        // Slots of shared memory are its own affair.
        const SwapSlot neighbour{next};
        if (!parts_.pages.only_in_swap(neighbour)) {
            continue;
        }
        if (const auto free = parts_.reclaimer.take_at_once(FrameUse::anonymous)) {
            parts_.pages.add_from_swap(*free, neighbour);
            append(runs, next, *free);
        }
    }
    return submit(runs, StorageArea::swap, {.process = reader, .kind = PageKind::anonymous});
}

std::vector<IoTicket> ReadAhead::submit(const std::vector<Run>& runs, StorageArea area,
                                        const Reader& reader) {
    std::vector<IoTicket> tickets;
    tickets.reserve(runs.size());
    for (const Run& run : runs) {
        tickets.push_back(
            parts_.transfers.read(area, run.first_page, run.frames, reader.process, reader.kind));
    }
    return tickets;
}

void ReadAhead::append(std::vector<Run>& runs, std::uint64_t page, PhysicalPageNumber frame) {
    if (runs.empty() || !runs.back().continued_by(page)) {
        runs.push_back({.first_page = page, .frames = {}});
    }
    runs.back().frames.push_back(frame);
}

}  // namespace mmusim::sw
