// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/random.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tests {

/// Lines of a workload script, all of them possible, most of them accesses: eight processes or more
/// at work on memory of their own, shared memory and files.
class RandomScript {
  public:
    explicit RandomScript(std::uint64_t seed) : random_(seed) {}

    /// So many lines, besides those of the processes' beginning.
    [[nodiscard]] std::string text(std::uint64_t lines);

    /// Accesses that the lines ask for.
    [[nodiscard]] std::uint64_t accesses() const { return accesses_; }

  private:
    struct Region {
        std::string name;
        std::uint64_t pages = 0;
    };
    struct Process {
        std::string name;
        std::vector<Region> regions{};
    };

    void line(const std::string& words) { text_ += words + "\n"; }
    void step();
    void make_process();
    void map(Process& process);
    void access(const Process& process);
    void unmap(Process& process);
    void change(Process& process, Region& region);
    void fork(const Process& process);
    void end(std::size_t index);
    void work_on_file();

    [[nodiscard]] std::string advice();
    [[nodiscard]] std::string part_of(const Region& region);
    [[nodiscard]] Region& some_region(Process& process) {
        return process.regions[random_.below(process.regions.size())];
    }

    Random random_;
    std::string text_;
    std::vector<Process> processes_;
    std::uint64_t names_ = 0;
    std::uint64_t accesses_ = 0;
};

}  // namespace mmusim::tests
