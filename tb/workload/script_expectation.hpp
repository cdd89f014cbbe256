// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/workload/script_command.hpp"
#include "tb/workload/script_words.hpp"

namespace mmusim::tb {

/// Reads what follows `expect`, to the end of the line; its `line` is left to the caller. Throws
/// ScriptLineError.
[[nodiscard]] Expectation read_expectation(ScriptWords& words);

/// Whether a step that does as expected has failed, and so changed nothing.
[[nodiscard]] bool expects_failure(const Expectation& expectation);

}  // namespace mmusim::tb
