// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"
#include "sw/calls/call_error.hpp"
#include "sw/statistics.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

namespace mmusim::tb {

/// What one line of a script did.
struct StepResult {
    std::uint64_t line = 0;
    std::string text{};
    std::uint64_t minor = 0;
    std::uint64_t major = 0;
    std::optional<sw::Signal> signal{};
    std::optional<sw::CallError> error{};
    Cycles cycles{};

    static constexpr auto fields() {
        using S = StepResult;
        return std::tuple{
            statistic("line", &S::line, "", "the line of the script, from 1"),
            statistic("text", &S::text, "", "what stands there"),
            statistic("minor", &S::minor, "fault", "minor faults during the line"),
            statistic("major", &S::major, "fault", "major faults during the line"),
            statistic("signal", &S::signal, "", "the signal that ended the line, or null"),
            statistic("error", &S::error, "", "why the system call did nothing, or null"),
            statistic("cycles", &S::cycles, "cycle", "from the line's begin to its end"),
        };
    }
};

}  // namespace mmusim::tb
