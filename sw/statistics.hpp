// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"
#include "sw/vm_statistics.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace mmusim::sw {

/// What a page fault turned out to be. One kind per fault: what waited for storage before what was
/// copied before what was only mapped.
enum class FaultKind : std::uint8_t {
    anonymous_zero,  ///< the first touch of an anonymous page: a cleared frame
    zero_page,       ///< a read of an untouched anonymous page: the shared page of zeros
    file_minor,      ///< a page of a file or of shared memory that needs no storage
    file_major,      ///< a page of a file that storage had to read
    file_mkwrite,    ///< the first write to a clean page of a shared file
    cow_copy,        ///< a write to a page that others see: a copy
    cow_reuse,       ///< a write to a page that others saw, and do no more
    swap_in,         ///< a page that swap had to read
    swap_cache,      ///< a page that is in swap, but was in memory too
    ad_update,       ///< the page was there, only its A or D bit was clear (Svade)
    spurious,        ///< the page was there, and by now nothing but an old entry forbade the access
    protection,      ///< the region does not allow this access
    unmapped,        ///< no region holds the address
    beyond_file,     ///< the file ends before the page
    read_error,      ///< storage could not read the page
    out_of_memory,   ///< no frame was left
};

[[nodiscard]] constexpr auto enumerator_names(FaultKind) {
    return std::array<std::string_view, 16>{
        "anonymous_zero", "zero_page",   "file_minor", "file_major",   "file_mkwrite", "cow_copy",
        "cow_reuse",      "swap_in",     "swap_cache", "ad_update",    "spurious",     "protection",
        "unmapped",       "beyond_file", "read_error", "out_of_memory"};
}

/// How Linux accounts a fault.
enum class FaultClass : std::uint8_t { minor, major, invalid };

[[nodiscard]] constexpr auto enumerator_names(FaultClass) {
    return std::array<std::string_view, 3>{"minor", "major", "invalid"};
}

/// What a program gets that may not make its access.
enum class Signal : std::uint8_t { segv_maperr, segv_accerr, bus_adrerr, kill };

[[nodiscard]] constexpr auto enumerator_names(Signal) {
    return std::array<std::string_view, 4>{"SIGSEGV MAPERR", "SIGSEGV ACCERR", "SIGBUS ADRERR",
                                           "SIGKILL"};
}

struct FaultStatistics {
    std::uint64_t minor = 0;
    std::uint64_t major = 0;
    std::uint64_t invalid = 0;
    PerEnumerator<FaultKind, std::uint64_t> by_kind{};

    static constexpr auto fields() {
        using S = FaultStatistics;
        return std::tuple{
            statistic("minor", &S::minor, "fault", "faults answered without storage"),
            statistic("major", &S::major, "fault", "faults that waited for storage"),
            statistic("invalid", &S::invalid, "fault", "faults that ended in a signal"),
            statistic("by_kind", &S::by_kind, "fault",
                      "the same faults by what they turned out "
                      "to be"),
        };
    }
};

/// Where the frames are. Always total = free + page_table + anonymous + file.
struct FrameStatistics {
    std::uint64_t total = 0;
    std::uint64_t free = 0;
    std::uint64_t page_table = 0;
    std::uint64_t anonymous = 0;
    std::uint64_t file = 0;

    static constexpr auto fields() {
        using S = FrameStatistics;
        return std::tuple{
            statistic("total", &S::total, "frame", "frames that the operating system manages"),
            statistic("free", &S::free, "frame", "frames in nobody's use"),
            statistic("page_table", &S::page_table, "frame", "frames that hold page tables"),
            statistic("anonymous", &S::anonymous, "frame", "frames of anonymous memory"),
            statistic("file", &S::file, "frame", "frames of files"),
        };
    }
};

/// Pages that were made to leave memory for others.
struct EvictionStatistics {
    std::uint64_t clean = 0;
    std::uint64_t dirty = 0;

    static constexpr auto fields() {
        using S = EvictionStatistics;
        return std::tuple{
            statistic("clean", &S::clean, "page", "pages that storage had as they were"),
            statistic("dirty", &S::dirty, "page", "pages that had to be written first"),
        };
    }
};

struct SwapStatistics {
    std::uint64_t pages_used = 0;
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;

    static constexpr auto fields() {
        using S = SwapStatistics;
        return std::tuple{
            statistic("pages_used", &S::pages_used, "page", "places taken, at the end"),
            statistic("reads", &S::reads, "page", "pages read from swap"),
            statistic("writes", &S::writes, "page", "pages written to swap"),
        };
    }
};

struct PageCacheStatistics {
    std::uint64_t pages = 0;
    std::uint64_t dirty = 0;
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;

    static constexpr auto fields() {
        using S = PageCacheStatistics;
        return std::tuple{
            statistic("pages", &S::pages, "page", "pages of files and shared memory, at the end"),
            statistic("dirty", &S::dirty, "page",
                      "those that differ from what storage has, as far as the operating system "
                      "knows"),
            statistic("reads", &S::reads, "page", "pages read from files"),
            statistic("writes", &S::writes, "page", "pages written to files"),
        };
    }
};

/// Huge pages that faults asked for.
struct HugePageStatistics {
    std::uint64_t fault_alloc = 0;
    std::uint64_t fault_fallback = 0;

    static constexpr auto fields() {
        using S = HugePageStatistics;
        return std::tuple{
            statistic("fault_alloc", &S::fault_alloc, "page",
                      "huge pages that faults got (Linux's thp_fault_alloc)"),
            statistic("fault_fallback", &S::fault_fallback, "fault",
                      "faults that were to have one, and got a small page "
                      "(thp_fault_fallback)"),
        };
    }
};

/// Blocks of frames that were made by moving pages.
struct CompactionStatistics {
    std::uint64_t stall = 0;
    std::uint64_t success = 0;
    std::uint64_t fail = 0;
    std::uint64_t pages_moved = 0;

    static constexpr auto fields() {
        using S = CompactionStatistics;
        return std::tuple{
            statistic("stall", &S::stall, "compaction",
                      "times that a fault looked for a block to empty (Linux's compact_stall)"),
            statistic("success", &S::success, "compaction",
                      "those that emptied one (compact_success)"),
            statistic("fail", &S::fail, "compaction", "those that found none (compact_fail)"),
            statistic("pages_moved", &S::pages_moved, "page",
                      "pages that moved to another frame (pgmigrate_success)"),
        };
    }
};

/// Frames kept apart for explicit huge pages; no other figure counts them.
struct HugetlbStatistics {
    std::uint64_t total = 0;
    std::uint64_t free = 0;
    std::uint64_t reserved = 0;

    static constexpr auto fields() {
        using S = HugetlbStatistics;
        return std::tuple{
            statistic("total", &S::total, "frame", "frames of the pools"),
            statistic("free", &S::free, "frame", "those in nobody's use, at the end"),
            statistic("reserved", &S::reserved, "frame",
                      "of these, those that mappings have been promised"),
        };
    }
};

struct OsStatistics {
    FrameStatistics frames{};
    EvictionStatistics evictions{};
    HugePageStatistics thp{};
    CompactionStatistics compaction{};
    HugetlbStatistics hugetlb{};
    SwapStatistics swap{};
    PageCacheStatistics page_cache{};
    std::uint64_t tlb_invalidations = 0;
    std::uint64_t context_switches = 0;
    std::uint64_t asid_rollovers = 0;
    Cycles stalled_cycles{};
    VmStatistics vmstat{};
    std::vector<SharedMemoryStatistics> shared_memory{};

    static constexpr auto fields() {
        using S = OsStatistics;
        return std::tuple{
            statistic("frames", &S::frames, "", "where the frames are, at the end"),
            statistic("evictions", &S::evictions, "", "pages made to leave for others"),
            statistic("thp", &S::thp, "", "huge pages for anonymous memory"),
            statistic("compaction", &S::compaction, "", "pages moved to make room for them"),
            statistic("hugetlb", &S::hugetlb, "", "the pools of explicit huge pages"),
            statistic("swap", &S::swap, "", "the swap area"),
            statistic("page_cache", &S::page_cache, "", "pages of files in memory"),
            statistic("tlb_invalidations", &S::tlb_invalidations, "fence", "fences issued"),
            statistic("context_switches", &S::context_switches, "switch",
                      "turns that passed from one process to another"),
            statistic("asid_rollovers", &S::asid_rollovers, "rollover",
                      "times that all ASIDs were in use and were given out anew"),
            statistic("stalled_cycles", &S::stalled_cycles, "cycle",
                      "in which nobody could run, for all who would have waited for storage"),
            statistic("vmstat", &S::vmstat, "", "events by their names in Linux's /proc/vmstat"),
            statistic("shared_memory", &S::shared_memory, "",
                      "the objects of shared memory, in the order of their making"),
        };
    }
};

struct ProcessStatistics {
    std::string name;
    Asid asid{};
    std::uint64_t accesses = 0;
    std::uint64_t minor = 0;
    std::uint64_t major = 0;
    std::uint64_t invalid = 0;
    std::uint64_t rss_pages = 0;
    std::uint64_t shared_pages = 0;
    std::uint64_t swapped_pages = 0;
    std::uint64_t hugetlb_pages = 0;
    std::uint64_t page_table_pages = 0;
    std::optional<Signal> signal{};

    static constexpr auto fields() {
        using S = ProcessStatistics;
        return std::tuple{
            statistic("name", &S::name, "", "the process's name"),
            statistic("asid", &S::asid, "", "its address-space identifier, at the end"),
            statistic("accesses", &S::accesses, "access", "accesses it made"),
            statistic("minor", &S::minor, "fault", "its minor faults"),
            statistic("major", &S::major, "fault", "its major faults"),
            statistic("invalid", &S::invalid, "fault", "its faults that ended in a signal"),
            statistic("rss_pages", &S::rss_pages, "page",
                      "pages resident at the end, the shared page of zeros apart"),
            statistic("shared_pages", &S::shared_pages, "page", "those of files and shared memory"),
            statistic("swapped_pages", &S::swapped_pages, "page",
                      "pages of its own in the swap area, at the end"),
            statistic(
                "hugetlb_pages", &S::hugetlb_pages, "page",
                "pages of 4 KiB that its explicit huge pages are worth, at the end; not among "
                "the resident ones, as in Linux"),
            statistic("page_table_pages", &S::page_table_pages, "page",
                      "frames of its page tables, the root included"),
            statistic("signal", &S::signal, "", "the signal that ended it, or null"),
        };
    }
};

}  // namespace mmusim::sw
