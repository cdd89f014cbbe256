// SPDX-License-Identifier: Apache-2.0
#include <systemc>

#include <cstdlib>
#include <iostream>
#include <span>

#include "tb/cli/command_line.hpp"

namespace {

// Standard output belongs to results, so what the kernel reports goes to standard error.
void report_on_standard_error(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
    sc_core::sc_actions others = actions;
    if ((actions & sc_core::SC_DISPLAY) != 0) {
        std::cerr << sc_core::sc_report_compose_message(report) << '\n';
        others &= ~static_cast<sc_core::sc_actions>(sc_core::SC_DISPLAY);
    }
    sc_core::sc_report_handler::default_handler(report, others);
}

}  // namespace

// Called by the kernel once it is ready.
int sc_main(int argument_count, char* arguments[]) {
    sc_core::sc_report_handler::set_handler(report_on_standard_error);
    return mmusim::tb::run_command_line(
        std::span<char* const>(arguments, static_cast<std::size_t>(argument_count)));
}

int main(int argument_count, char* arguments[]) {
    constexpr int keep_what_is_set = 0;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", keep_what_is_set);
    return sc_core::sc_elab_and_sim(argument_count, arguments);
}
