// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "tb/output/compressed_output_file.hpp"

#include <cstdint>
#include <string>

namespace mmusim::tb {

/// What the writers of text formats have in common. The file appears under its name with finish();
/// it is compressed if the name ends in .xz, .zst, .gz, .bz2 or .lz4.
class TextTraceWriter {
  public:
    void finish();

  protected:
    explicit TextTraceWriter(std::string path);

    /// Where the text is added.
    [[nodiscard]] std::string& text() { return buffer_; }
    void flush_if_full();

  private:
    void flush();

    CompressedOutputFile file_;
    std::string buffer_;
};

/// Writes the text of Valgrind's lackey. A read and then a write of the same bytes are two lines,
/// " L" and " S".
class LackeyWriter final : public TextTraceWriter {
  public:
    explicit LackeyWriter(std::string path) : TextTraceWriter(std::move(path)) {}

    void write(const Access& access);
};

/// Writes the text of Dinero. It has no sizes, so an access that crosses into the next page is
/// written as two, of its first byte and of the first one there.
class DinWriter final : public TextTraceWriter {
  public:
    explicit DinWriter(std::string path) : TextTraceWriter(std::move(path)) {}

    void write(const Access& access);
};

}  // namespace mmusim::tb
