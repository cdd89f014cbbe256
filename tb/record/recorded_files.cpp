// SPDX-License-Identifier: Apache-2.0
#include "tb/record/recorded_files.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mmusim::tb {

namespace {

// Whatever the locale says of letters.
[[nodiscard]] bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

[[nodiscard]] bool is_allowed(char letter) {
    const bool is_letter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    return is_letter || is_digit(letter) || letter == '_' || letter == '-' || letter == '.';
}

}  // namespace

std::string script_name_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    std::string name(slash == std::string_view::npos ? path : path.substr(slash + 1));
    std::replace_if(
        name.begin(), name.end(), [](char letter) { return !is_allowed(letter); }, '_');
    if (name.empty() || is_digit(name.front())) {
        name.insert(name.begin(), '_');
    }
    return name;
}

std::string RecordedFiles::name_of(const std::string& path, std::uint64_t bytes) {
    const auto [known, is_new] = index_.try_emplace(path, files_.size());
    if (is_new) {
        files_.push_back({.path = path, .name = new_name(path), .bytes = bytes});
    }
    File& file = files_[known->second];
    file.bytes = std::max(file.bytes, bytes);
    return file.name;
}

std::string RecordedFiles::new_name(const std::string& path) {
    const std::string plain = script_name_of(path);
    std::string name = plain;
    for (unsigned number = 2; !names_.insert(name).second; ++number) {
        name = fmt::format("{}-{}", plain, number);
    }
    return name;
}

std::string RecordedFiles::lines() const {
    std::string text;
    for (const File& file : files_) {
        text +=
            fmt::format("file {} {} warm    # {}\n", file.name, file.bytes, on_one_line(file.path));
    }
    return text;
}

std::string on_one_line(std::string_view text) {
    constexpr unsigned char first_printable = 0x20;
    std::string line(text);
    std::replace_if(
        line.begin(), line.end(),
        [](char letter) { return static_cast<unsigned char>(letter) < first_printable; }, ' ');
    return line;
}

}  // namespace mmusim::tb
