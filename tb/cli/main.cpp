// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/command_line.hpp"

#include <systemc>

#include <cstdlib>
#include <iostream>
#include <span>
#include <sysc/tracing/sc_tracing_ids.h>

namespace {

// Standard output belongs to results, so what the kernel reports goes to standard error.
void report_on_standard_error(const sc_core::sc_report& report,
                              const sc_core::sc_actions& actions) {
    sc_core::sc_actions others = actions;
    if ((actions & sc_core::SC_DISPLAY) != 0) {
        std::cerr << sc_core::sc_report_compose_message(report) << '\n';
        others &= ~static_cast<sc_core::sc_actions>(sc_core::SC_DISPLAY);
    }
    sc_core::sc_report_handler::default_handler(report, others);
}

}  // namespace

// Called by the kernel once it is ready.
int sc_main(int argc, char* argv[]) {
    sc_core::sc_report_handler::set_handler(report_on_standard_error);
    // What the kernel tells of its own doings, such as a wave file's time unit.
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    // A run that fails before its first wave says why.
    sc_core::sc_report_handler::set_actions(sc_core::SC_ID_TRACING_CLOSE_EMPTY_FILE_,
                                            sc_core::SC_DO_NOTHING);
    return mmusim::tb::run_command_line(
        std::span<char* const>(argv, static_cast<std::size_t>(argc)));
}

int main(int argument_count, char* arguments[]) {
    constexpr int keep_what_is_set = 0;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread
    setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", keep_what_is_set);
    return sc_core::sc_elab_and_sim(argument_count, arguments);
}
