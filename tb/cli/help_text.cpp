// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/help_text.hpp"

#include "tb/report/number_text.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::size_t help_columns = 100;
constexpr std::size_t columns_of_names = 28;

}  // namespace

HelpText::HelpText() {
    column_width(columns_of_names);
}

std::string HelpText::make_help(const CLI::App* command, std::string name,
                                CLI::AppFormatMode mode) const {
    std::string text = CLI::Formatter::make_help(command, std::move(name), mode);
    constexpr std::string_view two_empty_lines = "\n\n\n";
    for (std::size_t at = text.find(two_empty_lines); at != std::string::npos;
         at = text.find(two_empty_lines)) {
        text.erase(at, 1);
    }
    return text;
}

std::string HelpText::make_option(const CLI::Option* option, bool is_positional) const {
    return entry(make_option_name(option, is_positional) + make_option_opts(option),
                 make_option_desc(option));
}

std::string HelpText::make_subcommand(const CLI::App* command) const {
    return entry(command->get_name(), command->get_description());
}

// A name that is too long has a line of its own.
std::string HelpText::entry(const std::string& name, const std::string& meaning) const {
    const std::size_t indentation = get_column_width() + 2;
    const std::string text = wrapped(meaning, help_columns - indentation, 0);
    std::string lines = fmt::format("  {:<{}}", name, get_column_width());
    if (name.size() >= get_column_width()) {
        lines += fmt::format("\n{:{}}", "", indentation);
    }
    for (const char character : text) {
        lines += character;
        if (character == '\n') {
            lines.append(indentation, ' ');
        }
    }
    return lines + '\n';
}

}  // namespace mmusim::tb
