// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/memory_survey.hpp"

#include "sw/processes/process_maps.hpp"
#include "sw/spaces/page_state.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace mmusim::sw {

namespace {

MappedObject mapped_object_of(ObjectKind kind) {
    return kind == ObjectKind::file ? MappedObject::file : MappedObject::shared_memory;
}

// The letters behind the addresses.
std::string perms_of(const std::string& maps_line) {
    constexpr std::size_t letters = 4;
    return maps_line.substr(maps_line.find(' ') + 1, letters);
}

}  // namespace

ProcessMemory MemorySurvey::of(const Process& process) const {
    const AddressSpace& space = process.space;
    if (process.exited) {
        return {.exited = true};
    }
    const std::vector<Region> regions = space.regions.all();
    ProcessMemory memory;
    MemoryCount all;
    for (const Region& region : regions) {
        const MemoryCount counted = count(space, region);
        memory.maps.push_back(mapping(space, region, counted));
        all += counted;
    }
    const SpaceSize size = size_of_space(regions, space.code.start, space.code.end);
    memory.smaps = all.totals();
    memory.statm = {.total = size.total,
                    .resident = space.resident_pages,
                    .shared = space.object_pages,
                    .text = size.text,
                    .data = size.data};
    memory.page_tables = page_tables(space);
    return memory;
}

MemoryCount MemorySurvey::count(const AddressSpace& space, const Region& region) const {
    MemoryCount count;
    count.add_region(region.end.value - region.start.value);
    tables_.visit(space.root, region.span(),
                  [&](const PageTableView::Leaf& leaf) { count_leaf(leaf, region, count); });
    count.add_swapped(swapped_object_pages(space, region) * page_bytes);
    return count;
}

// A huge page lies in one region as a whole, as all that maps it is split where regions end.
void MemorySurvey::count_leaf(const PageTableView::Leaf& leaf, const Region& region,
                              MemoryCount& count) const {
    const PageState state = page_state_of(leaf.entry);
    if (std::holds_alternative<Swapped>(state)) {
        count.add_swapped(page_bytes);
        return;
    }
    const auto* const present = std::get_if<Present>(&state);
    if (present == nullptr || parts_.pages.is_zeros(present->frame)) {
        return;
    }
    if (region.leaf_level > 0) {
        count.add_explicit_huge_page(parts_.huge_pages.bytes_of_page(region),
                                     parts_.huge_pages.mappings_of(present->frame));
        return;
    }
    const std::uint64_t pages = leaf.level == 0 ? 1 : parts_.pages.frames_per_huge_page();
    for (std::uint64_t page = 0; page < pages; ++page) {
        CountedPage counted = counted_page(present->frame + page, leaf.entry, region);
        counted.huge = leaf.level > 0;
        count.add(counted);
    }
}

CountedPage MemorySurvey::counted_page(PhysicalPageNumber number, hw::PageTableEntry entry,
                                       const Region& region) const {
    const Frame& frame = parts_.frames[number];
    const std::uint64_t whole =
        frame.huge_page ? parts_.frames[*frame.huge_page].huge_mappings.size() : 0;
    return {.object = mapped_object(frame),
            .mappings = frame.mappings.size() + whole,
            .dirty = entry.flags().dirty() || frame.dirty || written_by_others(frame),
            .referenced = entry.flags().accessed(),
            .locked = region.locked};
}

// Linux marks a page of a file as a whole when somebody writes to it first.
bool MemorySurvey::written_by_others(const Frame& frame) const {
    if (frame.mappings.size() < 2) {
        return false;
    }
    bool written = false;
    for (const PageMapping& mapping : frame.mappings) {
        const VirtualAddress start = mapping.page.address();
        tables_.visit(parts_.processes[mapping.process].space.root,
                      {.start = start, .end = start + page_bytes},
                      [&written](const PageTableView::Leaf& leaf) {
                          written = written || leaf.entry.flags().dirty();
                      });
    }
    return written;
}

// What swap has of shared memory is in no page-table entry. A shared mapping shows all of it; a
// private one that of pages which it has not copied (smap_gather_stats).
std::uint64_t MemorySurvey::swapped_object_pages(const AddressSpace& space,
                                                 const Region& region) const {
    if (!region.object) {
        return 0;
    }
    const Object& object = parts_.objects[*region.object];
    const std::uint64_t first = region.object_page;
    const std::uint64_t end = first + region.pages();
    std::uint64_t pages = 0;
    for (auto page = object.swapped.lower_bound(first);
         page != object.swapped.end() && page->first < end; ++page) {
        const VirtualAddress address = region.start + (page->first - first) * page_bytes;
        bool own = false;
        if (region.sharing == Sharing::private_) {
            tables_.visit(space.root, {.start = address, .end = address + page_bytes},
                          [&own](const PageTableView::Leaf& /*leaf*/) { own = true; });
        }
        pages += own || object.cached(page->first) ? 0 : 1;
    }
    return pages;
}

MappingStatistics MemorySurvey::mapping(const AddressSpace& space, const Region& region,
                                        const MemoryCount& count) const {
    const std::string name = name_of(space, region);
    const std::string line = maps_line(region, name);
    const SmapsStatistics totals = count.totals();
    return {.start = region.start.value,
            .end = region.end.value,
            .perms = perms_of(line),
            .offset = region.object_page * page_bytes,
            .object = mapped_object(region),
            .name = name,
            .rss = totals.rss,
            .pss = totals.pss,
            .swap = totals.swap,
            .line = line};
}

MappedObject MemorySurvey::mapped_object(const Region& region) const {
    return region.object ? mapped_object_of(parts_.objects[*region.object].kind)
                         : MappedObject::anonymous;
}

MappedObject MemorySurvey::mapped_object(const Frame& frame) const {
    return frame.object_page ? mapped_object_of(parts_.objects[frame.object_page->object].kind)
                             : MappedObject::anonymous;
}

// get_vma_name in fs/proc/task_mmu.c
std::string MemorySurvey::name_of(const AddressSpace& space, const Region& region) const {
    if (region.object) {
        return parts_.objects[*region.object].name;
    }
    const bool heap =
        space.heap && region.start < space.heap->end && space.heap->start < region.end;
    if (heap) {
        return "[heap]";
    }
    if (region.leaf_level > 0) {
        return "/anon_hugepage (deleted)";
    }
    return region.grows_down ? "[stack]" : "";
}

PageTableStatistics MemorySurvey::page_tables(const AddressSpace& space) const {
    PageTableStatistics statistics;
    statistics.bytes = space.page_table_pages * page_bytes;
    statistics.pages_by_level = tables_.tables_by_level(space.root);
    for (std::size_t level = 0; level < hw::max_levels; ++level) {
        statistics.bytes_by_level.at(level) = statistics.pages_by_level.at(level) * page_bytes;
    }
    statistics.spare_pages = space.spare_tables.size();

    const PageSpan user_half{.start = {}, .end = format_.user_half_end()};
    std::optional<PageSpan> used;
    tables_.visit(space.root, user_half, [&](const PageTableView::Leaf& leaf) {
        const VirtualAddress end = leaf.address + format_.page_size_at(leaf.level).bytes();
        used = {.start = used ? used->start : leaf.address, .end = end};
    });
    const auto flat_bytes = [this](PageSpan span) {
        return (span.end.value - span.start.value) / page_bytes * format_.entry_bytes;
    };
    statistics.flat_bytes = flat_bytes(user_half);
    statistics.flat_span_bytes = used ? flat_bytes(*used) : 0;
    return statistics;
}

}  // namespace mmusim::sw
