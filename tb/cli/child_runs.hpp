// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace mmusim::tb {

/// A pipe whose two ends are closed with it, if they were not before.
class Pipe {
  public:
    /// Throws std::system_error.
    Pipe();
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    Pipe(Pipe&& other) noexcept;
    Pipe& operator=(Pipe&&) = delete;
    ~Pipe();

    [[nodiscard]] int reading() const { return reading_; }
    [[nodiscard]] int writing() const { return writing_; }
    void close_reading();
    void close_writing();

  private:
    int reading_ = -1;
    int writing_ = -1;
};

/// How a run in a process of its own ended: one of the two.
struct ChildEnd {
    std::optional<Cycles> cycles{};
    std::string failure{};
};

/// Runs beside the one of this process, each in a process of its own, since one process has one
/// simulation. They end with this one, at the latest.
class ChildRuns {
  public:
    /// Starts them; `at_once` work at a time, the others wait. To be made before the first SystemC
    /// object of this process. Throws std::system_error.
    ChildRuns(const std::vector<std::function<Cycles()>>& runs, std::size_t at_once);
    ChildRuns(const ChildRuns&) = delete;
    ChildRuns& operator=(const ChildRuns&) = delete;
    ChildRuns(ChildRuns&&) = delete;
    ChildRuns& operator=(ChildRuns&&) = delete;
    /// Ends those that are still under way.
    ~ChildRuns();

    /// One more may work at a time: this process has done its own run.
    void let_another_work();

    /// Waits for all, or until `interrupted`, and ends those that are not done then.
    [[nodiscard]] std::vector<ChildEnd> wait(const std::atomic<bool>& interrupted);

  private:
    struct Child {
        pid_t process = 0;
        Pipe answer{};
        std::string text{};
        bool under_way = true;
        int status = 0;
    };

    [[noreturn]] void be_child(pid_t parent, const std::function<Cycles()>& run, Pipe& answer);
    [[nodiscard]] bool any_under_way() const;
    void listen();
    void hear(Child& child);
    void end(Child& child);

    Pipe permits_;  // a byte for each that may work
    std::vector<Child> children_;
};

}  // namespace mmusim::tb
