// SPDX-License-Identifier: Apache-2.0
#include "tb/system/timeline.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace mmusim::tb {

void Timeline::begin(const SystemModule& system) {
    begun_ = counts_of(system);
    static_cast<void>(working_sets_.take());
}

void Timeline::note(const SystemModule& system, const hw::FinishedTranslation& finished) {
    if (finished.translation.page) {
        working_sets_.touched(system.software().running(),
                              page_number_of(finished.translation.request.address));
    }
}

void Timeline::end_interval(const SystemModule& system) {
    const hw::Totals totals = system.core().totals();
    const Counts counts = counts_of(system);
    TimelineEntry entry{
        .accesses = totals.accesses, .cycles = totals.cycles, .pressure = pressure_until(counts)};
    for (const std::string& name : system.tlb_names()) {
        entry.misses.emplace_back(name, system.tlb(name).statistics().misses);
    }
    std::vector<std::uint64_t> working_sets = working_sets_.take();
    const std::vector<sw::ProcessStatistics> processes = system.software().processes();
    working_sets.resize(processes.size());
    for (std::size_t number = 0; number < processes.size(); ++number) {
        const sw::ProcessStatistics& process = processes[number];
        entry.faults += process.minor + process.major + process.invalid;
        entry.resident_pages.emplace_back(process.name, process.rss_pages);
        entry.working_set_pages.emplace_back(process.name, working_sets[number]);
        entry.pressure.working_set_pages += working_sets[number];
    }
    entry.pressure.frames = data_frames(system.software().operating_system().frame_statistics());
    entry.thrashing = thrashes(entry.pressure, stall_percent_);
    entries_.push_back(std::move(entry));
    begun_ = counts;
}

ThrashingStatistics Timeline::thrashing() const {
    ThrashingStatistics statistics{.intervals = entries_.size()};
    for (const TimelineEntry& entry : entries_) {
        statistics.thrashing_intervals += entry.thrashing ? 1 : 0;
        statistics.largest_working_set_pages =
            std::max(statistics.largest_working_set_pages, entry.pressure.working_set_pages);
    }
    statistics.detected = statistics.thrashing_intervals > 0;
    return statistics;
}

Timeline::Counts Timeline::counts_of(const SystemModule& system) {
    const sw::OperatingSystem& software = system.software().operating_system();
    const sw::VmStatistics vmstat = software.vm_statistics();
    return {.accesses = system.core().totals().accesses,
            .now = system.software().now(),
            .stalled = system.software().stalled(),
            .major_faults = software.fault_statistics().major,
            .refaults = vmstat.workingset_refault_anon + vmstat.workingset_refault_file};
}

MemoryPressure Timeline::pressure_until(const Counts& counts) const {
    return {.accesses = counts.accesses - begun_.accesses,
            .cycles = counts.now - begun_.now,
            .stalled = counts.stalled - begun_.stalled,
            .major_faults = counts.major_faults - begun_.major_faults,
            .refaults = counts.refaults - begun_.refaults};
}

std::uint64_t Timeline::data_frames(const sw::FrameStatistics& frames) const {
    const std::uint64_t beside_page_tables = frames.total - frames.page_table;
    return user_frames_ == 0 ? beside_page_tables : std::min(user_frames_, beside_page_tables);
}

}  // namespace mmusim::tb
