// SPDX-License-Identifier: Apache-2.0
// The processes of a script as processes of this machine: each does what it is told, and counts.
#pragma once

#include "tests/kernel/counted_calls.hpp"
#include "tests/kernel/own_memory.hpp"

#include <cstddef>
#include <optional>
#include <sys/types.h>
#include <variant>
#include <vector>

namespace mmusim::tests {

/// fork(2). The child listens to its own channel.
struct ForkRequest {
    std::size_t channel = 0;
};

struct ExitRequest {};

using HelperRequest = std::variant<tb::AccessSequence, SystemCall, ForkRequest, ExitRequest>;

struct HelperReply {
    CountedOutcome outcome;
    pid_t process = 0;
};

/// One process, as it is seen by who tells it what to do.
struct Helper {
    std::size_t channel = 0;
    int process_descriptor = -1;  ///< pidfd_open(2)
    pid_t process = 0;
};

/// All of them end with this object. Every member function throws MachineRefusal if this machine
/// makes no process, and std::runtime_error if one does not answer.
class HelperProcesses {
  public:
    /// At most `most` processes will be asked for. Descriptors that are open now are theirs too.
    explicit HelperProcesses(std::size_t most);
    HelperProcesses(const HelperProcesses&) = delete;
    HelperProcesses& operator=(const HelperProcesses&) = delete;
    HelperProcesses(HelperProcesses&&) = delete;
    HelperProcesses& operator=(HelperProcesses&&) = delete;
    ~HelperProcesses();

    /// A process that has none of a script's memory.
    [[nodiscard]] Helper start();
    /// What fork(2) makes of `parent`.
    [[nodiscard]] Helper fork(const Helper& parent);
    /// Returns when its memory is free.
    void exit(const Helper& helper);

    [[nodiscard]] CountedOutcome call(const Helper& helper, const SystemCall& call);
    [[nodiscard]] CountedOutcome access(const Helper& helper, const tb::AccessSequence& sequence);

    /// The addresses that no script may touch.
    [[nodiscard]] const OwnMemory& own_memory() const { return own_memory_; }

  private:
    struct Channel {
        int here = -1;
        int there = -1;
    };

    [[nodiscard]] std::size_t next_channel();
    [[nodiscard]] HelperReply ask(const Helper& helper, const HelperRequest& request);
    [[nodiscard]] HelperReply answer_of(std::size_t channel);
    [[nodiscard]] Helper ready_helper(std::size_t channel);
    [[noreturn]] void serve_first(std::size_t channel);
    [[noreturn]] void serve(std::size_t channel);
    void announce(std::size_t channel);
    [[nodiscard]] HelperReply reply_to(const ForkRequest& request, std::size_t& channel);

    std::vector<Channel> channels_;
    std::vector<Helper> helpers_;
    std::size_t used_channels_ = 0;
    OwnMemory own_memory_;
};

}  // namespace mmusim::tests
