// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/kernel/helper_processes.hpp"
#include "tests/kernel/host_file.hpp"

#include <cstdint>
#include <optional>

namespace mmusim::tests {

/// A process with one mapping, in which it is tried how this kernel counts. Every member function
/// throws MachineRefusal if a system call fails.
class Trial {
  public:
    /// A private anonymous mapping without huge pages.
    explicit Trial(std::uint64_t pages);
    /// A shared mapping of a file, which outlives this object.
    explicit Trial(const HostFile& file);

    void advise(int advice);
    void fork();

    /// A word of each page.
    [[nodiscard]] CountedOutcome read(std::uint64_t pages) {
        return touch(AccessType::read, pages);
    }
    [[nodiscard]] CountedOutcome write(std::uint64_t pages) {
        return touch(AccessType::write, pages);
    }
    /// Where nothing is mapped.
    [[nodiscard]] CountedOutcome read_nothing();

  private:
    void map(int flags, int descriptor);
    [[nodiscard]] CountedOutcome touch(AccessType type, std::uint64_t pages);
    void call(const SystemCall& call);

    HelperProcesses processes_;
    Helper helper_;
    std::uint64_t bytes_;
};

}  // namespace mmusim::tests
