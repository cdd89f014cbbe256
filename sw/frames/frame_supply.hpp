// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/frames/frame_use.hpp"
#include "sw/machine.hpp"

#include <optional>
#include <variant>

namespace mmusim::sw {

/// There is no frame.
struct FrameShortage {
    /// When this is done there may be one; none: there will be none.
    std::optional<IoTicket> until{};
};

using FrameGrant = std::variant<PhysicalPageNumber, FrameShortage>;

/// Where page tables and pages get their frames. A call may make other pages leave memory.
class FrameSupply {
  public:
    FrameSupply() = default;
    FrameSupply(const FrameSupply&) = delete;
    FrameSupply& operator=(const FrameSupply&) = delete;
    FrameSupply(FrameSupply&&) = delete;
    FrameSupply& operator=(FrameSupply&&) = delete;
    virtual ~FrameSupply() = default;

    /// A frame with unknown contents. Whoever asks keeps no page-table entry in mind over the call:
    /// any page may have left.
    [[nodiscard]] virtual FrameGrant take(FrameUse use) = 0;

    /// A frame full of zeros.
    [[nodiscard]] virtual FrameGrant take_cleared(FrameUse use) = 0;
};

}  // namespace mmusim::sw
