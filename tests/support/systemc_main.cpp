// SPDX-License-Identifier: Apache-2.0
// The main of tests that need SystemC. The kernel wants to be asked first; it calls sc_main.
#include "tests/support/catch_session.hpp"
#include "tests/support/systemc_reports.hpp"

#include <systemc>

#include <cstdlib>

int sc_main(int argc, char* argv[]) {
    mmusim::tests::send_reports_to_standard_error();
    const int failed = mmusim::tests::run_catch_session(argc, argv);
    // A warning of the kernel is a failure, whatever the tests say.
    const bool reported = mmusim::tests::problem_report_count() > 0;
    return failed == 0 && reported ? EXIT_FAILURE : failed;
}

int main(int argument_count, char* arguments[]) {
    constexpr int keep_what_the_user_set = 0;
    ::setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", keep_what_the_user_set);
    return sc_core::sc_elab_and_sim(argument_count, arguments);
}
