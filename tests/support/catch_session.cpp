// SPDX-License-Identifier: Apache-2.0
// Catch2's own code, the heaviest file of the tests, is in the object of this file only.
#define CATCH_CONFIG_RUNNER
#include "tests/support/catch_session.hpp"

#include <catch2/catch.hpp>

namespace mmusim::tests {

int run_catch_session(int argument_count, char** arguments) {
    return Catch::Session().run(argument_count, arguments);
}

}  // namespace mmusim::tests
