// SPDX-License-Identifier: Apache-2.0
// The reader of workload scripts takes or refuses any text; what it takes, written down from what
// it understood, is understood the same again.
#include "hw/base/problems.hpp"
#include "tb/workload/script_reader.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using mmusim::tb::Expectation;
using mmusim::tb::Script;
using mmusim::tb::ScriptSetting;
using mmusim::tb::ScriptStep;

std::optional<Script> script_in(std::string_view text) {
    try {
        return mmusim::tb::parse_script(text, "fuzz");
    } catch (const mmusim::InputError&) {
        return std::nullopt;
    }
}

template <typename Value>
std::string clause(std::string_view word, const std::optional<Value>& value) {
    return value ? fmt::format(" {} {}", word, *value) : "";
}

std::string text_of(const Expectation& expectation) {
    return "expect" + clause("error", expectation.error) + clause("signal", expectation.signal) +
           clause("major", expectation.major) + clause("minor", expectation.minor) + '\n';
}

std::string text_of(const Script& script) {
    std::string text;
    for (const ScriptSetting& setting : script.settings) {
        text += fmt::format("set {}\n", setting.command.assignment);
    }
    for (const ScriptStep& step : script.steps) {
        text += step.text + '\n';
        for (const Expectation& expectation : step.expectations) {
            text += text_of(expectation);
        }
    }
    return text;
}

bool are_alike(const Script& one, const Script& other) {
    bool alike = one.settings.size() == other.settings.size() &&
                 one.steps.size() == other.steps.size() && text_of(one) == text_of(other);
    for (std::size_t index = 0; alike && index < one.steps.size(); ++index) {
        alike = one.steps[index].command == other.steps[index].command;
    }
    return alike;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    // Bytes are characters here.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    const auto script = script_in({reinterpret_cast<const char*>(bytes), size});
    if (!script) {
        return 0;
    }
    const std::string text = text_of(*script);
    const auto again = script_in(text);
    if (!again || !are_alike(*script, *again)) {
        std::fputs(("not understood the same again:\n" + text).c_str(), stderr);
        std::abort();
    }
    return 0;
}
