// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace mmusim::sw {

/// Whether the operating system's loads and stores hold it up.
enum class MemoryAccesses : std::uint8_t {
    posted,    ///< they go to memory, and the handler goes on
    blocking,  ///< the handler waits for each
};

[[nodiscard]] constexpr auto enumerator_names(MemoryAccesses) {
    return std::array<std::string_view, 2>{"posted", "blocking"};
}

/// When anonymous memory is given as huge pages.
enum class HugePages : std::uint8_t {
    never,
    madvise,  ///< only where a program asks for them
};

[[nodiscard]] constexpr auto enumerator_names(HugePages) {
    return std::array<std::string_view, 2>{"never", "madvise"};
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

struct OsParameters {
    Cycles fault_entry_cycles{0};
    Cycles region_lookup_cycles{0};
    Cycles frame_allocation_cycles{0};
    Cycles frame_clear_cycles{0};
    Cycles page_table_cycles{0};
    Cycles fence_cycles{0};
    Cycles fault_return_cycles{0};
    MemoryAccesses memory_accesses = MemoryAccesses::posted;
    bool implicit_mapping = true;
    bool zero_page = false;
    HugePages thp = HugePages::never;
    std::uint64_t user_frames = 0;
    SchedulerParameters scheduler{};

    static constexpr auto fields() {
        using P = OsParameters;
        return std::tuple{
            parameter("fault_entry_cycles", &P::fault_entry_cycles,
                      "the trap, saving registers, telling what happened"),
            parameter("region_lookup_cycles", &P::region_lookup_cycles,
                      "finding the region that holds the address"),
            parameter("frame_allocation_cycles", &P::frame_allocation_cycles,
                      "taking one frame from the allocator"),
            parameter("frame_clear_cycles", &P::frame_clear_cycles,
                      "clearing one frame, apart from the memory's own time"),
            parameter("page_table_cycles", &P::page_table_cycles,
                      "finding and writing the page-table entry of one page, apart from the "
                      "memory's own time"),
            parameter("fence_cycles", &P::fence_cycles, "one fence of the TLBs"),
            parameter("fault_return_cycles", &P::fault_return_cycles,
                      "restoring registers and going back to the program"),
            parameter("memory_accesses", &P::memory_accesses,
                      "whether the handler waits for its own loads and stores"),
            parameter("implicit_mapping", &P::implicit_mapping,
                      "a trace that says nothing of mappings runs in one anonymous rwx mapping of "
                      "the whole user half"),
            parameter("zero_page", &P::zero_page,
                      "a read of untouched anonymous memory maps one shared page of zeros"),
            parameter("thp", &P::thp, "huge pages for anonymous memory"),
            parameter("user_frames", &P::user_frames,
                      "frames for data, page tables apart; 0: all that the memory has"),
            parameter("scheduler", &P::scheduler, "how processes take turns"),
        };
    }
};

}  // namespace mmusim::sw
