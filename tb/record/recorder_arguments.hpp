// SPDX-License-Identifier: Apache-2.0
// What the recorder inside QEMU is given by the one who starts it.
#pragma once

#include "tb/record/guest_machine.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mmusim::tb {

struct RecorderArguments {
    GuestMachine machine = GuestMachine::x86_64;
    int socket = -1;       ///< where packets go
    std::string page_log;  ///< where QEMU writes the program's pages
};

/// As QEMU takes them, behind the plugin's own path.
[[nodiscard]] std::string to_text(const RecorderArguments& arguments);

/// As QEMU hands them to the plugin, each `key=value`; nothing if one is missing or not understood.
[[nodiscard]] std::optional<RecorderArguments> read_recorder_arguments(
    std::span<char* const> words, std::string_view target_name);

}  // namespace mmusim::tb
