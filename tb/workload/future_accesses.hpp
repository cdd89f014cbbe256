// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"
#include "sw/processes/process_id.hpp"
#include "sw/replacement/page_future.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace mmusim::tb {

/// The accesses of a run, told in advance, and how far the run has come in them.
class FutureAccesses final : public sw::PageFuture {
  public:
    /// What an access is ahead by.
    enum class Distance : std::uint8_t {
        accesses_of_all,         ///< where the order of all is known: a script's
        accesses_of_its_process  ///< where processes take turns: only a process's own order is
    };

    explicit FutureAccesses(Distance distance) : distance_(distance), progress_(1) {}

    /// Before the run, in the order of the run: a process is given accesses to make.
    void foresee_task(sw::ProcessId process);
    /// Before the run: it makes one that lies in this page, or the part of one that does. Throws
    /// InputError if they are too many.
    void foresee(sw::ProcessId process, VirtualPageNumber page);

    /// In the run: the next of the process's tasks begins, whatever became of the ones before.
    void begin_task(sw::ProcessId process);
    /// In the run: the process has made an access to a page.
    void made(sw::ProcessId process) { ++progress_of(process).made; }

    [[nodiscard]] std::optional<std::uint64_t> next_access(sw::ProcessId process,
                                                           VirtualPageNumber page) const override;

  private:
    // Half the room of a whole word, and there is one for each access.
    using Position = std::uint32_t;
    using Positions = std::vector<Position>;

    struct Process {
        std::unordered_map<std::uint64_t, Positions> pages{};
        Positions task_starts{};
        std::size_t tasks_begun = 0;
    };
    struct Progress {
        Position foreseen = 0;
        Position made = 0;
    };

    [[nodiscard]] Process& known(sw::ProcessId process);
    [[nodiscard]] Progress& progress_of(sw::ProcessId process) {
        return progress_[index_of(process)];
    }
    [[nodiscard]] std::size_t index_of(sw::ProcessId process) const {
        return distance_ == Distance::accesses_of_all ? 0 : process.value;
    }

    Distance distance_;
    std::vector<Process> processes_;
    std::vector<Progress> progress_;  // of each process, or one for all
};

/// The pages of a process's next task, by its accesses; both parts of one that crosses a page. Ends
/// early when it is interrupted, which may be null.
void foresee_task(FutureAccesses& future, sw::ProcessId process, AccessSource& accesses,
                  const std::atomic<bool>* interrupted);

}  // namespace mmusim::tb
