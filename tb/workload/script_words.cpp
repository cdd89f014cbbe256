// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_words.hpp"

#include "tb/text/blanks.hpp"
#include "tb/text/in_quotes.hpp"
#include "tb/text/parse.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mmusim::tb {

namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view name_characters =
    "abcdefghijklmnopqrstuvwxyz"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "0123456789"
    "_-.";

[[nodiscard]] std::string_view without_leading_blanks(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text;
}

[[nodiscard]] std::string_view without_trailing_blanks(std::string_view text) {
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

[[nodiscard]] bool begins_with_digit(std::string_view word) {
    return !word.empty() && digits.find(word.front()) != std::string_view::npos;
}

[[nodiscard]] bool is_name(std::string_view word) {
    return !begins_with_digit(word) &&
           word.find_first_not_of(name_characters) == std::string_view::npos;
}

}  // namespace

void refuse(std::string_view found, std::string_view expected) {
    throw ScriptLineError(fmt::format("found {}, expected {}", found, expected));
}

void refuse_unknown(std::string_view word, std::string_view expected,
                    std::span<const std::string_view> known) {
    const std::optional<std::string_view> nearest = nearest_name(word, known);
    const std::string hint = nearest ? fmt::format("; did you mean {}?", *nearest) : "";
    refuse(in_quotes(word), fmt::format("{}{}", expected, hint));
}

ScriptWords::ScriptWords(std::string_view line)
    : rest_(without_leading_blanks(without_trailing_blanks(line))) {}

std::string_view ScriptWords::peek() const {
    return rest_.substr(0, rest_.find_first_of(blanks));
}

bool ScriptWords::number_follows() const {
    return begins_with_digit(rest_);
}

std::string_view ScriptWords::next(std::string_view expected) {
    if (at_end()) {
        refuse("the end of the line", expected);
    }
    const std::string_view word = peek();
    rest_ = without_leading_blanks(rest_.substr(word.size()));
    return word;
}

bool ScriptWords::take(std::string_view word) {
    if (peek() != word) {
        return false;
    }
    next(word);
    return true;
}

std::string ScriptWords::next_name(std::string_view what) {
    const std::string_view name = next(what);
    if (!is_name(name)) {
        refuse(in_quotes(name),
               fmt::format("{}: letters, digits, _ - . and no digit to begin with", what));
    }
    return std::string(name);
}

std::uint64_t ScriptWords::next_number(std::string_view what) {
    const std::string_view word = next(what);
    const std::optional<std::uint64_t> number = parse_unsigned(word);
    if (!number) {
        refuse(in_quotes(word), fmt::format("{}: a whole number", what));
    }
    return *number;
}

std::uint64_t ScriptWords::next_count(std::string_view what) {
    const std::string_view word = next(what);
    const std::optional<std::uint64_t> number = parse_unsigned(word);
    if (!number || *number == 0) {
        refuse(in_quotes(word), fmt::format("{}: a whole number from 1 on", what));
    }
    return *number;
}

std::uint64_t ScriptWords::next_size(std::string_view what) {
    const std::string_view word = next(what);
    const std::optional<std::uint64_t> bytes = parse_size(word);
    if (!bytes) {
        refuse(in_quotes(word), fmt::format("{}: bytes, as 4096, 0x1000 or 4KiB", what));
    }
    return *bytes;
}

VirtualAddress ScriptWords::next_address() {
    return {next_size("an address")};
}

std::optional<std::uint64_t> ScriptWords::take_offset() {
    if (!peek().starts_with('+')) {
        return std::nullopt;
    }
    const std::string_view word = next("+OFF");
    const std::optional<std::uint64_t> offset = parse_size(word.substr(1));
    if (!offset) {
        refuse(in_quotes(word), "an offset: + and bytes, as +4096, +0x1000 or +4KiB");
    }
    return offset;
}

std::size_t ScriptWords::next_index(std::span<const std::string_view> known,
                                    std::string_view or_else) {
    const std::string_view one_of = known.size() > 1 ? "one of " : "";
    const std::string expected = fmt::format("{}{}{}", one_of, fmt::join(known, ", "), or_else);
    const std::string_view word = next(expected);
    const auto found = std::find(known.begin(), known.end(), word);
    if (found == known.end()) {
        refuse_unknown(word, expected, known);
    }
    return static_cast<std::size_t>(found - known.begin());
}

void ScriptWords::expect_end() const {
    if (!at_end()) {
        refuse(in_quotes(rest_), "the end of the line");
    }
}

}  // namespace mmusim::tb
