// SPDX-License-Identifier: Apache-2.0
// Workload scripts: what programs ask of an operating system, a line each. docs/workloads.md has
// the language.
#pragma once

#include "hw/base/problems.hpp"
#include "tb/workload/script_command.hpp"

#include <string>
#include <string_view>

namespace mmusim::tb {

/// Everything that is wrong with a script; `what()` has one line for each problem, which names the
/// file and the line, what was found and what was expected.
class ScriptError : public InputError {
  public:
    explicit ScriptError(Problems problems);

    [[nodiscard]] const Problems& problems() const { return problems_; }

  private:
    Problems problems_;
};

/// Reads a text. `path` is what errors call it, and where relative paths within it begin. Throws
/// ScriptError.
[[nodiscard]] Script parse_script(std::string_view text, const std::string& path);

/// Reads a file, which may be compressed. Throws ScriptError, or another InputError if the file
/// cannot be read.
[[nodiscard]] Script read_script(const std::string& path);

}  // namespace mmusim::tb
