// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/future_accesses.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace mmusim::tb {

void FutureAccesses::foresee_task(sw::ProcessId process) {
    Process& foreseen = known(process);
    foreseen.task_starts.push_back(progress_of(process).foreseen);
}

void FutureAccesses::foresee(sw::ProcessId process, VirtualPageNumber page) {
    constexpr Position most = std::numeric_limits<Position>::max();
    Process& foreseen = known(process);
    Position& position = progress_of(process).foreseen;
    if (position == most) {
        throw InputError(fmt::format(
            "os.page_replacement = opt: more than {} accesses lie ahead, expected fewer; --limit "
            "makes them so",
            most));
    }
    foreseen.pages[page.value].push_back(position++);
}

// A process may have been stopped in the middle of the task before.
void FutureAccesses::begin_task(sw::ProcessId process) {
    Process& begins = known(process);
    if (begins.tasks_begun < begins.task_starts.size()) {
        progress_of(process).made = begins.task_starts[begins.tasks_begun++];
    }
}

std::optional<std::uint64_t> FutureAccesses::next_access(sw::ProcessId process,
                                                         VirtualPageNumber page) const {
    if (process.value >= processes_.size()) {
        return std::nullopt;
    }
    const auto& pages = processes_[process.value].pages;
    const auto found = pages.find(page.value);
    if (found == pages.end()) {
        return std::nullopt;
    }
    const Position made = progress_[index_of(process)].made;
    const auto next = std::lower_bound(found->second.begin(), found->second.end(), made);
    return next == found->second.end() ? std::nullopt : std::optional<std::uint64_t>(*next - made);
}

FutureAccesses::Process& FutureAccesses::known(sw::ProcessId process) {
    if (process.value >= processes_.size()) {
        processes_.resize(process.value + 1);
    }
    progress_.resize(std::max(progress_.size(), index_of(process) + 1));
    return processes_[process.value];
}

void foresee_task(FutureAccesses& future, sw::ProcessId process, AccessSource& accesses,
                  const std::atomic<bool>* interrupted) {
    future.foresee_task(process);
    for (auto batch = accesses.next_batch(); !batch.empty(); batch = accesses.next_batch()) {
        if (interrupted != nullptr && interrupted->load()) {
            return;
        }
        for (const Access& access : batch) {
            const VirtualPageNumber page = page_number_of(access.address);
            future.foresee(process, page);
            if (access.crosses_page()) {
                future.foresee(process, page + 1);
            }
        }
    }
}

}  // namespace mmusim::tb
