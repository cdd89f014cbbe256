// SPDX-License-Identifier: Apache-2.0
#include "tb/record/recorder_arguments.hpp"

#include <charconv>

namespace mmusim::tb {

namespace {

constexpr std::string_view socket_key = "socket=";
constexpr std::string_view page_log_key = "pages=";

[[nodiscard]] std::optional<int> parse_descriptor(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && value >= 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string to_text(const RecorderArguments& arguments) {
    return std::string(socket_key) + std::to_string(arguments.socket) + "," +
           std::string(page_log_key) + arguments.page_log;
}

std::optional<RecorderArguments> read_recorder_arguments(std::span<char* const> words,
                                                         std::string_view target_name) {
    RecorderArguments arguments;
    const auto machine = enumerator_named<GuestMachine>(target_name);
    if (!machine) {
        return std::nullopt;
    }
    arguments.machine = *machine;
    for (const std::string_view word : words) {
        if (word.starts_with(socket_key)) {
            arguments.socket = parse_descriptor(word.substr(socket_key.size())).value_or(-1);
        } else if (word.starts_with(page_log_key)) {
            arguments.page_log = word.substr(page_log_key.size());
        } else {
            return std::nullopt;
        }
    }
    const bool complete = arguments.socket >= 0 && !arguments.page_log.empty();
    return complete ? std::optional(arguments) : std::nullopt;
}

}  // namespace mmusim::tb
