// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "sw/reclaim/replacement_scope.hpp"
#include "sw/replacement/page_replacement.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace mmusim::sw {

/// Whether the operating system's loads and stores hold it up.
enum class MemoryAccesses : std::uint8_t {
    posted,    ///< they go to memory, and the handler goes on
    blocking,  ///< the handler waits for each
    instant,   ///< an ideal: they take no time, and no part of the memory sees them
};

[[nodiscard]] constexpr auto enumerator_names(MemoryAccesses) {
    return std::array<std::string_view, 3>{"posted", "blocking", "instant"};
}

/// When anonymous memory is given as huge pages.
enum class HugePages : std::uint8_t {
    never,
    madvise,  ///< only where a program asks for them
    always,   ///< wherever a program does not forbid them
};

[[nodiscard]] constexpr auto enumerator_names(HugePages) {
    return std::array<std::string_view, 3>{"never", "madvise", "always"};
}

/// When a huge page for which no block of frames is free makes pages move (Linux's
/// /sys/kernel/mm/transparent_hugepage/defrag, without its values for the background).
enum class HugePageDefrag : std::uint8_t {
    never,
    madvise,  ///< only where a program has asked for huge pages
    always,
};

[[nodiscard]] constexpr auto enumerator_names(HugePageDefrag) {
    return std::array<std::string_view, 3>{"never", "madvise", "always"};
}

struct SchedulerParameters {
    Cycles time_slice_cycles{1'000'000};
    Cycles context_switch_cycles{0};

    static constexpr auto fields() {
        using P = SchedulerParameters;
        return std::tuple{
            parameter("time_slice_cycles", &P::time_slice_cycles,
                      "a process runs so long before the next one's turn", at_least(1)),
            parameter("context_switch_cycles", &P::context_switch_cycles,
                      "from the last access of one process to the first of the next"),
        };
    }
};

struct SwapParameters {
    std::uint64_t size_bytes = 0;
    std::uint64_t readahead_pages = 0;

    static constexpr auto fields() {
        using P = SwapParameters;
        return std::tuple{
            parameter("size_bytes", &P::size_bytes, "the swap area; 0: there is none"),
            parameter("readahead_pages", &P::readahead_pages,
                      "a page is read from swap with those of its aligned group of so many places; "
                      "0: alone",
                      Range{0, 512}),
        };
    }
};

/// How many explicit huge pages of each size are kept apart (Linux's
/// /sys/kernel/mm/hugepages/hugepages-SIZE/nr_hugepages).
struct HugetlbParameters {
    std::uint64_t pages_2mib = 0;
    std::uint64_t pages_4mib = 0;
    std::uint64_t pages_1gib = 0;

    static constexpr auto fields() {
        using P = HugetlbParameters;
        return std::tuple{
            parameter("pages_2mib", &P::pages_2mib, "of 2 MiB"),
            parameter("pages_4mib", &P::pages_4mib, "of 4 MiB, which only sv32 has"),
            parameter("pages_1gib", &P::pages_1gib, "of 1 GiB"),
        };
    }
};

/// How many of this size.
[[nodiscard]] constexpr std::uint64_t pages_of(const HugetlbParameters& parameters, PageSize size) {
    switch (size.log2_bytes) {
        case 21: return parameters.pages_2mib;
        case 22: return parameters.pages_4mib;
        case 30: return parameters.pages_1gib;
        default: return 0;
    }
}

struct OsParameters {
    Cycles fault_entry_cycles{0};
    Cycles fault_retry_cycles{0};
    Cycles region_lookup_cycles{0};
    Cycles frame_allocation_cycles{0};
    Cycles frame_clear_cycles{0};
    Cycles frame_copy_cycles{0};
    Cycles reclaim_cycles{0};
    Cycles compaction_cycles{0};
    Cycles page_table_cycles{0};
    Cycles fence_cycles{0};
    Cycles fault_return_cycles{0};
    Cycles system_call_cycles{0};
    MemoryAccesses memory_accesses = MemoryAccesses::posted;
    bool implicit_mapping = true;
    bool zero_page = false;
    HugePages thp = HugePages::never;
    HugePageDefrag thp_defrag = HugePageDefrag::madvise;
    HugetlbParameters hugetlb{};
    std::uint64_t fragmentation_percent = 0;
    bool fragmentation_movable = false;
    std::uint64_t user_frames = 0;
    PageReplacementPolicy page_replacement = PageReplacementPolicy::active_inactive;
    ReplacementScope replacement_scope = ReplacementScope::global;
    Cycles replacement_tick_cycles{1'000'000};
    std::uint64_t fault_around_pages = 16;
    std::uint64_t readahead_pages = 32;
    std::uint64_t stack_limit_bytes = 8 << 20U;
    bool aslr = false;
    std::uint64_t thrashing_stall_percent = 60;
    SwapParameters swap{};
    SchedulerParameters scheduler{};

    static constexpr auto fields() {
        using P = OsParameters;
        return std::tuple{
            parameter("fault_entry_cycles", &P::fault_entry_cycles,
                      "the trap, saving registers, telling what happened"),
            parameter("fault_retry_cycles", &P::fault_retry_cycles,
                      "going on with a fault that waited for storage"),
            parameter("region_lookup_cycles", &P::region_lookup_cycles,
                      "finding the region that holds the address"),
            parameter("frame_allocation_cycles", &P::frame_allocation_cycles,
                      "taking one frame from the allocator"),
            parameter("frame_clear_cycles", &P::frame_clear_cycles,
                      "clearing one frame, apart from the memory's own time"),
            parameter("frame_copy_cycles", &P::frame_copy_cycles,
                      "copying one frame, apart from the memory's own time"),
            parameter("reclaim_cycles", &P::reclaim_cycles,
                      "choosing one page that leaves memory, and taking it from its programs"),
            parameter("compaction_cycles", &P::compaction_cycles,
                      "looking for the block of frames that is the cheapest to empty"),
            parameter("page_table_cycles", &P::page_table_cycles,
                      "finding and writing the page-table entry of one page, apart from the "
                      "memory's own time"),
            parameter("fence_cycles", &P::fence_cycles, "one fence of the TLBs"),
            parameter("fault_return_cycles", &P::fault_return_cycles,
                      "restoring registers and going back to the program"),
            parameter("system_call_cycles", &P::system_call_cycles,
                      "going into the operating system for a call, and back"),
            parameter("memory_accesses", &P::memory_accesses,
                      "whether the handler waits for its own loads and stores; instant: an ideal, "
                      "they take no time and no part of the memory sees them"),
            parameter("implicit_mapping", &P::implicit_mapping,
                      "a trace that says nothing of mappings runs in one anonymous rwx mapping of "
                      "the whole user half"),
            parameter("zero_page", &P::zero_page,
                      "a read of untouched anonymous memory maps one shared page of zeros"),
            parameter("thp", &P::thp, "huge pages for anonymous memory"),
            parameter("thp_defrag", &P::thp_defrag,
                      "whether pages move where a fault wants a huge page and enough frames are "
                      "free, but not next to each other: compaction"),
            parameter("hugetlb", &P::hugetlb,
                      "pages kept apart for mappings that ask for huge pages"),
            parameter("fragmentation_percent", &P::fragmentation_percent,
                      "of the blocks of memory that could hold a huge page, so many in a hundred "
                      "cannot: the rest of the system has a frame of each from the start",
                      Range{0, 100}),
            parameter("fragmentation_movable", &P::fragmentation_movable,
                      "whether compaction can move those frames"),
            parameter("user_frames", &P::user_frames,
                      "frames for data, page tables apart; 0: all that the memory has"),
            parameter("page_replacement", &P::page_replacement,
                      "which page leaves memory when a frame is wanted"),
            parameter("replacement_scope", &P::replacement_scope,
                      "whose page leaves when a process needs a frame"),
            parameter("replacement_tick_cycles", &P::replacement_tick_cycles,
                      "nfu and aging look at the A bits so often", at_least(1)),
            parameter("fault_around_pages", &P::fault_around_pages,
                      "a read of a file or of shared memory maps what memory has of the aligned "
                      "group of so many pages around; 1: the page alone",
                      Range{1, 512}),
            parameter("readahead_pages", &P::readahead_pages,
                      "a page of a file is read from storage in a window of so many; 1: alone",
                      Range{1, 1U << 16U}),
            parameter("stack_limit_bytes", &P::stack_limit_bytes,
                      "how large a region that grows down can become"),
            parameter("aslr", &P::aslr, "exec places program, libraries, stack and heap at random"),
            parameter("thrashing_stall_percent", &P::thrashing_stall_percent,
                      "an interval is one of thrashing only if so much of it was spent waiting for "
                      "storage with nobody to run; only the report depends on it",
                      Range{1, 100}),
            parameter("swap", &P::swap, "where pages of anonymous memory go"),
            parameter("scheduler", &P::scheduler, "how processes take turns"),
        };
    }
};

}  // namespace mmusim::sw
