// SPDX-License-Identifier: Apache-2.0
#include "tests/support/systemc_reports.hpp"

#include <systemc>

#include <iostream>

namespace mmusim::tests {

namespace {

// The kernel takes a plain function for its handler, which has nowhere else to count.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::size_t problem_reports = 0;

void handle(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
    std::cerr << sc_core::sc_report_compose_message(report) << '\n';
    if (report.get_severity() != sc_core::SC_INFO) {
        ++problem_reports;
    }
    // What else is to be done (throw, abort) is done as usual.
    const auto display = static_cast<sc_core::sc_actions>(sc_core::SC_DISPLAY);
    sc_core::sc_report_handler::default_handler(report, actions & ~display);
}

}  // namespace

void send_reports_to_standard_error() {
    sc_core::sc_report_handler::set_handler(handle);
}

std::size_t problem_report_count() {
    return problem_reports;
}

}  // namespace mmusim::tests
