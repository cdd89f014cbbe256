// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/machine.hpp"
#include "sw/statistics.hpp"

#include <optional>

namespace mmusim::sw {

/// A fault that waits for storage, or for a frame. When the wait is over it is handled again from
/// its beginning, as Linux does (VM_FAULT_RETRY), and counts once.
struct PendingFault {
    IoTicket waits_for;
    /// What it will have been, if it is the one that asked storage for the page.
    std::optional<FaultKind> kind{};
    /// The page that comes, which must not leave again before the fault has seen it.
    std::optional<PhysicalPageNumber> pinned{};
    /// Storage could not read the page.
    bool failed = false;
};

}  // namespace mmusim::sw
