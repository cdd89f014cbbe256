// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/swept_values.hpp"

#include "hw/base/problems.hpp"
#include "tb/config/allowed_values.hpp"
#include "tb/config/json_document.hpp"
#include "tb/config/shown_value.hpp"
#include "tb/text/parse.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <optional>

namespace mmusim::tb {

namespace {

// Whether the letters seen so far leave a quote, a bracket or a brace open.
class Nesting {
  public:
    [[nodiscard]] bool is_outside(char letter) {
        if (in_quotes_) {
            in_quotes_ = escaped_ || letter != '"';
            escaped_ = !escaped_ && letter == '\\';
            return false;
        }
        if (letter == '"') {
            in_quotes_ = true;
        } else if (letter == '[' || letter == '{') {
            ++depth_;
        } else if ((letter == ']' || letter == '}') && depth_ > 0) {
            --depth_;
        }
        return depth_ == 0 && !in_quotes_;
    }

  private:
    std::size_t depth_ = 0;
    bool in_quotes_ = false;
    bool escaped_ = false;
};

struct NumberRange {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    std::uint64_t step = 1;
    bool multiplies = false;
};

// What begins as a number and goes on after a colon is meant as a range.
[[nodiscard]] bool is_meant_as_range(std::string_view value) {
    const std::size_t colon = value.find(':');
    return colon != std::string_view::npos && parse_size(value.substr(0, colon)).has_value();
}

[[noreturn]] void refuse_range(std::string_view value, std::string_view expected) {
    throw InputError(fmt::format("range {}: expected {}", shortened(value), expected));
}

[[nodiscard]] NumberRange parse_range(std::string_view value) {
    const std::vector<std::string_view> parts = split_outside_brackets(value, ':');
    const std::optional<std::uint64_t> from = parse_size(parts.front());
    const std::optional<std::uint64_t> to = parse_size(parts.at(1));
    std::optional<std::uint64_t> step = 1;
    const bool multiplies = parts.size() == 3 && parts[2].starts_with('x');
    if (parts.size() == 3) {
        step = multiplies ? parse_unsigned(parts[2].substr(1)) : parse_size(parts[2]);
    }
    if (!from || !to || !step || parts.size() > 3) {
        refuse_range(value, "FROM:TO, FROM:TO:STEP or FROM:TO:xFACTOR");
    }
    if (*from > *to) {
        refuse_range(value, "an end that is not below the beginning");
    }
    if (multiplies ? *step < 2 : *step == 0) {
        refuse_range(value, "a step of at least 1, or a factor of at least 2");
    }
    if (multiplies && *from == 0) {
        refuse_range(value, "a beginning above 0 to multiply");
    }
    return {.from = *from, .to = *to, .step = *step, .multiplies = multiplies};
}

// Nothing after the last: it would be beyond the end, or beyond all numbers.
[[nodiscard]] std::optional<std::uint64_t> next_in(const NumberRange& range, std::uint64_t number) {
    if (range.multiplies) {
        return number > range.to / range.step ? std::nullopt : std::optional(number * range.step);
    }
    return range.to - number < range.step ? std::nullopt : std::optional(number + range.step);
}

void add_value(std::vector<std::string>& values, std::string value) {
    if (values.size() == most_points) {
        throw InputError(fmt::format("too many values, expected at most {}", most_points));
    }
    values.push_back(std::move(value));
}

// 8.0 and 1e3 are whole numbers to the configuration.
[[nodiscard]] nlohmann::json as_whole_number(nlohmann::json value) {
    constexpr double exact_below = 9007199254740992.0;
    if (value.is_number_float()) {
        const auto number = value.get<double>();
        if (number >= 0 && number < exact_below && std::trunc(number) == number) {
            return static_cast<std::uint64_t>(number);
        }
    }
    return value;
}

}  // namespace

std::vector<std::string_view> split_outside_brackets(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    Nesting nesting;
    std::size_t begin = 0;
    for (std::size_t position = 0; position < text.size(); ++position) {
        if (nesting.is_outside(text[position]) && text[position] == separator) {
            parts.push_back(text.substr(begin, position - begin));
            begin = position + 1;
        }
    }
    parts.push_back(text.substr(begin));
    return parts;
}

std::vector<std::string> listed_values(std::string_view list) {
    std::vector<std::string> values;
    for (const std::string_view value : split_outside_brackets(list, ',')) {
        if (value.empty()) {
            throw InputError(list.empty() ? "an empty list, expected values"
                                          : "an empty value, expected one between the commas");
        }
        if (!is_meant_as_range(value)) {
            add_value(values, std::string(value));
            continue;
        }
        const NumberRange range = parse_range(value);
        for (std::optional<std::uint64_t> number = range.from; number;
             number = next_in(range, *number)) {
            add_value(values, fmt::to_string(*number));
        }
    }
    return values;
}

nlohmann::json meaning_of(std::string_view key, std::string_view value) {
    constexpr std::string_view beginnings_of_json = "{[\"";
    nlohmann::json meaning;
    try {
        meaning = parse_json(value, fmt::format("value {}", shortened(value)));
    } catch (const InputError&) {
        if (!value.empty() && beginnings_of_json.find(value.front()) != std::string_view::npos) {
            throw;
        }
        meaning = value;
    }
    if (meaning.is_string() && takes_sizes(key)) {
        if (const auto bytes = parse_size(meaning.get_ref<const std::string&>())) {
            return *bytes;
        }
    }
    return as_whole_number(std::move(meaning));
}

}  // namespace mmusim::tb
