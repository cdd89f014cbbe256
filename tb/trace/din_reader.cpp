// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/din_reader.hpp"

#include "tb/text/blanks.hpp"
#include "tb/trace/hexadecimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace mmusim::tb {

namespace {

struct DinRecord {
    char label = '0';
    VirtualAddress address;
};

// A newline is ahead of `cursor`, so that no end needs to be checked.

[[nodiscard]] bool is_space(char letter) {
    return letter == ' ' || letter == '\t' || letter == '\r';
}

/// Whether there were any.
[[nodiscard]] bool skip_spaces(const char*& cursor) {
    const char* const begin = cursor;
    while (is_space(*cursor)) {
        ++cursor;
    }
    return cursor != begin;
}

/// The label and the address; `cursor` is behind them then.
[[nodiscard]] std::optional<DinRecord> take_din_record(const char*& cursor) {
    static_cast<void>(skip_spaces(cursor));
    const char label = *cursor;
    if (label < '0' || label > '4') {
        return std::nullopt;
    }
    ++cursor;
    if (!skip_spaces(cursor)) {
        return std::nullopt;
    }
    if (*cursor == '0' && (cursor[1] == 'x' || cursor[1] == 'X')) {
        cursor += 2;
    }
    const auto address = take_address(cursor);
    if (!address || (!is_space(*cursor) && *cursor != '\n')) {
        return std::nullopt;
    }
    return DinRecord{.label = label, .address = *address};
}

[[nodiscard]] const char* next_line(const char* cursor) {
    while (*cursor != '\n') {
        ++cursor;
    }
    return cursor + 1;
}

}  // namespace

bool looks_like_din(std::string_view start) {
    if (!looks_like_text(start)) {
        return false;
    }
    while (!start.empty()) {
        const std::string_view line = first_line(start);
        if (!is_blank(line)) {
            const std::string whole = std::string(line) + '\n';
            const char* cursor = whole.c_str();
            return take_din_record(cursor).has_value();
        }
        start.remove_prefix(std::min(line.size() + 1, start.size()));
    }
    return false;
}

DinReader::DinReader(ByteStream bytes, UserHalf user_half)
    : LineReader(std::move(bytes), user_half) {}

const char* DinReader::read_lines(const char* begin, const char* end) {
    return read_each(begin, end, [this](const char* line) { return read_line(line); });
}

const char* DinReader::read_line(const char* line) {
    const char* cursor = line;
    const auto record = take_din_record(cursor);
    if (!record) {
        return skip_line(line);
    }
    switch (record->label) {
        case '1': add(AccessType::write, record->address, 1); break;
        case '2': add(AccessType::fetch, record->address, 1); break;
        case '4': break;
        default: add(AccessType::read, record->address, 1);
    }
    return next_line(cursor);
}

const char* DinReader::skip_line(const char* line) const {
    const std::string_view text = text_of_line(line);
    if (!is_blank(text)) {
        fail(
            fmt::format("found {}, expected \"LABEL ADDRESS\": the label from 0 to 4, the address "
                        "in hexadecimal",
                        in_quotes(text)));
    }
    return text.data() + text.size() + 1;
}

}  // namespace mmusim::tb
