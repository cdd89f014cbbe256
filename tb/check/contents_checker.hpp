// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"
#include "sw/processes/process.hpp"
#include "tb/check/contents_oracle.hpp"
#include "tb/check/frame_contents.hpp"
#include "tb/check/word_value.hpp"

#include <cstdint>
#include <string>

namespace mmusim::tb {

/// An access, or the part of it that lies in one page, at the moment at which it acts on memory.
struct FinishedAccess {
    std::uint64_t number = 0;  ///< tells it from all other accesses of the run
    sw::ProcessId process;
    VirtualAddress virtual_address;
    PhysicalAddress physical_address;
    AccessType type = AccessType::read;
    std::uint64_t bytes = 1;
};

/// Whether data survives: every store leaves its access's number in memory, and every load must
/// find what the last store to that page, through any mapping of it, has left.
///
/// Who works on frames and storage tells `frames()`, who answers system calls tells `programs()`,
/// and whoever sees accesses end tells `finished`. These three meet here only.
class ContentsChecker {
  public:
    [[nodiscard]] FrameContents& frames() { return frames_; }
    [[nodiscard]] ContentsOracle& programs() { return programs_; }

    /// Throws CheckFailure where a load finds what it may not, and where the program has no memory.
    void finished(const FinishedAccess& access);

    /// How many accesses were found right.
    [[nodiscard]] std::uint64_t checked() const { return checked_; }

  private:
    void check_place(const FinishedAccess& access) const;
    void check_words(const FinishedAccess& access);
    [[nodiscard]] std::string story(const FinishedAccess& access,
                                    const std::string& difference) const;

    FrameContents frames_;
    ContentsOracle programs_;
    std::uint64_t checked_ = 0;
};

}  // namespace mmusim::tb
