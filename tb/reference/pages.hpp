// SPDX-License-Identifier: Apache-2.0
// The files of docs/ and waves/ that are made from the lists of the code.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace mmusim::tb {

/// Every preset: what it is, its TLBs and walker, where its figures come from.
[[nodiscard]] std::string presets_page();

/// Every parameter: key, value in the two plainest presets, values it may take, meaning.
[[nodiscard]] std::string parameters_page();

/// Every figure of the results: name, unit, meaning, name in other tools.
[[nodiscard]] std::string statistics_page();

/// How the wave viewer shows the states of each part.
[[nodiscard]] std::string access_type_filter();
[[nodiscard]] std::string cache_state_filter();
[[nodiscard]] std::string core_state_filter();
[[nodiscard]] std::string dram_command_filter();
[[nodiscard]] std::string memory_purpose_filter();
[[nodiscard]] std::string stage_filter();
[[nodiscard]] std::string storage_state_filter();
[[nodiscard]] std::string tlb_state_filter();
[[nodiscard]] std::string walker_state_filter();

struct ReferencePage {
    std::string_view path;  ///< from the root of the project
    std::string (*text)() = nullptr;
};

/// But for the views of waves, of which there is one for each row of `wave_views`.
inline constexpr std::array<ReferencePage, 12> reference_pages{{
    {.path = "docs/parameters.md", .text = parameters_page},
    {.path = "docs/presets.md", .text = presets_page},
    {.path = "docs/statistics.md", .text = statistics_page},
    {.path = "waves/filters/access_type.filter", .text = access_type_filter},
    {.path = "waves/filters/cache_state.filter", .text = cache_state_filter},
    {.path = "waves/filters/core_state.filter", .text = core_state_filter},
    {.path = "waves/filters/dram_command.filter", .text = dram_command_filter},
    {.path = "waves/filters/memory_purpose.filter", .text = memory_purpose_filter},
    {.path = "waves/filters/stage.filter", .text = stage_filter},
    {.path = "waves/filters/storage_state.filter", .text = storage_state_filter},
    {.path = "waves/filters/tlb_state.filter", .text = tlb_state_filter},
    {.path = "waves/filters/walker_state.filter", .text = walker_state_filter},
}};

}  // namespace mmusim::tb
