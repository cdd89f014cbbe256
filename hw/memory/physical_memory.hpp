// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace mmusim::hw {

/// What memory holds: page tables mostly. Only lines that were written take room on the host; all
/// else reads as zero.
class PhysicalMemory {
  public:
    /// `base` and `size_bytes` are whole frames.
    PhysicalMemory(PhysicalAddress base, std::uint64_t size_bytes)
        : base_(base), size_bytes_(size_bytes) {}

    /// Whether all of [address, address + bytes) is memory.
    [[nodiscard]] bool contains(PhysicalAddress address, std::uint64_t bytes) const;

    /// Reads `bytes`, 8 at most, little endian; they do not cross a multiple of 8.
    [[nodiscard]] std::uint64_t read(PhysicalAddress address, unsigned bytes) const;

    /// Writes the low `bytes` of `value`, 8 at most; they do not cross a multiple of 8.
    void write(PhysicalAddress address, std::uint64_t value, unsigned bytes);

    void clear_frame(PhysicalPageNumber frame);

  private:
    static constexpr std::uint64_t line_bytes = 64;
    static constexpr std::uint64_t word_bytes = 8;

    using Line = std::array<std::uint64_t, line_bytes / word_bytes>;
    using Frame = std::array<std::unique_ptr<Line>, page_bytes / line_bytes>;

    PhysicalAddress base_;
    std::uint64_t size_bytes_;
    std::unordered_map<std::uint64_t, Frame> frames_;
};

}  // namespace mmusim::hw
