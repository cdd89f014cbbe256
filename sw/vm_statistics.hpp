// SPDX-License-Identifier: Apache-2.0
// System-wide counters as Linux shows them.
#pragma once

#include "hw/base/fields.hpp"

#include <cstdint>
#include <string>
#include <tuple>

namespace mmusim::sw {

/// Events, by their names in /proc/vmstat. There are those that the model has.
struct VmStatistics {
    std::uint64_t pgpgin = 0;
    std::uint64_t pgpgout = 0;
    std::uint64_t pswpin = 0;
    std::uint64_t pswpout = 0;
    std::uint64_t pgalloc = 0;
    std::uint64_t pgfree = 0;
    std::uint64_t pgfault = 0;
    std::uint64_t pgmajfault = 0;
    std::uint64_t pgscan = 0;
    std::uint64_t pgsteal = 0;
    std::uint64_t workingset_refault_anon = 0;
    std::uint64_t workingset_refault_file = 0;
    std::uint64_t thp_fault_alloc = 0;
    std::uint64_t thp_fault_fallback = 0;
    std::uint64_t thp_split_page = 0;
    std::uint64_t thp_split_pmd = 0;

    static constexpr auto fields() {
        using S = VmStatistics;
        return std::tuple{
            statistic("pgpgin", &S::pgpgin, "KiB", "read from storage, files and swap"),
            statistic("pgpgout", &S::pgpgout, "KiB", "written to storage, files and swap"),
            statistic("pswpin", &S::pswpin, "page", "pages read from swap"),
            statistic("pswpout", &S::pswpout, "page", "pages written to swap"),
            statistic("pgalloc", &S::pgalloc, "frame",
                      "frames given out, for data and for page tables; Linux counts by zone"),
            statistic("pgfree", &S::pgfree, "frame", "frames given back"),
            statistic(
                "pgfault", &S::pgfault, "fault",
                "faults in a region that permits the access, also those that end in a signal"),
            statistic("pgmajfault", &S::pgmajfault, "fault", "faults that waited for storage"),
            statistic("pgscan", &S::pgscan, "page",
                      "pages looked at to see whether they can leave memory"),
            statistic("pgsteal", &S::pgsteal, "page",
                      "pages made to leave memory, whose frames are free again"),
            statistic("workingset_refault_anon", &S::workingset_refault_anon, "page",
                      "pages read from swap that had been made to leave"),
            statistic("workingset_refault_file", &S::workingset_refault_file, "page",
                      "pages read from files that had been made to leave"),
            statistic("thp_fault_alloc", &S::thp_fault_alloc, "page",
                      "huge pages given at a fault"),
            statistic("thp_fault_fallback", &S::thp_fault_fallback, "page",
                      "huge pages for which there were no frames next to each other"),
            statistic("thp_split_page", &S::thp_split_page, "page",
                      "huge pages whose pages go their own ways"),
            statistic("thp_split_pmd", &S::thp_split_pmd, "entry",
                      "entries of huge pages that became page tables"),
        };
    }
};

/// An object of shared memory, as `ipcs -m` lists it.
struct SharedMemoryStatistics {
    std::string name;
    std::uint64_t bytes = 0;
    std::uint64_t attached = 0;
    std::uint64_t resident_pages = 0;
    std::uint64_t swapped_pages = 0;

    static constexpr auto fields() {
        using S = SharedMemoryStatistics;
        return std::tuple{
            statistic("name", &S::name, "", "the object's name"),
            statistic("bytes", &S::bytes, "byte", "its size"),
            statistic("attached", &S::attached, "region", "regions that map it, at the end"),
            statistic("resident_pages", &S::resident_pages, "page", "its pages in memory"),
            statistic("swapped_pages", &S::swapped_pages, "page",
                      "its pages that are in swap and not in memory"),
        };
    }
};

}  // namespace mmusim::sw
