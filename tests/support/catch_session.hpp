// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace mmusim::tests {

/// Runs the cases that the command line chooses. Returns the exit status: zero if none failed.
[[nodiscard]] int run_catch_session(int argument_count, char** arguments);

}  // namespace mmusim::tests
