// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/trace/trace_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mmusim::tb {

/// What the readers of text formats have in common: a record is a line.
class LineReader : public TraceReader {
  protected:
    LineReader(ByteStream bytes, UserHalf user_half);

    /// Reads lines from `begin` on, each of which ends in a newline, by read_each().
    [[nodiscard]] virtual const char* read_lines(const char* begin, const char* end) = 0;

    /// Calls `read_line(line)`, which returns the beginning of the next line, until the batch is
    /// full or the lines end. Returns the first line that was not read.
    template <typename ReadLine>
    [[nodiscard]] const char* read_each(const char* begin, const char* end, ReadLine read_line) {
        const char* cursor = begin;
        while (cursor != end && !batch_is_full()) {
            cursor = read_line(cursor);
            ++line_;
        }
        return cursor;
    }

  private:
    void fill_batch() final;
    [[nodiscard]] std::string place() const final;

    /// Reads on until the window holds a whole line; false at the end of the trace.
    [[nodiscard]] bool have_line();
    void read_window();
    void read_last_line();

    std::uint64_t line_ = 1;
    /// How much of the window is whole lines, each with its newline.
    std::size_t whole_lines_bytes_ = 0;
};

/// The line up to its newline, which there is; zeros may precede it.
[[nodiscard]] std::string_view text_of_line(const char* line);

/// The line that the text begins with, without its newline, which may be missing.
[[nodiscard]] std::string_view first_line(std::string_view text);

/// Whether a file that begins so may be text: no control characters, of which records in binary
/// have many.
[[nodiscard]] bool looks_like_text(std::string_view start);

}  // namespace mmusim::tb
