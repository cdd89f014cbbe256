// SPDX-License-Identifier: Apache-2.0
// What one simulation leaves behind: figures only, read by the reports.
#pragma once

#include "hw/base/fields.hpp"
#include "hw/base/latency.hpp"
#include "hw/base/latency_histogram.hpp"
#include "hw/cache/statistics.hpp"
#include "hw/cpu/statistics.hpp"
#include "hw/memory/statistics.hpp"
#include "hw/storage/storage_device.hpp"
#include "hw/tlb/statistics.hpp"
#include "hw/walker/statistics.hpp"
#include "sw/processes/memory_statistics.hpp"
#include "sw/statistics.hpp"
#include "tb/system/memory_pressure.hpp"
#include "tb/what_if/what_if_row.hpp"
#include "tb/workload/step_result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace mmusim::tb {

/// The machine's state after so many accesses; counts are from the start of the measurement on.
struct TimelineEntry {
    std::uint64_t accesses = 0;
    Cycles cycles;
    std::vector<std::pair<std::string, std::uint64_t>> misses{};
    std::uint64_t faults = 0;
    std::vector<std::pair<std::string, std::uint64_t>> resident_pages{};
    /// Pages that each process has touched since the entry before.
    std::vector<std::pair<std::string, std::uint64_t>> working_set_pages{};
    /// Since the entry before.
    MemoryPressure pressure{};
    bool thrashing = false;
};

/// Host figures, asked for by --timing; they differ from run to run.
struct HostTiming {
    double simulate_seconds = 0;
    double translations_per_second = 0;
    std::uint64_t peak_memory_bytes = 0;
    double run_ahead_share = 0;
};

struct WorkloadDescription {
    std::vector<std::string> traces;
    std::optional<std::string> script{};
    std::uint64_t warmup = 0;
    std::uint64_t limit = 0;
    std::uint64_t interval = 0;
    std::uint64_t seed = 0;
};

struct RunResult {
    WorkloadDescription workload;
    hw::Totals totals;
    hw::LatencyHistogram latency;
    LatencyRecord breakdown;
    /// In the order of the report: l1_hit, l2_hit … walk, minor_fault, major_fault, invalid_fault.
    std::vector<std::pair<std::string, hw::LatencyHistogram>> classes;
    /// From the first levels down.
    std::vector<std::pair<std::string, hw::TlbStatistics>> tlbs;
    hw::WalkerStatistics walker;
    /// From the walker's port down.
    std::vector<std::pair<std::string, hw::CacheStatistics>> caches;
    hw::MemoryStatistics memory;
    /// By the name of the device.
    std::vector<std::pair<std::string, hw::StorageStatistics>> storage;
    sw::FaultStatistics faults;
    sw::OsStatistics os;
    std::vector<sw::ProcessStatistics> processes;
    /// Of each of them.
    std::vector<sw::ProcessMemory> process_memory;
    /// The lines of a script, in the order in which they were carried out.
    std::vector<StepResult> steps;
    /// Empty without an interval, or if the run was shorter than one.
    std::vector<TimelineEntry> timeline;
    /// None without an interval.
    std::optional<ThrashingStatistics> thrashing;
    /// None unless it was asked.
    std::optional<std::vector<WhatIfRow>> what_if{};
    bool interrupted = false;
    std::optional<HostTiming> host;
};

}  // namespace mmusim::tb
