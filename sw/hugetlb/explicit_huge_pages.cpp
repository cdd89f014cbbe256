// SPDX-License-Identifier: Apache-2.0
#include "sw/hugetlb/explicit_huge_pages.hpp"

#include "sw/pages/page_flags.hpp"
#include "sw/spaces/page_state.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace mmusim::sw {

using hw::PageFlags;
using hw::PageTableEntry;

struct ExplicitHugePages::Request {
    Process& process;
    const Region& region;
    VirtualAddress start;  ///< of the page
    AccessType type = AccessType::read;
    const EntrySlot& slot;

    [[nodiscard]] PhysicalPageNumber page() const { return slot.entry.page_number(); }
    [[nodiscard]] PageFlags flags(Writes writes) const { return page_flags(region.rights, writes); }
    [[nodiscard]] PageFlags written_flags() const {
        return region.rights.write ? flags(Writes::allowed).with(PageFlags::dirty_bit)
                                   : flags(Writes::allowed);
    }
    [[nodiscard]] PageMapping mapping() const {
        return {.process = process.id, .page = page_number_of(start)};
    }
};

bool ExplicitHugePages::cut_by(const AddressSpace& space, PageSpan span) const {
    const std::array<VirtualAddress, 2> ends{span.start, span.end};
    return std::any_of(ends.begin(), ends.end(), [&](VirtualAddress end) {
        const std::optional<Region> region = space.regions.find(end);
        return region && end.value % bytes_of_page(*region) != 0;
    });
}

bool ExplicitHugePages::promise(const Region& region) {
    const std::uint64_t pages = (region.end.value - region.start.value) / bytes_of_page(region);
    return parts_.pools[region.leaf_level].promise(pages);
}

void ExplicitHugePages::opened(Process& process, const Region& region) {
    for (VirtualAddress page = region.start; page < region.end;
         page = page + bytes_of_page(region)) {
        if (region.object) {
            promised_to_objects_.emplace(*region.object, region.object_page_at(page));
        } else {
            process.space.promised_huge_pages.insert(page_number_of(page));
        }
    }
}

// A shared object has its pages, and the promise of those that it has not, as long as anybody maps
// it.
void ExplicitHugePages::closed(Process& process, const Region& region) {
    if (region.object) {
        if (!anybody_maps(*region.object)) {
            forget(*region.object, region.leaf_level);
        }
        return;
    }
    for (VirtualAddress page = region.start; page < region.end;
         page = page + bytes_of_page(region)) {
        const std::uint64_t promises =
            process.space.promised_huge_pages.erase(page_number_of(page));
        parts_.pools[region.leaf_level].forgo(promises);
    }
}

FaultOutcome ExplicitHugePages::resolve(Process& process, const Region& region,
                                        VirtualAddress address, AccessType type,
                                        const EntrySlot& slot) {
    const std::uint64_t inside = address.value % bytes_of_page(region);
    const Request request{.process = process,
                          .region = region,
                          .start = {address.value - inside},
                          .type = type,
                          .slot = slot};
    if (std::holds_alternative<Present>(page_state_of(slot.entry))) {
        return write_to_present(request);
    }
    return region.object ? absent_shared(request) : absent_private(request);
}

// Also a page that is only read is the process's own: there is no huge page of zeros here. Its
// first write is another fault, which finds that nobody else has it.
FaultOutcome ExplicitHugePages::absent_private(const Request& request) {
    const auto page = take_for(request);
    if (!page) {
        return {.kind = FaultKind::out_of_memory, .signal = Signal::bus_adrerr};
    }
    request.process.space.regions.note_own_pages(request.start);
    map(request, *page,
        request.type == AccessType::write ? request.written_flags()
                                          : request.flags(Writes::reported));
    return {.kind = FaultKind::anonymous_zero};
}

FaultOutcome ExplicitHugePages::absent_shared(const Request& request) {
    const ObjectKey key{*request.region.object, request.region.object_page_at(request.start)};
    auto found = pages_of_objects_.find(key);
    if (found == pages_of_objects_.end()) {
        const PhysicalPageNumber page = take_for(request).value();
        pages_[page].object = true;
        found = pages_of_objects_.emplace(key, page).first;
    }
    map(request, found->second, request.written_flags());
    return {.kind = FaultKind::file_minor};
}

FaultOutcome ExplicitHugePages::write_to_present(const Request& request) {
    const bool shared = request.region.sharing == Sharing::shared;
    if (!shared && pages_.at(request.page()).mappings.size() > 1) {
        // Not one that is promised: those are for pages that have not been touched.
        if (const auto to = parts_.pools[request.region.leaf_level].take()) {
            return copy(request, *to);
        }
        if (!request.region.promised_pages) {
            return {.kind = FaultKind::out_of_memory, .signal = Signal::bus_adrerr};
        }
        take_from_others(request.page(), request.process.id);
    }
    parts_.page_tables.write(request.slot,
                             PageTableEntry::make(request.page(), request.written_flags()));
    fence(request.process, request.start, request.slot.entry);
    return {.kind = FaultKind::cow_reuse};
}

FaultOutcome ExplicitHugePages::copy(const Request& request, PhysicalPageNumber to) {
    const std::uint64_t frames = frames_at(request.region.leaf_level);
    parts_.machine.spend(Stage::fault_allocate, parameters_.frame_allocation_cycles);
    parts_.machine.spend(Stage::fault_copy, parameters_.frame_copy_cycles * frames);
    for (std::uint64_t frame = 0; frame < frames; ++frame) {
        parts_.machine.copy_frame(request.page() + frame, to + frame);
    }
    pages_[to].level = request.region.leaf_level;
    parts_.page_tables.write(request.slot, PageTableEntry::make(to, request.written_flags()));
    pages_[to].mappings.push_back(request.mapping());
    fence(request.process, request.start, request.slot.entry);
    remove_mapping(request.page(), request.mapping());
    return {.kind = FaultKind::cow_copy};
}

// A cleared page from the pool. What is promised to the process or its object is there; others get
// what is promised to nobody.
std::optional<PhysicalPageNumber> ExplicitHugePages::take_for(const Request& request) {
    if (request.region.lost_pages) {
        return std::nullopt;
    }
    HugePagePool& pool = parts_.pools[request.region.leaf_level];
    const bool promised =
        request.region.object
            ? promised_to_objects_.erase(
                  {*request.region.object, request.region.object_page_at(request.start)}) > 0
            : request.process.space.promised_huge_pages.erase(page_number_of(request.start)) > 0;
    const auto page = promised ? std::optional(pool.take_promised()) : pool.take();
    if (!page) {
        return std::nullopt;
    }
    const std::uint64_t frames = frames_at(request.region.leaf_level);
    parts_.machine.spend(Stage::fault_allocate, parameters_.frame_allocation_cycles);
    parts_.machine.spend(Stage::fault_clear, parameters_.frame_clear_cycles * frames);
    for (std::uint64_t frame = 0; frame < frames; ++frame) {
        parts_.machine.clear_frame(*page + frame);
    }
    pages_[*page].level = request.region.leaf_level;
    return page;
}

// Whoever was promised its pages keeps this one; the children that share it lose it, and get none
// instead (mm/hugetlb.c, unmap_ref_private and HPAGE_RESV_UNMAPPED).
void ExplicitHugePages::take_from_others(PhysicalPageNumber page, ProcessId keeps) {
    const std::vector<PageMapping> mappings = pages_.at(page).mappings;
    for (const PageMapping& mapping : mappings) {
        if (mapping.process == keeps) {
            continue;
        }
        Process& other = parts_.processes[mapping.process];
        const VirtualAddress address = mapping.page.address();
        const Region region = *other.space.regions.find(address);
        unmap(other, address, *parts_.page_tables.find(other.space, address, region.leaf_level));
        other.space.regions.change(region.span(),
                                   [](Region& changed) { changed.lost_pages = true; });
    }
}

void ExplicitHugePages::drop(Process& process, PageSpan span) {
    parts_.page_tables.visit(
        process.space, span,
        [&](VirtualAddress address, const EntrySlot& slot) { unmap(process, address, slot); });
}

void ExplicitHugePages::share(Process& parent, VirtualAddress address, const EntrySlot& slot,
                              Process& child, const EntrySlot& child_slot) {
    const PageTableEntry entry{slot.entry.raw & ~std::uint64_t{PageFlags::write_bit}};
    if (entry != slot.entry) {
        parts_.page_tables.write(slot, entry);
        fence(parent, address, slot.entry);
    }
    parts_.page_tables.write(child_slot, entry);
    pages_.at(entry.page_number())
        .mappings.push_back({.process = child.id, .page = page_number_of(address)});
    child.space.hugetlb_pages += frames_at(slot.level);
}

void ExplicitHugePages::move(Process& process, VirtualAddress from, const EntrySlot& old_slot,
                             VirtualAddress to, const EntrySlot& new_slot) {
    parts_.page_tables.write(old_slot, {});
    parts_.page_tables.write(new_slot, old_slot.entry);
    fence(process, from, old_slot.entry);
    const PageMapping old_mapping{.process = process.id, .page = page_number_of(from)};
    auto& mappings = pages_.at(old_slot.entry.page_number()).mappings;
    std::find(mappings.begin(), mappings.end(), old_mapping)->page = page_number_of(to);
}

void ExplicitHugePages::move_promises(Process& process, PageSpan span, VirtualAddress to) {
    std::set<VirtualPageNumber>& promised = process.space.promised_huge_pages;
    const auto first = promised.lower_bound(page_number_of(span.start));
    const auto end = promised.lower_bound(page_number_of(span.end));
    const std::vector<VirtualPageNumber> pages(first, end);
    promised.erase(first, end);
    for (const VirtualPageNumber page : pages) {
        promised.insert(page_number_of(to + (page.address().value - span.start.value)));
    }
}

void ExplicitHugePages::map(const Request& request, PhysicalPageNumber page, PageFlags flags) {
    parts_.page_tables.write(request.slot, PageTableEntry::make(page, flags));
    pages_.at(page).mappings.push_back(request.mapping());
    request.process.space.hugetlb_pages += frames_at(request.region.leaf_level);
}

void ExplicitHugePages::unmap(Process& process, VirtualAddress address, const EntrySlot& slot) {
    parts_.page_tables.write(slot, {});
    fence(process, address, slot.entry);
    process.space.hugetlb_pages -= frames_at(slot.level);
    remove_mapping(slot.entry.page_number(),
                   {.process = process.id, .page = page_number_of(address)});
}

void ExplicitHugePages::remove_mapping(PhysicalPageNumber page, const PageMapping& mapping) {
    HugePage& used = pages_.at(page);
    std::erase(used.mappings, mapping);
    if (used.mappings.empty() && !used.object) {
        give_back(page);
    }
}

void ExplicitHugePages::give_back(PhysicalPageNumber page) {
    parts_.pools[pages_.at(page).level].give_back(page);
    pages_.erase(page);
}

void ExplicitHugePages::fence(const Process& process, VirtualAddress address,
                              PageTableEntry old_entry) {
    if (old_entry.valid()) {
        parts_.fences.issue(process.space, address);
    }
}

bool ExplicitHugePages::anybody_maps(ObjectId object) const {
    return std::any_of(
        parts_.processes.begin(), parts_.processes.end(), [&](const Process& process) {
            const std::vector<Region> regions = process.space.regions.all();
            return std::any_of(regions.begin(), regions.end(),
                               [&](const Region& region) { return region.object == object; });
        });
}

void ExplicitHugePages::forget(ObjectId object, unsigned level) {
    const ObjectKey first{object, 0};
    const ObjectKey end{{object.value + 1}, 0};
    const auto page = pages_of_objects_.lower_bound(first);
    const auto last_page = pages_of_objects_.lower_bound(end);
    for (auto next = page; next != last_page; ++next) {
        give_back(next->second);
    }
    pages_of_objects_.erase(page, last_page);
    const auto promise = promised_to_objects_.lower_bound(first);
    const auto last_promise = promised_to_objects_.lower_bound(end);
    parts_.pools[level].forgo(static_cast<std::uint64_t>(std::distance(promise, last_promise)));
    promised_to_objects_.erase(promise, last_promise);
}

}  // namespace mmusim::sw
