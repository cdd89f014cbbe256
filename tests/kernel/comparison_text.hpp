// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/kernel/comparison.hpp"

#include <string>

namespace mmusim::tests {

/// A table: minor/major faults of each line, and what ended it, in the model and in the kernel.
[[nodiscard]] std::string table_of(const std::string& title, const Comparison& comparison);

/// How many lines were compared, and how many not, by reason.
[[nodiscard]] std::string text_of(const Summary& summary);

}  // namespace mmusim::tests
