// SPDX-License-Identifier: Apache-2.0
#include "tb/report/exploration_report.hpp"

#include "tb/report/exploration_tables.hpp"
#include "tb/report/number_text.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace mmusim::tb {

namespace {

std::string title_of(const StreamExploration& stream, std::string_view name, PageSize size) {
    const std::string pages =
        size == base_page_size ? "" : fmt::format(", all pages {}", to_text(size));
    return fmt::format("{}{}: {} translations, {}\n\n", name, pages, grouped(stream.translations),
                       counted(stream.pages, "page"));
}

std::string stream_report(const StreamExploration& stream, std::string_view name, PageSize size,
                          CostAxis axis) {
    constexpr std::size_t columns = 100;
    std::string text = title_of(stream, name, size);
    text += side_by_side(miss_table(stream), fully_associative_table(stream), columns);
    for (const std::string& table :
         {target_table(stream, axis), pareto_table(stream, axis), point_tables(stream)}) {
        text += table.empty() ? "" : '\n' + table;
    }
    return text;
}

}  // namespace

std::string exploration_report(const Exploration& exploration, const ExplorationPlan& plan,
                               CostAxis axis) {
    std::string text;
    for (const PageExploration& explored : exploration) {
        const auto& sizes = plan.page_sizes;
        if (std::find(sizes.begin(), sizes.end(), explored.page_size) == sizes.end()) {
            continue;
        }
        for (std::size_t kind = 0; kind < enumerator_count<AccessStreamKind>; ++kind) {
            const StreamExploration& stream = explored.streams.values.at(kind);
            if (stream.translations == 0) {
                continue;
            }
            text += text.empty() ? "" : "\n";
            text +=
                stream_report(stream, names_of<AccessStreamKind>[kind], explored.page_size, axis);
        }
    }
    return text;
}

}  // namespace mmusim::tb
