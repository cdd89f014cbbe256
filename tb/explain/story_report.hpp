// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/explain/explanation.hpp"

#include <string>

namespace mmusim::tb {

/// The explanation as plain text, for people: the address and its parts, and for each process that
/// is told, the first eight of them, its region, its walk, its translations, what became of it in
/// each TLB, its faults and its events. The names of the other processes come last.
[[nodiscard]] std::string story_report(const Explanation& explanation);

}  // namespace mmusim::tb
