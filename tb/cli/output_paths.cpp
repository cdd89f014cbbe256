// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/output_paths.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <system_error>

namespace mmusim::tb {

namespace {

[[nodiscard]] bool are_the_same_file(const std::string& one, const std::string& other) {
    std::error_code ignored;
    return std::filesystem::equivalent(one, other, ignored) ||
           std::filesystem::path(one).lexically_normal() ==
               std::filesystem::path(other).lexically_normal();
}

}  // namespace

std::string file_named(const std::string& output) {
    return output == standard_output ? "/dev/stdout" : output;
}

void check_outputs(const std::vector<std::string>& inputs,
                   const std::vector<std::optional<std::string>>& outputs) {
    std::vector<std::string> earlier_outputs;
    for (const std::optional<std::string>& output : outputs) {
        if (!output) {
            continue;
        }
        const auto is_output = [&](const std::string& path) {
            return are_the_same_file(path, *output);
        };
        if (std::any_of(inputs.begin(), inputs.end(), is_output)) {
            throw InputError(
                fmt::format("{}: is an input of this run, expected another file", *output));
        }
        if (std::any_of(earlier_outputs.begin(), earlier_outputs.end(), is_output)) {
            throw InputError(
                fmt::format("{}: is named for two outputs, expected two files", *output));
        }
        earlier_outputs.push_back(*output);
    }
}

void finish_standard_output() {
    std::cout.flush();
    if (!std::cout) {
        throw InputError("standard output: cannot be written");
    }
}

}  // namespace mmusim::tb
