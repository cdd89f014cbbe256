// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/output/output_file.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace mmusim::tb {

/// What a command writes if its user names a place for it: a file, or with - standard output, which
/// then has nothing else. All but the questions throw InputError where it cannot be written.
class OptionalOutput {
  public:
    /// Opened before the work, so that what cannot be written is said at once.
    explicit OptionalOutput(const std::optional<std::string>& name);

    [[nodiscard]] bool is_wanted() const { return file_.has_value(); }
    /// Whether nothing is left there for people to read.
    [[nodiscard]] bool takes_standard_output() const { return takes_standard_output_; }
    /// Whether it is a file on a disk, which appears when it is whole.
    [[nodiscard]] bool is_regular() const { return file_ && !file_->writes_directly(); }

    /// Of what is wanted; the last of it is written by commit().
    void write(std::string_view text) { file_->write(text); }
    void commit() { file_->commit(); }

  private:
    std::optional<OutputFile> file_;
    bool takes_standard_output_;
};

}  // namespace mmusim::tb
