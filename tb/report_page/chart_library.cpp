// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/chart_library.hpp"

#include "tb/report_page/page_files.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>

namespace mmusim::tb {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> packages{"vega", "vega-lite", "vega-embed"};

[[nodiscard]] std::optional<std::string> whole_file(const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) {
        return std::nullopt;
    }
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    return file && !text.empty() ? std::optional{std::move(text)} : std::nullopt;
}

[[nodiscard]] std::string version_in(const std::string& description) {
    const auto package = nlohmann::json::parse(description, nullptr, false);
    return package.is_object() && package.contains("version") && package.at("version").is_string()
               ? package.at("version").get<std::string>()
               : "unknown";
}

[[nodiscard]] std::optional<ChartScript> read_package(const fs::path& modules,
                                                      std::string_view package) {
    const fs::path folder = modules / package;
    const auto script = whole_file(folder / "build" / fmt::format("{}.min.js", package));
    const auto description = whole_file(folder / "package.json");
    const auto licence = whole_file(folder / "LICENSE");
    if (!script || !description || !licence) {
        return std::nullopt;
    }
    return ChartScript{.package = std::string{package},
                       .version = version_in(*description),
                       .text = *script,
                       .licence = *licence};
}

// As a word of the shell.
[[nodiscard]] std::string shell_word(const std::string& text) {
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+=:,@%";
    if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) {
        return text;
    }
    std::string word = "'";
    for (const char character : text) {
        word += character == '\'' ? std::string{"'\\''"} : std::string(1, character);
    }
    return word + '\'';
}

// The exact versions that the project's own list of packages names.
[[nodiscard]] std::string pinned_packages() {
    const auto list = nlohmann::json::parse(page_file("package.json"));
    std::string text;
    for (const auto& package : list.at("dependencies").items()) {
        text += fmt::format(" {}@{}", package.key(), package.value().get<std::string>());
    }
    return text;
}

}  // namespace

fs::path default_chart_library_directory() {
    const char* const named = std::getenv("MMUSIM_VEGA");
    return named != nullptr && *named != '\0' ? fs::path(named) : fs::path(page_folder()) / "web";
}

std::optional<ChartLibrary> read_chart_library(const fs::path& directory) {
    ChartLibrary library;
    for (const std::string_view package : packages) {
        auto script = read_package(directory / "node_modules", package);
        if (!script) {
            return std::nullopt;
        }
        library.push_back(std::move(*script));
    }
    return library;
}

std::string chart_library_command(const fs::path& directory) {
    std::error_code error;
    const std::string place = shell_word(directory.string());
    return fs::exists(directory / "package-lock.json", error)
               ? fmt::format("npm ci --prefix {}", place)
               : fmt::format("npm install --prefix {}{}", place, pinned_packages());
}

}  // namespace mmusim::tb
