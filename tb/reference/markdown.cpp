// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/markdown.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace mmusim::tb {

namespace {

// A bar would end the cell.
[[nodiscard]] std::string cell(std::string_view text) {
    std::string escaped;
    for (const char letter : text) {
        if (letter == '|') {
            escaped += '\\';
        }
        escaped += letter;
    }
    return escaped;
}

[[nodiscard]] std::string line(const std::vector<std::string>& cells) {
    std::string text = "|";
    for (const std::string& content : cells) {
        text += fmt::format(" {} |", cell(content));
    }
    return text + '\n';
}

}  // namespace

std::string markdown_table(const std::vector<std::string>& titles,
                           const std::vector<std::vector<std::string>>& rows) {
    std::string table = line(titles);
    table += line(std::vector<std::string>(titles.size(), "---"));
    for (const std::vector<std::string>& row : rows) {
        table += line(row);
    }
    return table + '\n';
}

std::string markdown_code(std::string_view text) {
    return text.empty() ? std::string{} : fmt::format("`{}`", text);
}

}  // namespace mmusim::tb
