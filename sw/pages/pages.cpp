// SPDX-License-Identifier: Apache-2.0
#include "sw/pages/pages.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

namespace mmusim::sw {

using hw::PageFlags;
using hw::PageTableEntry;

namespace {

PageTableEntry without(PageTableEntry entry, unsigned bits) {
    return {entry.raw & ~std::uint64_t{bits}};
}

}  // namespace

Pages::Pages(const Parts& parts, const Zeros& zeros) : parts_(parts), zeros_(zeros) {}

void Pages::add_anonymous(PhysicalPageNumber number, const Process& owner) {
    parts_.frames.add(number, {.exclusive = true, .dirty = true});
    parts_.replacement.loaded(number, PageKind::anonymous, owner.id);
}

void Pages::add_huge(PhysicalPageNumber first, const Process& owner) {
    for (std::uint64_t page = 0; page < frames_per_huge_page(); ++page) {
        parts_.frames.add(first + page, {.huge_page = first, .exclusive = true, .dirty = true});
    }
    parts_.replacement.loaded(first, PageKind::anonymous, owner.id);
}

void Pages::add_to_object(PhysicalPageNumber number, const ObjectPage& page) {
    Object& object = parts_.objects[page.object];
    // Storage has the pages of files, and at first nobody those of shared memory.
    Frame frame{.object_page = page, .dirty = object.kind == ObjectKind::shared_memory};
    const auto swapped = object.swapped.find(page.page);
    if (swapped != object.swapped.end()) {
        frame.slot = swapped->second;
        frame.dirty = false;
        parts_.swap.add_owner(swapped->second);
        swap_cache_[swapped->second.value] = number;
    }
    events_.file_refaults += object.reclaimed.erase(page.page);
    parts_.frames.add(number, frame);
    object.cache[page.page] = number;
}

void Pages::add_from_swap(PhysicalPageNumber number, SwapSlot slot) {
    parts_.swap.add_owner(slot);
    parts_.frames.add(number, {.slot = slot});
    swap_cache_[slot.value] = number;
}

std::optional<PhysicalPageNumber> Pages::in_swap_cache(SwapSlot slot) const {
    const auto found = swap_cache_.find(slot.value);
    return found == swap_cache_.end() ? std::nullopt : std::optional(found->second);
}

void Pages::map(Process& process, VirtualAddress address, const EntrySlot& slot,
                PhysicalPageNumber number, PageFlags flags) {
    write(slot, PageTableEntry::make(number, flags));
    Frame& frame = parts_.frames[number];
    frame.leaving = false;
    add_mapping(process, address, frame);
    replaced(process, address, slot);
}

void Pages::map_huge(Process& process, VirtualAddress address, const EntrySlot& slot,
                     PhysicalPageNumber first, PageFlags flags,
                     std::optional<PhysicalPageNumber> spare_table) {
    write(slot, PageTableEntry::make(first, flags));
    if (spare_table) {
        process.space.spare_tables[page_number_of(address)] = *spare_table;
        ++process.space.page_table_pages;
    }
    if (!is_zeros(first)) {
        parts_.frames[first].huge_mappings.push_back(
            {.process = process.id, .page = page_number_of(address)});
        process.space.resident_pages += frames_per_huge_page();
    }
    if (slot.entry.valid()) {
        fence(process, address, slot.entry);
    }
}

// The huge page of zeros becomes as many times the page of zeros.
void Pages::split(Process& process, VirtualAddress address, const EntrySlot& slot) {
    const PhysicalPageNumber first = slot.entry.page_number();
    const bool zeros = is_zeros(first);
    const auto spare = process.space.spare_tables.extract(page_number_of(address));
    parts_.page_tables.replace_by_table(slot, spare.mapped(), [&](std::uint64_t index) {
        return PageTableEntry::make(zeros ? *zeros_.small : first + index, slot.entry.flags());
    });
    fence(process, address, slot.entry);
    ++events_.split_huge_mappings;
    if (zeros) {
        return;
    }
    for (std::uint64_t page = 0; page < frames_per_huge_page(); ++page) {
        parts_.frames[first + page].mappings.push_back(
            {.process = process.id, .page = page_number_of(address) + page});
    }
    std::erase(parts_.frames[first].huge_mappings,
               PageMapping{.process = process.id, .page = page_number_of(address)});
    dissolve_if_nobody_maps_whole(first, process.id);
}

bool Pages::mapped_once(PhysicalPageNumber huge_page) const {
    bool pages_mapped = false;
    for (std::uint64_t page = 0; page < frames_per_huge_page(); ++page) {
        const Frame& frame = parts_.frames[huge_page + page];
        pages_mapped = pages_mapped || !frame.mappings.empty() || frame.pins > 0;
    }
    return !pages_mapped && parts_.frames[huge_page].huge_mappings.size() == 1;
}

void Pages::make_exclusive(PhysicalPageNumber huge_page) {
    for (std::uint64_t page = 0; page < frames_per_huge_page(); ++page) {
        parts_.frames[huge_page + page].exclusive = true;
    }
}

void Pages::map_zero_page(const EntrySlot& slot, PageFlags flags) {
    write(slot, PageTableEntry::make(*zeros_.small, flags));
}

void Pages::unmap(Process& process, VirtualAddress address, const EntrySlot& slot) {
    write(slot, {});
    replaced(process, address, slot);
    if (slot.huge()) {
        release_spare_table(process, address);
    }
}

void Pages::set_flags(const Process& process, VirtualAddress address, const EntrySlot& slot,
                      PageFlags flags) {
    const unsigned kept =
        slot.entry.flags().bits & (PageFlags::accessed_bit | PageFlags::dirty_bit);
    const PageTableEntry entry =
        PageTableEntry::make(slot.entry.page_number(), flags.with(static_cast<std::uint8_t>(kept)));
    if (entry != slot.entry) {
        write(slot, entry);
        fence(process, address, slot.entry);
    }
}

void Pages::refresh(const Process& process, VirtualAddress address, const EntrySlot& slot,
                    PageFlags flags) {
    const PageTableEntry entry = PageTableEntry::make(slot.entry.page_number(), flags);
    if (entry != slot.entry) {
        write(slot, entry);
    }
    parts_.fences.issue(process.space, address);
}

void Pages::move(Process& process, VirtualAddress from, const EntrySlot& old_slot,
                 VirtualAddress to, const EntrySlot& new_slot) {
    write(old_slot, {});
    write(new_slot, old_slot.entry);
    fence(process, from, old_slot.entry);
    const PageState state = page_state_of(old_slot.entry);
    const auto* const present = std::get_if<Present>(&state);
    if (present == nullptr || is_zeros(present->frame)) {
        return;
    }
    const PageMapping old_mapping{.process = process.id, .page = page_number_of(from)};
    auto& mappings = parts_.frames[present->frame].mappings;
    std::find(mappings.begin(), mappings.end(), old_mapping)->page = page_number_of(to);
}

void Pages::share(Process& parent, VirtualAddress address, const EntrySlot& slot, Process& child,
                  const EntrySlot& child_slot, std::optional<PhysicalPageNumber> spare_table) {
    const PageState state = page_state_of(slot.entry);
    if (const auto* const swapped = std::get_if<Swapped>(&state)) {
        const PageTableEntry entry = swap_entry({.slot = swapped->slot, .exclusive = false});
        if (swapped->exclusive) {
            write(slot, entry);
        }
        write(child_slot, entry);
        parts_.swap.add_owner(swapped->slot);
        ++child.space.swapped_pages;
        return;
    }
    const PageTableEntry entry = without(slot.entry, PageFlags::write_bit);
    if (entry != slot.entry) {
        write(slot, entry);
        fence(parent, address, slot.entry);
    }
    const PhysicalPageNumber number = slot.entry.page_number();
    if (slot.huge()) {
        map_huge(child, address, child_slot, number, entry.flags(), spare_table);
        if (!is_zeros(number)) {
            for (std::uint64_t page = 0; page < frames_per_huge_page(); ++page) {
                parts_.frames[number + page].exclusive = false;
            }
        }
        return;
    }
    write(child_slot, entry);
    if (is_zeros(number)) {
        return;
    }
    Frame& frame = parts_.frames[number];
    frame.exclusive = false;
    add_mapping(child, address, frame);
}

void Pages::unmap_everywhere(PhysicalPageNumber number) {
    Frame& frame = parts_.frames[number];
    const std::vector<PageMapping> whole = frame.huge_mappings;
    for (const PageMapping& mapping : whole) {
        split(parts_.processes[mapping.process], mapping.page.address(), slot_of(mapping));
    }
    const PageTableEntry instead = entry_left_behind(frame);
    const std::vector<PageMapping> mappings = frame.mappings;
    for (const PageMapping& mapping : mappings) {
        Process& process = parts_.processes[mapping.process];
        const EntrySlot slot = slot_of(mapping);
        write(slot, instead);
        fence(process, mapping.page.address(), slot.entry);
        remove_mapping(mapping, slot.entry);
        if (instead.raw != 0) {
            parts_.swap.add_owner(*frame.slot);
            ++process.space.swapped_pages;
        }
    }
}

void Pages::migrate(PhysicalPageNumber from, PhysicalPageNumber to) {
    const Frame frame = parts_.frames[from];
    for (const PageMapping& mapping : frame.mappings) {
        const EntrySlot slot = slot_of(mapping);
        write(slot, PageTableEntry::make(to, slot.entry.flags()));
        fence(parts_.processes[mapping.process], mapping.page.address(), slot.entry);
    }
    if (frame.slot) {
        swap_cache_[frame.slot->value] = to;
    }
    if (frame.object_page) {
        parts_.objects[frame.object_page->object].cache[frame.object_page->page] = to;
    }
    parts_.frames.remove(from);
    parts_.frames.add(to, frame);
    parts_.replacement.moved(from, to);
}

void Pages::set_swap_slot(PhysicalPageNumber number, SwapSlot slot) {
    Frame& frame = parts_.frames[number];
    frame.slot = slot;
    swap_cache_[slot.value] = number;
    if (frame.object_page) {
        parts_.swap.add_owner(slot);
        parts_.objects[frame.object_page->object].swapped[frame.object_page->page] = slot;
    }
}

void Pages::drop_swap_slot(PhysicalPageNumber number) {
    Frame& frame = parts_.frames[number];
    const SwapSlot slot = *std::exchange(frame.slot, std::nullopt);
    frame.dirty = true;
    swap_cache_.erase(slot.value);
    parts_.swap.remove_owner(slot);
    if (frame.object_page) {
        parts_.objects[frame.object_page->object].swapped.erase(frame.object_page->page);
        parts_.swap.remove_owner(slot);
    }
}

// The lowest, so that it does not depend on how pages are kept.
std::optional<PhysicalPageNumber> Pages::spare_swap_slot() const {
    for (const auto& [slot, number] : swap_cache_) {
        const Frame& frame = parts_.frames[number];
        if (!frame.mappings.empty() && !frame.io && only_frame_has({slot})) {
            return number;
        }
    }
    return std::nullopt;
}

bool Pages::named_once(SwapSlot slot) const {
    const std::uint64_t frames = in_swap_cache(slot) ? 1 : 0;
    return parts_.swap.owners(slot) == frames + 1;
}

bool Pages::only_in_swap(SwapSlot slot) const {
    const bool shared_memory =
        std::any_of(parts_.objects.begin(), parts_.objects.end(), [slot](const Object& object) {
            return std::any_of(object.swapped.begin(), object.swapped.end(),
                               [slot](const auto& page) { return page.second == slot; });
        });
    return parts_.swap.owners(slot) > 0 && !in_swap_cache(slot) && !shared_memory;
}

bool Pages::only_frame_has(SwapSlot slot) const {
    return parts_.swap.owners(slot) == 1;
}

void Pages::release_if_unused(PhysicalPageNumber number) {
    const Frame& frame = parts_.frames[number];
    const bool wanted = frame.held() || frame.object_page;
    if (wanted || (frame.slot && !only_frame_has(*frame.slot))) {
        return;
    }
    release(number);
}

void Pages::release(PhysicalPageNumber number) {
    const Frame frame = parts_.frames[number];
    if (frame.slot) {
        swap_cache_.erase(frame.slot->value);
        parts_.swap.remove_owner(*frame.slot);
    }
    if (frame.object_page) {
        parts_.objects[frame.object_page->object].cache.erase(frame.object_page->page);
    }
    parts_.replacement.released(number);
    parts_.frames.remove(number);
    parts_.allocator.release(number, frame.use());
}

void Pages::reclaim(PhysicalPageNumber number) {
    const Frame& frame = parts_.frames[number];
    if (frame.object_page && !frame.slot) {
        parts_.objects[frame.object_page->object].reclaimed.insert(frame.object_page->page);
    }
    ++events_.reclaimed;
    release(number);
}

bool Pages::dirty(PhysicalPageNumber number) {
    const Frame& frame = parts_.frames[number];
    return frame.dirty || std::any_of(frame.mappings.begin(), frame.mappings.end(),
                                      [&](const PageMapping& mapping) {
                                          return slot_of(mapping).entry.flags().dirty();
                                      });
}

std::uint64_t Pages::take_accessed(PhysicalPageNumber number) {
    std::uint64_t accesses = 0;
    for (const PageMapping& mapping : every_mapping(parts_.frames[number])) {
        const EntrySlot slot = slot_of(mapping);
        if (!slot.entry.flags().accessed()) {
            continue;
        }
        ++accesses;
        write(slot, without(slot.entry, PageFlags::accessed_bit));
        fence(parts_.processes[mapping.process], mapping.page.address(), slot.entry);
    }
    return accesses;
}

void Pages::collect_dirty_bits(PhysicalPageNumber number, Writes writes) {
    Frame& frame = parts_.frames[number];
    const unsigned cleared = writes == Writes::reported
                                 ? PageFlags::dirty_bit | PageFlags::write_bit
                                 : PageFlags::dirty_bit;
    for (const PageMapping& mapping : frame.mappings) {
        const EntrySlot slot = slot_of(mapping);
        const PageTableEntry entry = without(slot.entry, cleared);
        if (entry != slot.entry) {
            frame.dirty = frame.dirty || slot.entry.flags().dirty();
            write(slot, entry);
            fence(parts_.processes[mapping.process], mapping.page.address(), slot.entry);
        }
    }
}

// An entry says something else by now: what it said before is not true any more.
void Pages::replaced(Process& process, VirtualAddress address, const EntrySlot& old) {
    fence(process, address, old.entry);
    const PageState state = page_state_of(old.entry);
    if (const auto* const swapped = std::get_if<Swapped>(&state)) {
        give_up_swapped(process, swapped->slot);
        return;
    }
    const auto* const present = std::get_if<Present>(&state);
    if (present == nullptr || is_zeros(present->frame)) {
        return;
    }
    if (old.huge()) {
        remove_huge_mapping(process, address, present->frame);
        return;
    }
    remove_mapping({.process = process.id, .page = page_number_of(address)}, old.entry);
    release_if_unused(present->frame);
}

void Pages::remove_huge_mapping(Process& process, VirtualAddress address,
                                PhysicalPageNumber first) {
    std::erase(parts_.frames[first].huge_mappings,
               PageMapping{.process = process.id, .page = page_number_of(address)});
    process.space.resident_pages -= frames_per_huge_page();
    dissolve_if_nobody_maps_whole(first, process.id);
}

// A huge page that nobody maps whole any more is as many pages, each on its own.
void Pages::dissolve_if_nobody_maps_whole(PhysicalPageNumber first, ProcessId last) {
    if (!parts_.frames[first].huge_mappings.empty()) {
        return;
    }
    parts_.replacement.released(first);
    bool in_use = false;
    for (std::uint64_t page = 0; page < frames_per_huge_page(); ++page) {
        Frame& frame = parts_.frames[first + page];
        frame.huge_page.reset();
        if (frame.held()) {
            parts_.replacement.loaded(first + page, PageKind::anonymous, last);
            in_use = true;
        } else {
            release(first + page);
        }
    }
    events_.split_huge_pages += in_use ? 1 : 0;
}

void Pages::release_spare_table(Process& process, VirtualAddress address) {
    const auto spare = process.space.spare_tables.extract(page_number_of(address));
    --process.space.page_table_pages;
    parts_.allocator.release(spare.mapped(), FrameUse::page_table);
}

std::vector<PageMapping> Pages::every_mapping(const Frame& frame) const {
    std::vector<PageMapping> mappings = frame.mappings;
    mappings.insert(mappings.end(), frame.huge_mappings.begin(), frame.huge_mappings.end());
    return mappings;
}

// What the entry's D bit said goes over to the frame.
void Pages::remove_mapping(const PageMapping& mapping, PageTableEntry old_entry) {
    AddressSpace& space = parts_.processes[mapping.process].space;
    Frame& frame = parts_.frames[old_entry.page_number()];
    frame.dirty = frame.dirty || old_entry.flags().dirty();
    std::erase(frame.mappings, mapping);
    --space.resident_pages;
    space.object_pages -= frame.object_page ? 1 : 0;
}

void Pages::add_mapping(Process& process, VirtualAddress address, Frame& frame) {
    frame.mappings.push_back({.process = process.id, .page = page_number_of(address)});
    ++process.space.resident_pages;
    process.space.object_pages += frame.object_page ? 1 : 0;
}

void Pages::give_up_swapped(Process& process, SwapSlot slot) {
    --process.space.swapped_pages;
    parts_.swap.remove_owner(slot);
    if (const std::optional<PhysicalPageNumber> cached = in_swap_cache(slot)) {
        release_if_unused(*cached);
    }
}

// A page that the hardware could not see is in no TLB.
void Pages::fence(const Process& process, VirtualAddress address, PageTableEntry old_entry) {
    if (old_entry.valid()) {
        parts_.fences.issue(process.space, address);
    }
}

EntrySlot Pages::slot_of(const PageMapping& mapping) {
    const std::optional<EntrySlot> slot =
        parts_.page_tables.find(parts_.processes[mapping.process].space, mapping.page.address());
    if (!slot) {
        throw ModelError(fmt::format("page {} is mapped, and has no page table", mapping.page));
    }
    return *slot;
}

// What an entry says when the page of the frame has left memory.
PageTableEntry Pages::entry_left_behind(const Frame& frame) {
    if (frame.object_page || !frame.slot) {
        return {};
    }
    return swap_entry({.slot = *frame.slot, .exclusive = frame.exclusive});
}

}  // namespace mmusim::sw
