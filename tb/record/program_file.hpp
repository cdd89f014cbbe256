// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/record/guest_machine.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// Where a shell would find a program of this name: a name with a slash is a path, others are
/// looked for in the directories of `search_path`, between colons.
[[nodiscard]] std::optional<std::filesystem::path> find_program(std::string_view name,
                                                                std::string_view search_path);

/// The processor that a program is for. InputError: it cannot be read, or is no ELF program for one
/// whose programs can be recorded.
[[nodiscard]] GuestMachine machine_of(const std::filesystem::path& program);

/// All bytes of a file. Throws InputError.
[[nodiscard]] std::vector<std::byte> read_whole_file(const std::string& path);

}  // namespace mmusim::tb
