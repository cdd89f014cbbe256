// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/system/run_options.hpp"
#include "tb/system/system_module.hpp"

namespace mmusim::tb {

/// Runs the simulation to its end and writes the waves of one window on the way. The file appears
/// under its name only when complete. Throws InputError when it cannot be written, or when the
/// simulation ends before the window begins.
void run_with_waves(SystemModule& system, const WaveWindow& window);

}  // namespace mmusim::tb
