// SPDX-License-Identifier: Apache-2.0
// The traditional text format of the cache simulators Dinero III and IV, "din":
//
//     0 1ffeffe7e8        a read
//     1 1ffeffe7e0        a write
//     2 4025310           a fetch
//     3 1ffeffe7e8        an access of unknown type: a read
//     4 0                 flushes the caches: skipped
//
// A label and an address in hexadecimal, 0x before it or not; the rest of the line is a comment.
// Blank lines are skipped. The format knows no sizes: every access is of 1 byte.
#pragma once

#include "tb/trace/line_reader.hpp"

#include <string_view>

namespace mmusim::tb {

/// Whether the first line of a file that begins so is a record of din text.
[[nodiscard]] bool looks_like_din(std::string_view start);

class DinReader final : public LineReader {
  public:
    DinReader(ByteStream bytes, UserHalf user_half);

  private:
    [[nodiscard]] const char* read_lines(const char* begin, const char* end) override;

    // Both return the beginning of the next line.
    [[nodiscard]] const char* read_line(const char* line);
    [[nodiscard]] const char* skip_line(const char* line) const;
};

}  // namespace mmusim::tb
