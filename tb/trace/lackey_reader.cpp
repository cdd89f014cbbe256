// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/lackey_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::size_t longest_line_bytes = std::size_t{64} << 10U;
constexpr std::uint8_t not_a_digit = 0xff;

constexpr auto hexadecimal_digits = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(not_a_digit);
    constexpr std::string_view lower_case = "0123456789abcdef";
    constexpr std::string_view upper_case = "0123456789ABCDEF";
    for (std::uint8_t digit = 0; digit < 16; ++digit) {
        values[static_cast<unsigned char>(lower_case[digit])] = digit;
        values[static_cast<unsigned char>(upper_case[digit])] = digit;
    }
    return values;
}();

// The functions below read on at `cursor`, which they advance, and stop at a newline at the latest:
// there is one ahead, so that no end needs to be checked.

/// The letter of "I  ", " L ", " S " or " M ".
[[nodiscard]] std::optional<char> take_kind(const char*& cursor) {
    const char first = *cursor;
    if (first != 'I' && first != ' ') {
        return std::nullopt;
    }
    const char second = cursor[1];
    const bool known =
        first == 'I' ? second == ' ' : second == 'L' || second == 'S' || second == 'M';
    if (!known || cursor[2] != ' ') {
        return std::nullopt;
    }
    cursor += 3;
    return first == 'I' ? first : second;
}

/// 1 to 16 hexadecimal digits and a comma.
[[nodiscard]] std::optional<VirtualAddress> take_address(const char*& cursor) {
    const char* const begin = cursor;
    std::uint64_t value = 0;
    std::uint8_t digit = hexadecimal_digits[static_cast<unsigned char>(*cursor)];
    while (digit != not_a_digit) {
        value = value << 4U | digit;
        ++cursor;
        digit = hexadecimal_digits[static_cast<unsigned char>(*cursor)];
    }
    const auto digits = cursor - begin;
    if (digits < 1 || digits > 16 || *cursor != ',') {
        return std::nullopt;
    }
    ++cursor;
    return VirtualAddress{value};
}

/// A decimal number from 1 to the size of a page, and the newline.
[[nodiscard]] std::optional<std::uint32_t> take_size(const char*& cursor) {
    std::uint32_t value = 0;
    while (*cursor >= '0' && *cursor <= '9' && value <= page_bytes) {
        value = value * 10 + static_cast<std::uint32_t>(*cursor - '0');
        ++cursor;
    }
    if (value < 1 || value > page_bytes || *cursor != '\n') {
        return std::nullopt;
    }
    ++cursor;
    return value;
}

struct Record {
    char kind = 'I';
    VirtualAddress address;
    std::uint32_t size_bytes = 1;
};

[[nodiscard]] std::optional<Record> take_record(const char*& cursor) {
    const auto kind = take_kind(cursor);
    if (!kind) {
        return std::nullopt;
    }
    const auto address = take_address(cursor);
    if (!address) {
        return std::nullopt;
    }
    const auto size_bytes = take_size(cursor);
    if (!size_bytes) {
        return std::nullopt;
    }
    return Record{.kind = *kind, .address = *address, .size_bytes = *size_bytes};
}

/// The newline that ends the line; zeros may precede it.
[[nodiscard]] const char* end_of(const char* line) {
    while (*line != '\n') {
        ++line;
    }
    return line;
}

[[nodiscard]] std::string_view first_line(std::string_view text) {
    return text.substr(0, text.find('\n'));
}

[[nodiscard]] bool is_skipped(std::string_view line) {
    return line.starts_with("==") || line.find_first_not_of(" \t\r") == std::string_view::npos;
}

[[nodiscard]] bool resembles_record(std::string_view line) {
    constexpr std::array<std::string_view, 4> beginnings{"I ", " L ", " S ", " M "};
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](std::string_view beginning) { return line.starts_with(beginning); });
}

}  // namespace

bool looks_like_lackey(std::string_view start) {
    const bool begins_with_message = start.starts_with("==");
    while (!start.empty()) {
        const std::string_view line = first_line(start);
        if (!is_skipped(line)) {
            return resembles_record(line);
        }
        start.remove_prefix(std::min(line.size() + 1, start.size()));
    }
    return begins_with_message;
}

LackeyReader::LackeyReader(ByteStream bytes, UserHalf user_half)
    : TraceReader(std::move(bytes), user_half) {}

std::string LackeyReader::place() const {
    return fmt::format("{}:{}", bytes().path(), line_);
}

void LackeyReader::fill_batch() {
    while (!batch_is_full() && have_line()) {
        read_lines(bytes().window().substr(0, whole_lines_bytes_));
    }
    if (!batch_is_full()) {
        read_last_line();
    }
}

bool LackeyReader::have_line() {
    while (whole_lines_bytes_ == 0) {
        const std::string_view window = bytes().window();
        const std::size_t newline = window.rfind('\n');
        if (newline != std::string_view::npos) {
            whole_lines_bytes_ = newline + 1;
            return true;
        }
        if (window.size() > longest_line_bytes) {
            fail(fmt::format("found {}, expected a shorter line", in_quotes(window)));
        }
        if (!bytes().read_more()) {
            return false;
        }
    }
    return true;
}

void LackeyReader::read_lines(std::string_view lines) {
    const char* const begin = lines.data();
    const char* const end = begin + lines.size();
    const char* cursor = begin;
    while (cursor != end && !batch_is_full()) {
        cursor = read_line(cursor);
        ++line_;
    }
    const auto read = static_cast<std::size_t>(cursor - begin);
    bytes().consume(read);
    whole_lines_bytes_ -= read;
}

// The newline of the last line may be missing.
void LackeyReader::read_last_line() {
    const std::string line = std::string(bytes().window()) + '\n';
    read_line(line.c_str());
    bytes().consume(line.size() - 1);
}

const char* LackeyReader::read_line(const char* line) {
    const char* cursor = line;
    const auto record = take_record(cursor);
    if (!record) {
        return skip_line(line);
    }
    switch (record->kind) {
        case 'I': add(AccessType::fetch, record->address, record->size_bytes); break;
        case 'L': add(AccessType::read, record->address, record->size_bytes); break;
        case 'S': add(AccessType::write, record->address, record->size_bytes); break;
        default:
            add(AccessType::read, record->address, record->size_bytes);
            add(AccessType::write, record->address, record->size_bytes);
    }
    return cursor;
}

const char* LackeyReader::skip_line(const char* line) const {
    const std::string_view text(line, static_cast<std::size_t>(end_of(line) - line));
    if (!is_skipped(text)) {
        fail(fmt::format(R"(found {}, expected "I  ADDRESS,SIZE", " L ADDRESS,SIZE", )"
                         R"(" S ADDRESS,SIZE" or " M ADDRESS,SIZE": )"
                         "the address in hexadecimal, the size from 1 to {}",
                         in_quotes(text), page_bytes));
    }
    return text.data() + text.size() + 1;
}

}  // namespace mmusim::tb
