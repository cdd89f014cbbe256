// SPDX-License-Identifier: Apache-2.0
// What several commands are given alike, and how the command line says it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Validator;
}  // namespace CLI

namespace mmusim::tb {

/// The machine of a run: a preset, and what is laid over it.
struct MachineArguments {
    std::string preset = "default";
    std::vector<std::string> configuration_files;
    std::vector<std::string> settings;
    std::optional<std::uint64_t> seed;
};

/// What runs on the machine: traces, each a process, or else one script.
struct WorkloadArguments {
    std::vector<std::string> traces;
    std::optional<std::string> script;
    std::optional<std::string> format;
    std::uint64_t warmup = 0;
    std::uint64_t limit = 0;
};

/// The headings under which the help lists options.
inline constexpr const char* machine_group = "Machine";
inline constexpr const char* workload_group = "Workload";
inline constexpr const char* output_group = "Output";

/// Takes a whole number below 2^64 in decimal, hexadecimal after 0x, and nothing else.
[[nodiscard]] const CLI::Validator& whole_number();

void add_machine_options(CLI::App& command, MachineArguments& arguments);
void add_workload_options(CLI::App& command, WorkloadArguments& arguments);
void add_traces(CLI::App& command, std::vector<std::string>& traces);
void add_format_option(CLI::App& command, std::optional<std::string>& format);
void add_seed_option(CLI::App& command, std::optional<std::uint64_t>& seed, const char* group);

/// The generated programs that a TRACE may name, a line each, for the end of a help text.
[[nodiscard]] std::string generator_help();

}  // namespace mmusim::tb
