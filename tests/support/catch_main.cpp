// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch_session.hpp"

int main(int argument_count, char* arguments[]) {
    return mmusim::tests::run_catch_session(argument_count, arguments);
}
