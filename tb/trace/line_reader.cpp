// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/line_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::size_t longest_line_bytes = std::size_t{64} << 10U;

}  // namespace

LineReader::LineReader(ByteStream bytes, UserHalf user_half)
    : TraceReader(std::move(bytes), user_half) {}

std::string LineReader::place() const {
    return fmt::format("{}:{}", bytes().path(), line_);
}

void LineReader::fill_batch() {
    while (!batch_is_full() && have_line()) {
        read_window();
    }
    if (!batch_is_full()) {
        read_last_line();
    }
}

bool LineReader::have_line() {
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

void LineReader::read_window() {
    const char* const begin = bytes().window().data();
    const char* const end = read_lines(begin, begin + whole_lines_bytes_);
    const auto read = static_cast<std::size_t>(end - begin);
    bytes().consume(read);
    whole_lines_bytes_ -= read;
}

// The newline of the last line may be missing.
void LineReader::read_last_line() {
    const std::string_view window = bytes().window();
    if (window.empty()) {
        return;
    }
    const std::string line = std::string(window) + '\n';
    static_cast<void>(read_lines(line.data(), line.data() + line.size()));
    bytes().consume(window.size());
}

std::string_view text_of_line(const char* line) {
    const char* end = line;
    while (*end != '\n') {
        ++end;
    }
    return {line, static_cast<std::size_t>(end - line)};
}

std::string_view first_line(std::string_view text) {
    return text.substr(0, text.find('\n'));
}

bool looks_like_text(std::string_view start) {
    // The upper bytes of an address, one of the first numbers of any record, are zeros.
    constexpr std::size_t enough = 32;
    const std::string_view shown = start.substr(0, enough);
    return std::none_of(shown.begin(), shown.end(), [](char letter) {
        const auto code = static_cast<unsigned char>(letter);
        return code < ' ' && letter != '\t' && letter != '\n' && letter != '\r';
    });
}

}  // namespace mmusim::tb
