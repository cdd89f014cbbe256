// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace mmusim::tb {

/// The library's help, in lines that a terminal shows whole.
class HelpText final : public CLI::Formatter {
  public:
    HelpText();

    [[nodiscard]] std::string make_help(const CLI::App* command, std::string name,
                                        CLI::AppFormatMode mode) const override;
    [[nodiscard]] std::string make_option(const CLI::Option* option,
                                          bool is_positional) const override;
    [[nodiscard]] std::string make_subcommand(const CLI::App* command) const override;

  private:
    [[nodiscard]] std::string entry(const std::string& name, const std::string& meaning) const;
};

}  // namespace mmusim::tb
