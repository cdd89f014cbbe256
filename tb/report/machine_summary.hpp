// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/config/configuration.hpp"

#include <string>

namespace mmusim::tb {

/// The machine in one line: "l1i 16x4, l1d 16x4 → l2 128x12 → 1 walker, sv39, memory of 20 cycles".
/// A TLB's figures are its sets and ways; the caches, with their sizes, are those of the walker.
[[nodiscard]] std::string machine_summary(const Configuration& configuration);

}  // namespace mmusim::tb
