// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/problems.hpp"
#include "sw/processes/process.hpp"

#include <fmt/format.h>

#include <deque>
#include <string>
#include <utility>

namespace mmusim::sw {

/// All processes that ever were. A process stays where it is.
class Processes {
  public:
    Process& add(std::string name, PhysicalPageNumber root) {
        const ProcessId id{static_cast<std::uint32_t>(processes_.size())};
        return processes_.emplace_back(
            Process{.id = id, .name = std::move(name), .space = {.root = root}});
    }

    [[nodiscard]] Process& operator[](ProcessId id) { return processes_.at(id.value); }
    [[nodiscard]] const Process& operator[](ProcessId id) const { return processes_.at(id.value); }

    /// The process, which has not exited; any other is a ModelError.
    [[nodiscard]] Process& living(ProcessId id) {
        check_living(id);
        return processes_[id.value];
    }
    [[nodiscard]] const Process& living(ProcessId id) const {
        check_living(id);
        return processes_[id.value];
    }

    [[nodiscard]] auto begin() { return processes_.begin(); }
    [[nodiscard]] auto end() { return processes_.end(); }
    [[nodiscard]] auto begin() const { return processes_.begin(); }
    [[nodiscard]] auto end() const { return processes_.end(); }
    [[nodiscard]] std::size_t size() const { return processes_.size(); }

  private:
    void check_living(ProcessId id) const {
        if (id.value >= processes_.size() || processes_[id.value].exited) {
            throw ModelError(fmt::format("there is no process {}", id.value));
        }
    }

    std::deque<Process> processes_;
};

}  // namespace mmusim::sw
