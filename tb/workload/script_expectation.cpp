// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_expectation.hpp"

#include "hw/base/enumeration.hpp"
#include "sw/calls/call_error.hpp"
#include "sw/statistics.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr std::string_view none = "none";

/// A signal that says why has two words: "SIGSEGV MAPERR".
[[nodiscard]] std::string_view first_word_of(std::string_view signal) {
    return signal.substr(0, signal.find(' '));
}

[[nodiscard]] std::string_view second_word_of(std::string_view signal) {
    const std::size_t blank = signal.find(' ');
    return blank == std::string_view::npos ? "" : signal.substr(blank + 1);
}

/// Every signal by all its words, and before the first of its kind by the first word alone.
[[nodiscard]] std::vector<std::string_view> signals() {
    std::vector<std::string_view> known{none};
    for (const std::string_view signal : names_of<sw::Signal>) {
        const std::string_view first_word = first_word_of(signal);
        if (first_word_of(known.back()) != first_word) {
            known.push_back(first_word);
        }
        if (first_word != signal) {
            known.push_back(signal);
        }
    }
    return known;
}

[[nodiscard]] bool says_why(std::string_view word) {
    const auto& names = names_of<sw::Signal>;
    return std::any_of(names.begin(), names.end(), [&](std::string_view signal) {
        return !word.empty() && second_word_of(signal) == word;
    });
}

void read_minor(ScriptWords& words, Expectation& expectation) {
    expectation.minor = words.next_number("how many minor faults");
}

void read_major(ScriptWords& words, Expectation& expectation) {
    expectation.major = words.next_number("how many major faults");
}

void read_signal(ScriptWords& words, Expectation& expectation) {
    const std::vector<std::string_view> known = signals();
    const std::string expected = fmt::format("one of {}", fmt::join(known, ", "));
    std::string signal(words.next(expected));
    if (says_why(words.peek())) {
        signal += fmt::format(" {}", words.next(expected));
    }
    if (std::find(known.begin(), known.end(), signal) == known.end()) {
        refuse_unknown(signal, expected, known);
    }
    expectation.signal = std::move(signal);
}

void read_error(ScriptWords& words, Expectation& expectation) {
    const auto& errors = names_of<sw::CallError>;
    std::vector<std::string_view> known{none};
    known.insert(known.end(), errors.begin(), errors.end());
    expectation.error = std::string(known[words.next_index(known, "")]);
}

constexpr std::array<ScriptClause<Expectation>, 4> clauses{
    {{"minor", read_minor}, {"major", read_major}, {"signal", read_signal}, {"error", read_error}}};

}  // namespace

Expectation read_expectation(ScriptWords& words) {
    if (words.at_end()) {
        refuse("the end of the line", fmt::format("one of {}", fmt::join(words_of(clauses), ", ")));
    }
    Expectation expectation;
    read_clauses<Expectation>(words, clauses, expectation);
    return expectation;
}

bool expects_failure(const Expectation& expectation) {
    return expectation.error && *expectation.error != none;
}

}  // namespace mmusim::tb
