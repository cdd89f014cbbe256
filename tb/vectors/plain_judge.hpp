// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/memory/physical_memory.hpp"
#include "hw/paging/parameters.hpp"
#include "tb/vectors/walk_judge.hpp"

namespace mmusim::tb {

/// Answers by the hardware's walk alone: no TLB, no time.
class PlainJudge final : public WalkJudge {
  public:
    explicit PlainJudge(hw::PagingMode mode) : paging_{.mode = mode} {}

    void begin_image() override;
    void write(const ImageWord& word) override;
    [[nodiscard]] WalkAnswer translate(const hw::TranslationRequest& request) override;

  private:
    hw::PagingParameters paging_;
    hw::PhysicalMemory memory_{vector_memory_base, vector_memory_bytes};
};

}  // namespace mmusim::tb
