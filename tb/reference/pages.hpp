// SPDX-License-Identifier: Apache-2.0
// The pages of docs/ that are made from the field lists of the code.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace mmusim::tb {

/// Every parameter: key, value in each preset, values it may take, meaning.
[[nodiscard]] std::string parameters_page();

/// Every figure of the results: name, unit, meaning, name in other tools.
[[nodiscard]] std::string statistics_page();

struct ReferencePage {
    std::string_view file_name;
    std::string (*text)() = nullptr;
};

inline constexpr std::array<ReferencePage, 2> reference_pages{{
    {.file_name = "parameters.md", .text = parameters_page},
    {.file_name = "statistics.md", .text = statistics_page},
}};

}  // namespace mmusim::tb
