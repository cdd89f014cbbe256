// SPDX-License-Identifier: Apache-2.0
#include "sw/reclaim/reclaimer.hpp"

#include "hw/base/problems.hpp"
#include "sw/reclaim/next_access.hpp"

#include <algorithm>
#include <bit>

namespace mmusim::sw {

namespace {

// Whether swap, and no file, keeps the page.
bool swap_backed(const Frame& frame, const Objects& objects) {
    return !frame.object_page ||
           objects[frame.object_page->object].kind == ObjectKind::shared_memory;
}

}  // namespace

Reclaimer::Reclaimer(const OsParameters& parameters, const Parts& parts)
    : parameters_(parameters), parts_(parts) {
    if (parameters.page_replacement == PageReplacementPolicy::opt && parts.future == nullptr) {
        throw ModelError("the optimal page replacement was given no future");
    }
}

FrameGrant Reclaimer::take(FrameUse use) {
    parts_.machine.spend(Stage::fault_allocate, parameters_.frame_allocation_cycles);
    while (true) {
        parts_.transfers.settle();
        if (const auto frame = parts_.allocator.allocate(use)) {
            return *frame;
        }
        const auto victim = parts_.replacement.victim(*this, working_for_);
        if (!victim) {
            return FrameShortage{.until = parts_.transfers.oldest_write()};
        }
        const std::optional<IoTicket> write = evict(*victim);
        parts_.transfers.settle();
        if (write && parts_.transfers.under_way(*write)) {
            return FrameShortage{.until = write};
        }
    }
}

FrameGrant Reclaimer::take_cleared(FrameUse use) {
    FrameGrant grant = take(use);
    if (const auto* const frame = std::get_if<PhysicalPageNumber>(&grant)) {
        parts_.machine.spend(Stage::fault_clear, parameters_.frame_clear_cycles);
        parts_.machine.clear_frame(*frame);
    }
    return grant;
}

std::optional<PhysicalPageNumber> Reclaimer::take_at_once(FrameUse use) {
    if (const auto frame = parts_.allocator.allocate(use)) {
        return frame;
    }
    const auto victim = parts_.replacement.victim(*this, working_for_);
    if (!victim || needs_writing(*victim)) {
        return std::nullopt;
    }
    evict(*victim);
    return parts_.allocator.allocate(use);
}

std::optional<PhysicalPageNumber> Reclaimer::take_cleared_block(std::uint64_t frames,
                                                                PagesMay pages_may) {
    parts_.machine.spend(Stage::fault_allocate, parameters_.frame_allocation_cycles);
    const auto order = static_cast<unsigned>(std::countr_zero(frames));
    auto first = parts_.allocator.allocate(FrameUse::anonymous, order);
    if (!first && pages_may == PagesMay::move) {
        first = parts_.compactor.make_block(order);
    }
    if (!first) {
        return std::nullopt;
    }
    parts_.machine.spend(Stage::fault_clear, parameters_.frame_clear_cycles * frames);
    for (std::uint64_t frame = 0; frame < frames; ++frame) {
        parts_.machine.clear_frame(*first + frame);
    }
    return first;
}

void Reclaimer::balance() {
    std::uint64_t wanted = parts_.allocator.shortage();
    while (wanted > 0) {
        const auto victim = parts_.replacement.victim(*this, working_for_);
        if (!victim) {
            return;
        }
        evict(*victim);
        --wanted;
    }
}

std::optional<IoTicket> Reclaimer::evict(PhysicalPageNumber number) {
    parts_.machine.spend(Stage::fault_reclaim, parameters_.reclaim_cycles);
    Frame& frame = parts_.frames[number];
    if (frame.freeable && parts_.pages.dirty(number)) {
        frame.freeable = false;
        frame.dirty = true;
    }
    if (swap_backed(frame, parts_.objects) && !frame.freeable && !frame.slot) {
        give_swap_slot(number);
    }
    parts_.pages.unmap_everywhere(number);
    if (!frame.dirty) {
        ++evictions_.clean;
        parts_.pages.reclaim(number);
        return std::nullopt;
    }
    ++evictions_.dirty;
    frame.leaving = true;
    return parts_.transfers.write_back(number);
}

bool Reclaimer::may_leave(PhysicalPageNumber number) {
    ++scanned_;
    const Frame& frame = parts_.frames[number];
    if (frame.io || frame.pins > 0 || frame.unwritable || locked(frame)) {
        return false;
    }
    const bool needs_slot = swap_backed(frame, parts_.objects) && !frame.slot &&
                            !(frame.freeable && !parts_.pages.dirty(number));
    const bool slot_there = parts_.swap.taken() < parts_.swap.size() ||
                            (parts_.swap.size() > 0 && parts_.pages.has_spare_swap_slot());
    return !needs_slot || slot_there;
}

bool Reclaimer::needs_writing(PhysicalPageNumber number) {
    const Frame& frame = parts_.frames[number];
    const bool kept_nowhere = swap_backed(frame, parts_.objects) && !frame.slot && !frame.freeable;
    return kept_nowhere || parts_.pages.dirty(number);
}

void Reclaimer::reset_statistics() {
    evictions_ = {};
    scanned_ = 0;
}

std::uint64_t Reclaimer::take_accessed(PhysicalPageNumber number) {
    return parts_.pages.take_accessed(number);
}

bool Reclaimer::dirty(PhysicalPageNumber number) {
    return parts_.pages.dirty(number);
}

std::optional<std::uint64_t> Reclaimer::next_access(PhysicalPageNumber number) {
    return sw::next_access(parts_.frames[number], parts_.processes, *parts_.future);
}

bool Reclaimer::locked(const Frame& frame) const {
    const auto in_locked_region = [this](const PageMapping& mapping) {
        const AddressSpace& space = parts_.processes[mapping.process].space;
        return space.regions.find(mapping.page.address())->locked;
    };
    return std::any_of(frame.mappings.begin(), frame.mappings.end(), in_locked_region) ||
           std::any_of(frame.huge_mappings.begin(), frame.huge_mappings.end(), in_locked_region);
}

void Reclaimer::give_swap_slot(PhysicalPageNumber number) {
    if (parts_.swap.taken() == parts_.swap.size()) {
        parts_.pages.drop_spare_swap_slot();
    }
    parts_.pages.set_swap_slot(number, *parts_.swap.take());
}

}  // namespace mmusim::sw
