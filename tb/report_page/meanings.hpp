// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fields.hpp"
#include "tb/report/figure_list.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mmusim::tb {

/// What figures mean, in the words of their field lists.
class Meanings {
  public:
    /// Of nothing.
    Meanings() = default;

    explicit Meanings(std::vector<FigureDescription> figures) : figures_(std::move(figures)) {}

    [[nodiscard]] bool empty() const { return figures_.empty(); }

    /// Of the figure with this dotted name, as in "by_page_size.4KiB.hits"; empty where nothing is
    /// known of it.
    [[nodiscard]] std::string of(std::string_view key) const;

  private:
    std::vector<FigureDescription> figures_;
};

/// Of a struct of statistics or of parameters.
template <HasFields Struct>
[[nodiscard]] Meanings meanings_of() {
    std::vector<FigureDescription> figures;
    for_each_figure<Struct>({},
                            [&](const FigureDescription& figure) { figures.push_back(figure); });
    return Meanings(std::move(figures));
}

/// Of the stages of a latency.
[[nodiscard]] Meanings meanings_of_stages();

}  // namespace mmusim::tb
