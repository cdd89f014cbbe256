// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "sw/machine.hpp"
#include "sw/statistics.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>

namespace mmusim::sw {

/// How many faults turned out to be of each kind.
using FaultCounts = PerEnumerator<FaultKind, std::uint64_t>;

/// The class that all faults of a kind belong to.
[[nodiscard]] constexpr FaultClass class_of(FaultKind kind) {
    switch (kind) {
        case FaultKind::anonymous_zero:
        case FaultKind::zero_page:
        case FaultKind::file_minor:
        case FaultKind::file_mkwrite:
        case FaultKind::cow_copy:
        case FaultKind::cow_reuse:
        case FaultKind::swap_cache:
        case FaultKind::ad_update:
        case FaultKind::spurious: return FaultClass::minor;
        case FaultKind::file_major:
        case FaultKind::swap_in: return FaultClass::major;
        case FaultKind::protection:
        case FaultKind::unmapped:
        case FaultKind::beyond_file:
        case FaultKind::read_error:
        case FaultKind::out_of_memory: break;
    }
    return FaultClass::invalid;
}

/// What became of a fault.
struct FaultOutcome {
    FaultKind kind = FaultKind::spurious;
    /// Set if the access cannot be made; otherwise the program makes it again.
    std::optional<Signal> signal{};

    constexpr bool operator==(const FaultOutcome&) const = default;

    [[nodiscard]] constexpr FaultClass fault_class() const { return class_of(kind); }
};

/// A fault is at its end, or waits for a request to storage.
using FaultProgress = std::variant<FaultOutcome, IoTicket>;

/// The same counts by class, and by kind.
[[nodiscard]] constexpr FaultStatistics fault_statistics_of(const FaultCounts& counts) {
    FaultStatistics statistics{.by_kind = counts};
    for (std::size_t index = 0; index < counts.values.size(); ++index) {
        const std::uint64_t count = counts.values[index];
        switch (class_of(static_cast<FaultKind>(index))) {
            case FaultClass::minor: statistics.minor += count; break;
            case FaultClass::major: statistics.major += count; break;
            case FaultClass::invalid: statistics.invalid += count; break;
        }
    }
    return statistics;
}

}  // namespace mmusim::sw
