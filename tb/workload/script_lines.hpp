// SPDX-License-Identifier: Apache-2.0
// The lines of a workload script that do something and begin with no process.
#pragma once

#include "tb/workload/script_command.hpp"
#include "tb/workload/script_names.hpp"
#include "tb/workload/script_words.hpp"

#include <string_view>
#include <vector>

namespace mmusim::tb {

/// The words that they begin with.
[[nodiscard]] std::vector<std::string_view> line_words();

/// Reads a line after its first word, which is one of line_words(). Throws ScriptLineError.
[[nodiscard]] ScriptCommand read_line(std::string_view first_word, ScriptWords& words,
                                      ScriptNames& names);

}  // namespace mmusim::tb
