// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/output/output_file.hpp"

#include <memory>
#include <string>
#include <string_view>

struct archive;

namespace mmusim::tb {

/// An OutputFile that is compressed if its name says so: .xz, .zst, .gz, .bz2, .lz4. Equal contents
/// give equal bytes: no dates, no names inside.
class CompressedOutputFile {
  public:
    explicit CompressedOutputFile(std::string path);

    void write(std::string_view bytes);

    /// Everything is written, at least one byte (libarchive's lz4 cannot do without): the file
    /// takes its name.
    void commit();

  private:
    struct Close {
        void operator()(archive* writer) const;
    };

    void check(int status);

    // The order matters: what remains in the compressor is written when it closes.
    OutputFile file_;
    std::unique_ptr<archive, Close> writer_;
};

}  // namespace mmusim::tb
