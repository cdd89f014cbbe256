// SPDX-License-Identifier: Apache-2.0
// The text that Valgrind's tool lackey writes with --trace-mem=yes:
//
//     I  04025310,3       a fetch of 3 bytes
//      L 1ffeffe7e8,8     a read
//      S 1ffeffe7e0,8     a write
//      M 0421c7cc,4       a read, then a write of the same bytes
//
// Addresses are hexadecimal, sizes decimal. Blank lines and lines that begin with "==", which are
// Valgrind's own messages, are skipped.
#pragma once

#include "tb/trace/trace_reader.hpp"

#include <string_view>

namespace mmusim::tb {

/// Whether a file that begins so is lackey text, well formed or not.
[[nodiscard]] bool looks_like_lackey(std::string_view start);

class LackeyReader final : public TraceReader {
  public:
    LackeyReader(ByteStream bytes, UserHalf user_half);

  private:
    void fill_batch() override;
    [[nodiscard]] std::string place() const override;

    /// Reads on until the window holds a whole line; false at the end of the trace.
    [[nodiscard]] bool have_line();
    void read_lines(std::string_view lines);
    void read_last_line();

    // Both return the beginning of the next line; a newline ends the given one.
    const char* read_line(const char* line);
    [[nodiscard]] const char* skip_line(const char* line) const;

    std::uint64_t line_ = 1;
    /// How much of the window is whole lines, each with its newline.
    std::size_t whole_lines_bytes_ = 0;
};

}  // namespace mmusim::tb
