// SPDX-License-Identifier: Apache-2.0
#include "tb/report/proc_report.hpp"

#include "sample_result.hpp"
#include "tb/config/resolve.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace mmusim::tb::proc_report_test {

TEST_CASE("memory at the end is shown as Linux shows it, process by process") {
    CHECK(proc_report(sample_result(), resolve({})) == R"(/proc/1/maps: query
40000000-40020000 rw-p 00000000 00:00 0
40400000-40404000 r--s 00001000 00:00 1  library

/proc/1/smaps_rollup: query
Size:                144 kB
Rss:                 120 kB
Pss:                 114 kB
Pss_Anon:            110 kB
Pss_File:              4 kB
Pss_Shmem:             0 kB
Shared_Clean:          8 kB
Shared_Dirty:          4 kB
Private_Clean:        12 kB
Private_Dirty:        96 kB
Referenced:          116 kB
Anonymous:           112 kB
AnonHugePages:         0 kB
Shared_Hugetlb:        0 kB
Private_Hugetlb:    4096 kB
Swap:                  8 kB
Locked:                2 kB

/proc/1/statm: query
36 30 2 1 0 32 0

Page tables                           pages        bytes
  level 2                                 1        4,096
  level 1                                 1        4,096
  level 0                                 2        8,192
  kept for huge pages                     1        4,096
  all                                     5       20,480
  a flat table of the user half     131,072  536,870,912
  a flat table of the pages in use        3        8,224

/proc/2: b.bin has exited

/proc/vmstat
pgpgin 48
pgpgout 16
pswpin 2
pswpout 4
pgalloc 90
pgfree 40
pgfault 18
pgmajfault 5
pgscan 9
pgsteal 6
workingset_refault_anon 2
workingset_refault_file 3
thp_fault_alloc 1
thp_fault_fallback 7
thp_split_page 8
thp_split_pmd 10

ipcs -m     bytes  nattch  resident  swapped
  segment  16,384       2         2        1
)");
}

TEST_CASE("without processes and shared memory there are the system's counters") {
    const std::string report = proc_report(RunResult{}, resolve({}));
    CHECK_THAT(report, Catch::StartsWith("/proc/vmstat\npgpgin 0\n"));
    CHECK_THAT(report, Catch::EndsWith("\nipcs -m  bytes  nattch  resident  swapped\n"));
}

}  // namespace mmusim::tb::proc_report_test
