// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/config_command.hpp"

#include "tb/config/annotated_configuration.hpp"
#include "tb/config/configuration_schema.hpp"
#include "tb/config/resolve.hpp"
#include "tb/presets/presets.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr const char* show_examples = R"(Examples:
  mmusim config show --preset skylake
      the machine, with the source of each figure
  mmusim config show -c mine.json --set tlbs.l1d.ways=8 > machine.json
      the machine of a run, as a file that makes it again: mmusim run -c machine.json)";

constexpr const char* schema_examples = R"(Examples:
  mmusim config schema > mmusim.schema.json
      an editor completes and checks files that begin with "$schema": "mmusim.schema.json")";

constexpr const char* check_examples = R"(Examples:
  mmusim config check small.json large.json
      all that is wrong in two files, each over the preset default
  mmusim config check --preset rocket sectors.json
      the same over another machine)";

void write_to_standard_output(const std::string& text) {
    std::cout << text << std::flush;
    if (!std::cout) {
        throw InputError("standard output: cannot be written");
    }
}

void add_preset_option(CLI::App& command, ConfigArguments& arguments) {
    command.add_option("--preset", arguments.preset, "the machine to start from")
        ->type_name("NAME")
        ->capture_default_str();
}

void add_show_command(CLI::App& config, ConfigArguments& arguments, Command& chosen) {
    CLI::App* show = config.add_subcommand(
        "show", "every parameter of a machine, and where its value comes from");
    add_preset_option(*show, arguments);
    show->add_option("-c,--config", arguments.configuration_files,
                     "a JSON file over the preset; several are merged in order")
        ->type_name("FILE")
        ->allow_extra_args(false);
    show->add_option("--set", arguments.settings,
                     "one parameter over all files, as tlbs.l1d.sets=32; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    show->footer(show_examples);
    show->callback(
        [&] { chosen = [&arguments] { return show_configuration_command(arguments); }; });
}

void add_check_command(CLI::App& config, ConfigArguments& arguments, Command& chosen) {
    CLI::App* check =
        config.add_subcommand("check", "say all that is wrong in configuration files");
    add_preset_option(*check, arguments);
    check
        ->add_option("FILE", arguments.checked_files,
                     "a JSON file, taken over the preset by itself")
        ->required();
    check->footer(check_examples);
    check->callback(
        [&] { chosen = [&arguments] { return check_configuration_command(arguments); }; });
}

}  // namespace

ExitStatus list_presets_command() {
    std::size_t longest = 0;
    for (const Preset& preset : presets()) {
        longest = std::max(longest, preset.name.size());
    }
    std::string text;
    for (const Preset& preset : presets()) {
        text += fmt::format("{:<{}}  {}\n{:<{}}  {}\n", preset.name, longest, preset.description(),
                            "", longest, preset.source());
    }
    write_to_standard_output(text);
    return ExitStatus::ok;
}

ExitStatus show_configuration_command(const ConfigArguments& arguments) {
    const ResolvedConfiguration resolved = resolve_with_provenance(
        {.preset = arguments.preset,
         .files = {arguments.configuration_files.begin(), arguments.configuration_files.end()},
         .settings = arguments.settings});
    write_to_standard_output(annotated_text(resolved.configuration, resolved.provenance));
    return ExitStatus::ok;
}

ExitStatus configuration_schema_command() {
    write_to_standard_output(configuration_schema());
    return ExitStatus::ok;
}

ExitStatus check_configuration_command(const ConfigArguments& arguments) {
    // A preset that does not exist is no problem of a file.
    static_cast<void>(preset_named(arguments.preset));
    Problems problems;
    std::string good_files;
    for (const std::string& file : arguments.checked_files) {
        try {
            static_cast<void>(resolve({.preset = arguments.preset, .files = {file}}));
            good_files += fmt::format("{}: ok\n", file);
        } catch (const ConfigurationError& error) {
            for (const std::string& problem : error.problems()) {
                const bool names_file = problem.starts_with(file);
                problems.push_back(names_file ? problem : fmt::format("{}: {}", file, problem));
            }
        }
    }
    write_to_standard_output(good_files);
    if (!problems.empty()) {
        throw ConfigurationError(std::move(problems));
    }
    return ExitStatus::ok;
}

void add_config_command(CLI::App& program, ConfigArguments& arguments, Command& chosen) {
    CLI::App* config =
        program.add_subcommand("config", "look at machines and check configuration files");
    config->require_subcommand(1);
    CLI::App* list = config->add_subcommand(
        "list", "the presets: what each is, and where its figures come from");
    list->callback([&] { chosen = list_presets_command; });
    add_show_command(*config, arguments, chosen);
    CLI::App* schema =
        config->add_subcommand("schema", "the JSON Schema of configuration files, for editors");
    schema->footer(schema_examples);
    schema->callback([&] { chosen = configuration_schema_command; });
    add_check_command(*config, arguments, chosen);
}

}  // namespace mmusim::tb
