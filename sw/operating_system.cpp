// SPDX-License-Identifier: Apache-2.0
#include "sw/operating_system.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace mmusim::sw {

namespace {

// The frames of [base, base + size_bytes) that an entry has bits for.
FrameRange addressable_frames(const hw::PagingFormat& format, PhysicalAddress base,
                              std::uint64_t size_bytes) {
    const std::uint64_t first = page_number_of(base).value;
    const std::uint64_t end = first + size_bytes / page_bytes;
    const std::uint64_t nameable = std::uint64_t{1} << format.physical_page_number_bits;
    return {.first = {first}, .count = std::min(end, nameable) - std::min(first, nameable)};
}

// The zero page lies in the kernel's image, at the bottom of memory, which is loaded and cleared
// before the first process starts.
std::optional<PhysicalPageNumber> zero_frame_of(const OsParameters& parameters, FrameRange memory) {
    return parameters.zero_page && memory.count > 0 ? std::optional(memory.first) : std::nullopt;
}

FrameRange frames_above(std::optional<PhysicalPageNumber> zero_frame, FrameRange memory) {
    if (!zero_frame) {
        return memory;
    }
    return {.first = memory.first + 1, .count = memory.count - 1};
}

template <typename Processes>
auto& running_in(Processes& processes, ProcessId id) {
    if (id.value >= processes.size() || processes[id.value].exited) {
        throw ModelError(fmt::format("there is no process {}", id.value));
    }
    return processes[id.value];
}

ProcessStatistics statistics_of(const Process& process) {
    const FaultStatistics faults = fault_statistics_of(process.faults);
    return {.name = process.name,
            .asid = process.space.asid.value_or(AssignedAsid{}).asid,
            .minor = faults.minor,
            .major = faults.major,
            .invalid = faults.invalid,
            .rss_pages = process.space.resident_pages,
            .page_table_pages = process.space.page_table_pages,
            .signal = process.signal};
}

}  // namespace

OperatingSystem::OperatingSystem(const OsParameters& parameters, const hw::PagingParameters& paging,
                                 PhysicalAddress base, std::uint64_t size_bytes, Machine& machine)
    : parameters_(parameters),
      paging_(paging),
      format_(hw::format_of(paging.mode)),
      machine_(machine),
      zero_frame_(zero_frame_of(parameters, addressable_frames(format_, base, size_bytes))),
      frames_(frames_above(zero_frame_, addressable_frames(format_, base, size_bytes)),
              parameters.user_frames),
      cleared_frames_(parameters, frames_, machine),
      fences_(machine),
      page_tables_(format_, cleared_frames_, machine),
      fault_handler_(parameters, zero_frame_, cleared_frames_, page_tables_, fences_, machine),
      asids_(paging.asid_bits) {}

std::optional<ProcessId> OperatingSystem::create_process(std::string name) {
    const std::optional<PhysicalPageNumber> root = frames_.allocate(FrameUse::page_table);
    if (!root) {
        return std::nullopt;
    }
    machine_.clear_frame(*root);
    Process process{.name = std::move(name), .space = AddressSpace(*root)};
    if (parameters_.implicit_mapping) {
        process.space.map(
            {.start = {}, .end = format_.user_half_end(), .rights = read_write_execute});
    }
    processes_.push_back(std::move(process));
    return ProcessId{static_cast<std::uint32_t>(processes_.size() - 1)};
}

void OperatingSystem::map(ProcessId id, const Region& region) {
    running(id).space.map(region);
}

std::optional<Region> OperatingSystem::region_at(ProcessId id, VirtualAddress address) const {
    return running_in(processes_, id).space.find(address);
}

hw::TranslationContext OperatingSystem::switch_to(ProcessId id) {
    AddressSpace& space = running(id).space;
    if (last_turn_ && last_turn_ != id) {
        ++context_switches_;
    }
    last_turn_ = id;
    assign_asid(space);
    return {.root = space.root(),
            .asid = space.asid->asid,
            .privilege = Privilege::user,
            .hardware_ad_update = paging_.ad_update == hw::AdUpdate::hardware,
            .page_based_memory_types = paging_.svpbmt};
}

FaultOutcome OperatingSystem::handle_fault(ProcessId id, const hw::PageFault& fault) {
    Process& process = running(id);
    const FaultOutcome outcome = fault_handler_.handle(process.space, fault);
    ++process.faults[outcome.kind];
    if (outcome.signal) {
        process.signal = outcome.signal;
    }
    return outcome;
}

void OperatingSystem::exit(ProcessId id) {
    Process& process = running(id);
    AddressSpace& space = process.space;
    // Before any of its frames can be somebody else's.
    if (space.asid && asids_.current(*space.asid)) {
        fences_.issue({.address = std::nullopt, .asid = space.asid->asid});
        asids_.release(*space.asid);
    }
    take_down(space);
    process.exited = true;
}

OsStatistics OperatingSystem::statistics() const {
    return {.frames = frames_.statistics(),
            .tlb_invalidations = fences_.issued(),
            .context_switches = context_switches_,
            .asid_rollovers = asid_rollovers_};
}

FaultStatistics OperatingSystem::fault_statistics() const {
    FaultCounts counts;
    for (const Process& process : processes_) {
        for (std::size_t kind = 0; kind < counts.values.size(); ++kind) {
            counts.values[kind] += process.faults.values[kind];
        }
    }
    return fault_statistics_of(counts);
}

std::vector<ProcessStatistics> OperatingSystem::process_statistics() const {
    std::vector<ProcessStatistics> statistics;
    statistics.reserve(processes_.size());
    std::transform(processes_.begin(), processes_.end(), std::back_inserter(statistics),
                   statistics_of);
    return statistics;
}

void OperatingSystem::reset_statistics() {
    for (Process& process : processes_) {
        process.faults = {};
    }
    fences_.reset_statistics();
    context_switches_ = 0;
    asid_rollovers_ = 0;
}

Process& OperatingSystem::running(ProcessId id) {
    return running_in(processes_, id);
}

void OperatingSystem::take_down(AddressSpace& space) {
    const auto release_page = [&](hw::PageTableEntry leaf) {
        if (leaf.page_number() != zero_frame_) {
            frames_.release(leaf.page_number(), FrameUse::anonymous);
            --space.resident_pages;
        }
    };
    const auto release_table = [&](PhysicalPageNumber table) {
        frames_.release(table, FrameUse::page_table);
        --space.page_table_pages;
    };
    page_tables_.visit(space, release_page, release_table);
}

void OperatingSystem::assign_asid(AddressSpace& space) {
    const AsidAllocator::Assignment assignment = asids_.assign(space.asid);
    space.asid = assignment.assigned;
    if (!assignment.rolled_over) {
        return;
    }
    fences_.issue({.address = std::nullopt, .asid = std::nullopt});
    // Without ASIDs the fence is an ordinary part of every switch.
    if (paging_.asid_bits != 0) {
        ++asid_rollovers_;
    }
}

}  // namespace mmusim::sw
