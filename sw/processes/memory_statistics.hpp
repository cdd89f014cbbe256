// SPDX-License-Identifier: Apache-2.0
// What a process has in memory, as Linux shows it under /proc/PID.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/format.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace mmusim::sw {

/// What the pages of a region are when they are first touched.
enum class MappedObject : std::uint8_t { anonymous, file, shared_memory };

[[nodiscard]] constexpr auto enumerator_names(MappedObject) {
    return std::array<std::string_view, 3>{"anonymous", "file", "shared_memory"};
}

/// The totals of smaps, by the definitions of smaps_account in fs/proc/task_mmu.c. A page is shared
/// if two page-table entries or more map it, of whatever process, and dirty if one of them or the
/// operating system says so. The page of zeros is in none of them.
struct SmapsStatistics {
    std::uint64_t size = 0;
    std::uint64_t rss = 0;
    std::uint64_t pss = 0;
    std::uint64_t pss_anon = 0;
    std::uint64_t pss_file = 0;
    std::uint64_t pss_shmem = 0;
    std::uint64_t shared_clean = 0;
    std::uint64_t shared_dirty = 0;
    std::uint64_t private_clean = 0;
    std::uint64_t private_dirty = 0;
    std::uint64_t referenced = 0;
    std::uint64_t anonymous = 0;
    std::uint64_t anon_huge = 0;
    std::uint64_t shared_hugetlb = 0;
    std::uint64_t private_hugetlb = 0;
    std::uint64_t swap = 0;
    std::uint64_t locked = 0;

    constexpr bool operator==(const SmapsStatistics&) const = default;

    static constexpr auto fields() {
        using S = SmapsStatistics;
        return std::tuple{
            statistic("size", &S::size, "byte", "addresses in regions"),
            statistic("rss", &S::rss, "byte", "pages in memory"),
            statistic("pss", &S::pss, "byte",
                      "the same, each page divided by the entries that map it"),
            statistic("pss_anon", &S::pss_anon, "byte", "of that, anonymous pages"),
            statistic("pss_file", &S::pss_file, "byte", "pages of files"),
            statistic("pss_shmem", &S::pss_shmem, "byte", "pages of shared memory"),
            statistic("shared_clean", &S::shared_clean, "byte",
                      "of rss, pages that several entries map and storage has as they are"),
            statistic("shared_dirty", &S::shared_dirty, "byte",
                      "pages that several entries map and storage has not as they are"),
            statistic("private_clean", &S::private_clean, "byte",
                      "pages that one entry maps and storage has as they are"),
            statistic("private_dirty", &S::private_dirty, "byte",
                      "pages that one entry maps and storage has not as they are"),
            statistic("referenced", &S::referenced, "byte", "of rss, pages whose A bit is set"),
            statistic("anonymous", &S::anonymous, "byte", "of rss, pages of no object"),
            statistic("anon_huge", &S::anon_huge, "byte", "of those, in huge pages"),
            statistic("shared_hugetlb", &S::shared_hugetlb, "byte",
                      "explicit huge pages that several entries map; not in rss"),
            statistic("private_hugetlb", &S::private_hugetlb, "byte",
                      "explicit huge pages that one entry maps; not in rss"),
            statistic("swap", &S::swap, "byte", "pages in swap, those of shared memory included"),
            statistic("locked", &S::locked, "byte", "of pss, pages of locked regions"),
        };
    }
};

/// A region as a line of /proc/PID/maps, with the figures of smaps.
struct MappingStatistics {
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    std::string perms;
    std::uint64_t offset = 0;
    MappedObject object = MappedObject::anonymous;
    std::string name;
    std::uint64_t rss = 0;
    std::uint64_t pss = 0;
    std::uint64_t swap = 0;
    /// As Linux prints it.
    std::string line;

    static constexpr auto fields() {
        using S = MappingStatistics;
        return std::tuple{
            statistic("start", &S::start, "", "its first address"),
            statistic("end", &S::end, "", "the first address behind it"),
            statistic("perms", &S::perms, "", "rwx, and s if shared, p if private: `rw-p`"),
            statistic("offset", &S::offset, "byte", "where in the object it begins"),
            statistic("object", &S::object, "", "what it maps"),
            statistic(
                "name", &S::name, "",
                "the object's name, `[heap]`, `[stack]`, that of explicit huge pages or nothing"),
            statistic("rss", &S::rss, "byte", "its pages in memory"),
            statistic("pss", &S::pss, "byte",
                      "the same, each page divided by the entries that map it"),
            statistic("swap", &S::swap, "byte", "its pages in swap"),
        };
    }
};

/// /proc/PID/statm, but for its two figures that are always 0.
struct StatmStatistics {
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    std::uint64_t shared = 0;
    std::uint64_t text = 0;
    std::uint64_t data = 0;

    constexpr bool operator==(const StatmStatistics&) const = default;

    static constexpr auto fields() {
        using S = StatmStatistics;
        return std::tuple{
            statistic("total", &S::total, "page", "pages in regions"),
            statistic("resident", &S::resident, "page", "pages in memory"),
            statistic("shared", &S::shared, "page", "of those, pages of files and shared memory"),
            statistic("text", &S::text, "page", "pages of the program's code, after `exec`"),
            statistic("data", &S::data, "page", "pages in private writable regions and the stack"),
        };
    }
};

/// What page tables cost, and what one flat table would.
struct PageTableStatistics {
    std::uint64_t bytes = 0;
    std::array<std::uint64_t, hw::max_levels> pages_by_level{};
    std::array<std::uint64_t, hw::max_levels> bytes_by_level{};
    std::uint64_t spare_pages = 0;
    std::uint64_t flat_bytes = 0;
    std::uint64_t flat_span_bytes = 0;

    static constexpr auto fields() {
        using S = PageTableStatistics;
        return std::tuple{
            statistic("bytes", &S::bytes, "byte", "all its page tables, the root included"),
            statistic("pages_by_level", &S::pages_by_level, "frame",
                      "tables that the walker can reach, by level; [0] is the last level"),
            statistic("bytes_by_level", &S::bytes_by_level, "byte", "the same in bytes"),
            statistic("spare_pages", &S::spare_pages, "frame",
                      "tables kept for the time when huge pages split"),
            statistic("flat_bytes", &S::flat_bytes, "byte",
                      "one table with an entry for each page of the user half"),
            statistic("flat_span_bytes", &S::flat_span_bytes, "byte",
                      "one table from the first page that has an entry to the last"),
        };
    }
};

/// A process that has exited has no memory any more: no mappings, and zeros.
struct ProcessMemory {
    bool exited = false;
    std::vector<MappingStatistics> maps{};
    SmapsStatistics smaps{};
    StatmStatistics statm{};
    PageTableStatistics page_tables{};

    static constexpr auto fields() {
        using S = ProcessMemory;
        return std::tuple{
            statistic("exited", &S::exited, "", "whether it has exited: then it has no memory"),
            statistic("maps", &S::maps, "", "its regions, by address"),
            statistic("smaps", &S::smaps, "", "the totals over its regions"),
            statistic("statm", &S::statm, "", "its size"),
            statistic("page_tables", &S::page_tables, "", "its page tables"),
        };
    }
};

}  // namespace mmusim::sw
