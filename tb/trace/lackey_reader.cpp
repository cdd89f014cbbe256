// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/lackey_reader.hpp"

#include "tb/text/blanks.hpp"
#include "tb/trace/hexadecimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace mmusim::tb {

namespace {

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

/// A comma, a decimal number from 1 to the size of a page, and the newline.
[[nodiscard]] std::optional<std::uint32_t> take_size(const char*& cursor) {
    if (*cursor != ',') {
        return std::nullopt;
    }
    ++cursor;
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

struct LackeyRecord {
    char kind = 'I';
    VirtualAddress address;
    std::uint32_t size_bytes = 1;
};

[[nodiscard]] std::optional<LackeyRecord> take_record(const char*& cursor) {
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
    return LackeyRecord{.kind = *kind, .address = *address, .size_bytes = *size_bytes};
}

[[nodiscard]] bool is_skipped(std::string_view line) {
    return line.starts_with("==") || is_blank(line);
}

[[nodiscard]] bool resembles_record(std::string_view line) {
    constexpr std::array<std::string_view, 4> beginnings{"I ", " L ", " S ", " M "};
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&](std::string_view beginning) { return line.starts_with(beginning); });
}

}  // namespace

bool looks_like_lackey(std::string_view start) {
    if (!looks_like_text(start)) {
        return false;
    }
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
    : LineReader(std::move(bytes), user_half) {}

const char* LackeyReader::read_lines(const char* begin, const char* end) {
    return read_each(begin, end, [this](const char* line) { return read_line(line); });
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
    const std::string_view text = text_of_line(line);
    if (!is_skipped(text)) {
        fail(fmt::format(R"(found {}, expected "I  ADDRESS,SIZE", " L ADDRESS,SIZE", )"
                         R"(" S ADDRESS,SIZE" or " M ADDRESS,SIZE": )"
                         "the address in hexadecimal, the size from 1 to {}",
                         in_quotes(text), page_bytes));
    }
    return text.data() + text.size() + 1;
}

}  // namespace mmusim::tb
