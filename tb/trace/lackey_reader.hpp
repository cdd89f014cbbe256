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

#include "tb/trace/line_reader.hpp"

#include <string_view>

namespace mmusim::tb {

/// Whether a file that begins so is lackey text, well formed or not.
[[nodiscard]] bool looks_like_lackey(std::string_view start);

class LackeyReader final : public LineReader {
  public:
    LackeyReader(ByteStream bytes, UserHalf user_half);

  private:
    [[nodiscard]] const char* read_lines(const char* begin, const char* end) override;

    // Both return the beginning of the next line.
    [[nodiscard]] const char* read_line(const char* line);
    [[nodiscard]] const char* skip_line(const char* line) const;
};

}  // namespace mmusim::tb
