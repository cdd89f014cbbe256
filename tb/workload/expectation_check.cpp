// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/expectation_check.hpp"

#include "hw/base/enumeration.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace mmusim::tb {

namespace {

// One line of what a step did, in the words of `expect`.
std::string outcome_in_words(const StepResult& result) {
    return fmt::format("minor {} major {} signal {} error {}", result.minor, result.major,
                       result.signal ? name_of(*result.signal) : "none",
                       result.error ? name_of(*result.error) : "none");
}

bool signal_matches(const std::string& expected, const std::optional<sw::Signal>& found) {
    if (!found) {
        return expected == "none";
    }
    const std::string_view name = name_of(*found);
    return name == expected || name.substr(0, name.find(' ')) == expected;
}

// As it stands in the script.
std::string text_of(const Expectation& expected) {
    std::string text = "expected";
    const auto add = [&text](std::string_view name, const auto& value) {
        if (value) {
            text += fmt::format(" {} {}", name, *value);
        }
    };
    add("minor", expected.minor);
    add("major", expected.major);
    add("signal", expected.signal);
    add("error", expected.error);
    return text;
}

bool error_matches(const std::string& expected, const std::optional<sw::CallError>& found) {
    return expected == (found ? name_of(*found) : "none");
}

bool matches(const Expectation& expected, const StepResult& found) {
    return expected.minor.value_or(found.minor) == found.minor &&
           expected.major.value_or(found.major) == found.major &&
           (!expected.signal || signal_matches(*expected.signal, found.signal)) &&
           (!expected.error || error_matches(*expected.error, found.error));
}

}  // namespace

void check_expectations(const std::string& path, const ScriptStep& step, const StepResult& result) {
    for (const Expectation& expected : step.expectations) {
        if (!matches(expected, result)) {
            throw ExpectationFailure(fmt::format("{}:{}: {}, found {} after line {}: {}", path,
                                                 expected.line, text_of(expected),
                                                 outcome_in_words(result), step.line, step.text));
        }
    }
}

}  // namespace mmusim::tb
