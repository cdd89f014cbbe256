// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/expectation_check.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::expectation_check_test {

namespace {

ScriptStep step_that_expects(Expectation expectation) {
    expectation.line = 8;
    return {.line = 7, .text = "P write heap", .command = {}, .expectations = {expectation}};
}

// What was found wrong, or nothing.
std::string verdict(const Expectation& expectation, const StepResult& result) {
    try {
        check_expectations("a.workload", step_that_expects(expectation), result);
    } catch (const ExpectationFailure& failure) {
        return failure.what();
    }
    return "";
}

}  // namespace

TEST_CASE("an expectation is met if all that it names is so") {
    struct Row {
        Expectation expectation;
        StepResult result;
        bool met;
    };
    const std::vector<Row> rows{
        {{}, {.minor = 3, .signal = sw::Signal::bus_adrerr}, true},
        {{.minor = 3}, {.minor = 3, .major = 1}, true},
        {{.minor = 3}, {.minor = 2}, false},
        {{.minor = 3, .major = 0}, {.minor = 3, .major = 1}, false},
        {{.signal = "none"}, {}, true},
        {{.signal = "none"}, {.signal = sw::Signal::bus_adrerr}, false},
        {{.signal = "SIGBUS"}, {.signal = sw::Signal::bus_adrerr}, true},
        {{.signal = "SIGBUS ADRERR"}, {.signal = sw::Signal::bus_adrerr}, true},
        {{.signal = "SIGSEGV"}, {.signal = sw::Signal::bus_adrerr}, false},
        {{.signal = "SIGBUS"}, {}, false},
        {{.error = "none"}, {}, true},
        {{.error = "ENOMEM"}, {.error = sw::CallError::enomem}, true},
        {{.error = "ENOMEM"}, {.error = sw::CallError::einval}, false},
        {{.error = "ENOMEM"}, {}, false},
    };
    for (std::size_t row = 0; row < rows.size(); ++row) {
        INFO("row " << row);
        CHECK(verdict(rows[row].expectation, rows[row].result).empty() == rows[row].met);
    }
}

TEST_CASE("a failure names the line that expects, and the line that did something else") {
    CHECK(verdict({.minor = 2, .error = "none"}, {.minor = 1, .error = sw::CallError::enomem}) ==
          "a.workload:8: expected minor 2 error none, found minor 1 major 0 signal none error "
          "ENOMEM after line 7: P write heap");
}

}  // namespace mmusim::tb::expectation_check_test
