// SPDX-License-Identifier: Apache-2.0
// What kinds of signals there are in a recording, and how a view shows each.
#pragma once

#include <string_view>

namespace mmusim::tb {

/// How a value is shown.
enum class WaveFormat { bit, decimal, hexadecimal, state };

/// A signal of a part of the machine, whatever the part's own name.
struct WaveSignal {
    std::string_view part;    ///< `TLB`, `CACHE`, `walker.WALKER`, `memory.CHANNEL`, or its name
    std::string_view signal;  ///< its own name
    int bits = 1;
    WaveFormat format = WaveFormat::bit;
    std::string_view filter{};  ///< of a state: who names its values, in waves/filters
};

/// What a signal is, by its name below the machine's: `l1d.state`, `walker.walker0.level`.
/// Throws ModelError if there is none of that name.
[[nodiscard]] const WaveSignal& wave_signal_of(std::string_view name);

}  // namespace mmusim::tb
