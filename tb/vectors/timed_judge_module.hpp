// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/vectors/walk_judge.hpp"
#include "tb/vectors/walk_machine_module.hpp"

#include <set>

namespace mmusim::tb {

/// Answers by the modules of the hardware: TLBs, walker and memory controller in one simulation.
class TimedJudge final : public WalkJudge {
  public:
    /// The process's one simulation begins here.
    explicit TimedJudge(hw::PagingMode mode);

    void begin_image() override;
    void write(const ImageWord& word) override;
    [[nodiscard]] WalkAnswer translate(const hw::TranslationRequest& request) override;

    /// Translates, and leaves what that wrote and filled. Throws ModelError if no answer comes.
    [[nodiscard]] WalkAnswer access(const hw::TranslationRequest& request);
    /// Takes back what `access` wrote, and empties the TLBs.
    void restore();

    [[nodiscard]] WalkMachineModule& machine() { return machine_; }

  private:
    WalkMachineModule machine_;
    std::set<PhysicalPageNumber> frames_;  ///< that the image has words in
    std::vector<EntryWrite> writes_;
};

}  // namespace mmusim::tb
