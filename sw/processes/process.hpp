// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sw/faults/fault_outcome.hpp"
#include "sw/faults/pending_fault.hpp"
#include "sw/processes/process_id.hpp"
#include "sw/spaces/address_space.hpp"
#include "sw/statistics.hpp"

#include <optional>
#include <string>

namespace mmusim::sw {

struct Process {
    ProcessId id;
    std::string name;
    AddressSpace space;
    FaultCounts faults{};
    std::optional<PendingFault> pending_fault{};
    std::optional<Signal> signal{};  ///< the last it got
    bool exited = false;             ///< its frames and page tables are gone
};

}  // namespace mmusim::sw
