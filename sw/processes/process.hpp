// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sw/faults/fault_outcome.hpp"
#include "sw/spaces/address_space.hpp"
#include "sw/statistics.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::sw {

/// Names a process, from 0 in the order of their creation, also after it has exited.
struct ProcessId {
    std::uint32_t value = 0;

    constexpr auto operator<=>(const ProcessId&) const = default;
};

struct Process {
    std::string name;
    AddressSpace space;
    FaultCounts faults{};
    std::optional<Signal> signal{};  ///< the last it got
    bool exited = false;             ///< its frames and page tables are gone
};

}  // namespace mmusim::sw
