// SPDX-License-Identifier: Apache-2.0
#include "sample_result.hpp"

#include <initializer_list>

namespace mmusim::tb {

namespace {

[[nodiscard]] hw::LatencyHistogram latencies(std::initializer_list<std::uint64_t> cycles) {
    hw::LatencyHistogram histogram;
    for (const std::uint64_t latency : cycles) {
        histogram.record(Cycles{latency});
    }
    return histogram;
}

[[nodiscard]] sw::ProcessMemory sample_memory() {
    return {.maps = {{.start = 0x40000000,
                      .end = 0x40020000,
                      .perms = "rw-p",
                      .offset = 0,
                      .object = sw::MappedObject::anonymous,
                      .name = "",
                      .rss = 114688,
                      .pss = 112640,
                      .swap = 8192,
                      .line = "40000000-40020000 rw-p 00000000 00:00 0 "},
                     {.start = 0x40400000,
                      .end = 0x40404000,
                      .perms = "r--s",
                      .offset = 4096,
                      .object = sw::MappedObject::file,
                      .name = "library",
                      .rss = 8192,
                      .pss = 4096,
                      .swap = 0,
                      .line = "40400000-40404000 r--s 00001000 00:00 1  library"}},
            .smaps = {.size = 147456,
                      .rss = 122880,
                      .pss = 116736,
                      .pss_anon = 112640,
                      .pss_file = 4096,
                      .pss_shmem = 0,
                      .shared_clean = 8192,
                      .shared_dirty = 4096,
                      .private_clean = 12288,
                      .private_dirty = 98304,
                      .referenced = 118784,
                      .anonymous = 114688,
                      .anon_huge = 0,
                      .shared_hugetlb = 0,
                      .private_hugetlb = 4194304,
                      .swap = 8192,
                      .locked = 2048},
            .statm = {.total = 36, .resident = 30, .shared = 2, .text = 1, .data = 32},
            .page_tables = {.bytes = 20480,
                            .pages_by_level = {2, 1, 1},
                            .bytes_by_level = {8192, 4096, 4096},
                            .spare_pages = 1,
                            .flat_bytes = 536870912,
                            .flat_span_bytes = 8224}};
}

}  // namespace

RunResult sample_result() {
    RunResult result;
    result.workload = {
        .traces = {"traces/query.lackey.xz", "b.bin"}, .warmup = 1000, .limit = 1009, .seed = 7};
    result.totals = {.accesses = 9, .translations = 10, .cycles = Cycles{5000}, .retries = 2};

    result.classes = {{"l1_hit", latencies({1, 1, 1, 1, 1, 1})},
                      {"l2_hit", latencies({8, 8})},
                      {"walk", latencies({68})},
                      {"minor_fault", latencies({4176})},
                      {"major_fault", latencies({})},
                      {"invalid_fault", latencies({})}};
    for (const auto& [name, histogram] : result.classes) {
        result.latency += histogram;
    }
    result.breakdown.add(Stage::first_tlb_lookup, Cycles{11});
    result.breakdown.add(Stage::lower_tlb_lookup, Cycles{35});
    result.breakdown.add(Stage::pte_read, Cycles{120});
    result.breakdown.add(Stage::fault_entry, Cycles{100});
    result.breakdown.add(Stage::fault_clear, Cycles{4000});

    const hw::TlbStatistics l1i{
        .lookups = 4, .hits = 3, .misses = 1, .fills = 1, .by_page_size = {}};
    const hw::TlbStatistics l1d{.lookups = 12,
                                .hits = 8,
                                .misses = 4,
                                .retry_misses = 1,
                                .fills = 3,
                                .evictions = 2,
                                .invalidations = 5,
                                .mshr_merges = 6,
                                .dirty_updates = 7,
                                .multi_hits = 1,
                                .by_page_size = {{PageSize{12}, {.hits = 6, .fills = 2}},
                                                 {PageSize{21}, {.hits = 2, .fills = 1}}}};
    const hw::TlbStatistics l2{
        .lookups = 5, .hits = 2, .misses = 3, .fills = 2, .by_page_size = {}};
    result.tlbs = {{"l1i", l1i}, {"l1d", l1d}, {"l2", l2}};

    result.walker = {.walks = 30,
                     .completed = 20,
                     .faulted = 9,
                     .squashed = 1,
                     .rewalks = 2,
                     .pte_reads = 60,
                     .pte_reads_by_level = {10, 22, 28, 0, 0},
                     .ad_updates = 3,
                     .wait_cycles = Cycles{15},
                     .service_cycles = Cycles{1350}};
    result.caches = {{"l2",
                      {.transactions = 70,
                       .errors = 1,
                       .accesses = 190,
                       .hits = 40,
                       .misses = 150,
                       .fills = 20,
                       .mshr_merges = 2,
                       .misses_without_fill = 128,
                       .evictions = 11,
                       .write_backs = 10,
                       .write_throughs = 0,
                       .wait_cycles = Cycles{12},
                       .service_cycles = Cycles{1000},
                       .by_purpose = {{60, 3, 1, 4, 2, 0, 0, 0}}}}};
    result.memory = {.reads = 61,
                     .writes = 14,
                     .errors = 4,
                     .bytes_read = 488,
                     .bytes_written = 8240,
                     .wait_cycles = Cycles{150},
                     .service_cycles = Cycles{7500},
                     .by_purpose = {{60, 3, 1, 9, 2}},
                     .dram = {.read_bursts = 28,
                              .write_bursts = 12,
                              .forwarded_reads = 3,
                              .row_hits = 30,
                              .row_misses = 6,
                              .row_conflicts = 4,
                              .activates = 11,
                              .precharges = 10,
                              .refreshes = 5,
                              .read_queue_cycles = Cycles{900},
                              .write_queue_cycles = Cycles{2400},
                              .outside_wait_cycles = Cycles{7}}};

    result.faults = {.minor = 13, .major = 5, .invalid = 2};
    result.faults.by_kind[sw::FaultKind::anonymous_zero] = 12;
    result.faults.by_kind[sw::FaultKind::zero_page] = 6;
    result.faults.by_kind[sw::FaultKind::protection] = 2;
    result.os = {
        .frames = {.total = 1000, .free = 950, .page_table = 8, .anonymous = 40, .file = 2},
        .tlb_invalidations = 17,
        .context_switches = 3,
        .asid_rollovers = 1,
        .stalled_cycles = Cycles{11},
        .vmstat = {.pgpgin = 48,
                   .pgpgout = 16,
                   .pswpin = 2,
                   .pswpout = 4,
                   .pgalloc = 90,
                   .pgfree = 40,
                   .pgfault = 18,
                   .pgmajfault = 5,
                   .pgscan = 9,
                   .pgsteal = 6,
                   .workingset_refault_anon = 2,
                   .workingset_refault_file = 3,
                   .thp_fault_alloc = 1,
                   .thp_fault_fallback = 7,
                   .thp_split_page = 8,
                   .thp_split_pmd = 10},
        .shared_memory = {{.name = "segment",
                           .bytes = 16384,
                           .attached = 2,
                           .resident_pages = 2,
                           .swapped_pages = 1}}};
    result.processes = {{.name = "query",
                         .asid = Asid{1},
                         .accesses = 6,
                         .minor = 11,
                         .major = 4,
                         .rss_pages = 30,
                         .shared_pages = 2,
                         .page_table_pages = 5},
                        {.name = "b.bin",
                         .asid = Asid{2},
                         .accesses = 3,
                         .minor = 2,
                         .major = 1,
                         .invalid = 2,
                         .rss_pages = 12,
                         .page_table_pages = 3,
                         .signal = sw::Signal::segv_accerr}};
    result.process_memory = {sample_memory(), {.exited = true}};
    return result;
}

std::vector<TimelineEntry> sample_timeline(std::uint64_t entries) {
    std::vector<TimelineEntry> timeline;
    for (std::uint64_t n = 1; n <= entries; ++n) {
        timeline.push_back({.accesses = n * 1000,
                            .cycles = Cycles{n * n * 1000},
                            .misses = {{"l1d", n * 3}, {"l2", n * 2}},
                            .faults = n * 5,
                            .resident_pages = {{"query", n * 7}, {"query", 1}},
                            .working_set_pages = {{"query", n * 4}, {"query", 1}}});
    }
    return timeline;
}

std::vector<TimelineEntry> pressed_timeline(std::uint64_t entries) {
    std::vector<TimelineEntry> timeline = sample_timeline(entries);
    for (TimelineEntry& entry : timeline) {
        entry.pressure = {.accesses = 1000,
                          .cycles = Cycles{4000},
                          .stalled = Cycles{3000},
                          .major_faults = 125,
                          .refaults = 100,
                          .working_set_pages = 48,
                          .frames = 32};
        entry.thrashing = true;
    }
    return timeline;
}

}  // namespace mmusim::tb
