// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace mmusim::tests {

/// Addresses [start, end) that the program has mapped.
struct OwnRange {
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    bool readable = false;
    bool writable = false;  ///< and private: a copy is made at the first write
};

/// What a process has mapped for itself: its code, its stack, its heap.
class OwnMemory {
  public:
    /// What is mapped now, by /proc/self/maps. Throws MachineRefusal if that cannot be read.
    [[nodiscard]] static OwnMemory of_this_process();

    [[nodiscard]] bool overlaps(std::uint64_t start, std::uint64_t end) const;

    /// Makes every page present, and writable without a fault where it may be written, so that
    /// the faults that are counted are those of the script alone. To be done again after a fork.
    void make_present() const;

  private:
    std::vector<OwnRange> ranges_;
};

}  // namespace mmusim::tests
