// SPDX-License-Identifier: Apache-2.0
#include "tests/waves/wave_page.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <stdexcept>
#include <string_view>

namespace mmusim::tests {

namespace {

constexpr std::string_view root_scope = "SystemC.mmusim.";

/// The lines that match, with their groups.
std::vector<std::smatch> rows(const std::vector<std::string>& lines, const std::regex& pattern) {
    std::vector<std::smatch> result;
    for (const std::string& line : lines) {
        std::smatch match;
        if (std::regex_match(line, match, pattern)) {
            result.push_back(match);
        }
    }
    return result;
}

std::optional<std::string> marker_in(const std::string& text) {
    std::smatch match;
    if (std::regex_search(text, match, std::regex(R"(Marker \*([^*]+)\*)"))) {
        return match.str(1);
    }
    return std::nullopt;
}

/// By the short names of signals, the values of their states by name.
std::map<std::string, std::map<std::string, std::uint64_t>> named_states(const WaveView& view) {
    std::map<std::string, std::map<std::string, std::uint64_t>> states;
    for (const ViewedSignal& signal : view.signals) {
        if (signal.filter) {
            for (const auto& [digits, name] :
                 read_wave_filter(MMUSIM_ROOT "/waves/" + *signal.filter)) {
                states[short_name(signal.name)][name] = std::stoull(digits, nullptr, 16);
            }
        }
    }
    return states;
}

/// Sums and products of numbers, with parentheses.
class Arithmetic {
  public:
    explicit Arithmetic(std::string_view text) : text_(text), rest_(text) {}

    [[nodiscard]] std::uint64_t value() {
        const std::uint64_t result = sum();
        if (!rest_.empty()) {
            fail();
        }
        return result;
    }

  private:
    [[nodiscard]] std::uint64_t sum() {
        std::uint64_t result = product();
        while (take("+")) {
            result += product();
        }
        return result;
    }

    [[nodiscard]] std::uint64_t product() {
        std::uint64_t result = factor();
        while (take("\u00d7")) {
            result *= factor();
        }
        return result;
    }

    [[nodiscard]] std::uint64_t factor() {
        if (take("(")) {
            const std::uint64_t result = sum();
            if (!take(")")) {
                fail();
            }
            return result;
        }
        const std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
        if (digits == 0) {
            fail();
        }
        const std::uint64_t result = std::stoull(std::string(rest_.substr(0, digits)));
        rest_.remove_prefix(digits);
        skip_blanks();
        return result;
    }

    bool take(std::string_view sign) {
        if (!rest_.starts_with(sign)) {
            return false;
        }
        rest_.remove_prefix(sign.size());
        skip_blanks();
        return true;
    }

    void skip_blanks() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    }

    [[noreturn]] void fail() const {
        throw std::runtime_error(fmt::format("'{}' is no sum that can be worked out", text_));
    }

    std::string_view text_;
    std::string_view rest_;
};

}  // namespace

std::vector<ToldStep> steps_of(const std::vector<std::string>& page) {
    std::vector<ToldStep> steps;
    for (const std::smatch& row :
         rows(page, std::regex(R"(\| (\d+) \| `(\S+)` \| (\S+) \| (.+) \|)"))) {
        steps.push_back({.cycle = std::stoull(row.str(1)),
                         .signal = row.str(2),
                         .value = row.str(3),
                         .marker = marker_in(row.str(4)),
                         .row = row.str()});
    }
    return steps;
}

std::vector<ToldTime> times_of(const std::vector<std::string>& page) {
    std::vector<ToldTime> times;
    for (const std::smatch& row :
         rows(page,
              std::regex(R"(\| \*([^*|]+)\* \| \*([^*|]+)\* \| (\d+) \| ([^|]+) \| [^|]* \|)"))) {
        times.push_back({.from = row.str(1),
                         .to = row.str(2),
                         .cycles = std::stoull(row.str(3)),
                         .by_hand = row.str(4),
                         .row = row.str()});
    }
    return times;
}

std::uint64_t worked_out(const std::string& sum) {
    return Arithmetic(sum).value();
}

std::string short_name(const std::string& signal) {
    return signal.substr(root_scope.size(), signal.find('[') - root_scope.size());
}

void check_steps(const std::vector<ToldStep>& steps, const WaveView& view, const VcdFile& recording,
                 std::uint64_t period_ps) {
    std::map<std::string, VcdSignal> signals;
    for (const auto& [name, signal] : recording.signals) {
        signals[short_name(name)] = signal;
    }
    const auto states = named_states(view);
    for (const ToldStep& step : steps) {
        INFO(step.row);
        REQUIRE(signals.count(step.signal) == 1);
        const auto named = states.find(step.signal);
        const std::uint64_t value = named == states.end() ? std::stoull(step.value, nullptr, 0)
                                                          : named->second.at(step.value);
        const auto times = signals.at(step.signal).times_of(value);
        CHECK(std::count(times.begin(), times.end(), step.cycle * period_ps) == 1);
    }
}

}  // namespace mmusim::tests
