// SPDX-License-Identifier: Apache-2.0
// The lines of a workload script that begin with a process: what it does.
#pragma once

#include "tb/workload/script_command.hpp"
#include "tb/workload/script_names.hpp"
#include "tb/workload/script_words.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace mmusim::tb {

/// Whether it is one of the words that stand after a process.
[[nodiscard]] bool is_verb(std::string_view word);

/// Reads a line from its second word on. The process is known. A relative path is taken from
/// `directory` on. Throws ScriptLineError.
[[nodiscard]] ScriptCommand read_verb(const std::string& process, ScriptWords& words,
                                      ScriptNames& names, const std::filesystem::path& directory);

}  // namespace mmusim::tb
