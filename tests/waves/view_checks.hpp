// SPDX-License-Identifier: Apache-2.0
// What holds for each view in waves/.
#pragma once

#include "tests/support/vcd_file.hpp"
#include "tests/waves/wave_view.hpp"

#include <cstddef>
#include <string>

namespace mmusim::tests {

/// The view of that name, from waves/.
[[nodiscard]] WaveView view_named(const std::string& name);

/// It opens the recording beside it, from any directory, and is plain ASCII.
void check_form_of_view(const std::string& name);

/// Every signal that the view shows is recorded, as wide as it says.
void check_signals(const WaveView& view, const VcdFile& recording);

/// Every state that the view shows changes, and its filter names each value that it takes on.
/// Returns how many states those are.
std::size_t check_states(const WaveView& view, const VcdFile& recording);

}  // namespace mmusim::tests
