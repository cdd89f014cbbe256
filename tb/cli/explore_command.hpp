// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/cli/command_line.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// What `mmusim explore` was given.
struct ExploreArguments {
    std::vector<std::string> traces;
    std::optional<std::string> format;
    std::optional<std::uint64_t> seed;
    std::uint64_t limit = 0;
    std::uint64_t turn = 1'000'000;
    std::vector<std::string> page_sizes;
    std::vector<std::string> points;
    std::vector<std::string> miss_rates;
    std::string cost = "bits";
    std::string paging_mode = "sv39";
    std::uint64_t asid_bits = 16;
    std::optional<std::string> json;
};

/// `mmusim explore`: what LRU TLBs of all shapes would miss, in one pass. Throws InputError.
[[nodiscard]] ExitStatus explore_command(const ExploreArguments& arguments);

/// Adds `explore`; when it is chosen, that is kept in `chosen`.
void add_explore_command(CLI::App& program, ExploreArguments& arguments, Command& chosen);

}  // namespace mmusim::tb
