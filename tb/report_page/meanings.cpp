// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/meanings.hpp"

#include "hw/base/enumeration.hpp"
#include "hw/base/latency.hpp"

#include <algorithm>
#include <cstddef>

namespace mmusim::tb {

namespace {

using Segments = std::vector<std::string_view>;

[[nodiscard]] Segments segments_of(std::string_view key) {
    Segments segments;
    while (true) {
        const std::size_t dot = key.find('.');
        segments.push_back(key.substr(0, dot));
        if (dot == std::string_view::npos) {
            return segments;
        }
        key.remove_prefix(dot + 1);
    }
}

// Whether the figure is what `key` names, or counts by names of which `key` has one.
[[nodiscard]] bool describes(const FigureDescription& figure, const Segments& key) {
    const Segments known = segments_of(figure.name);
    const bool one_more = key.size() == known.size() + 1 && !figure.enumerators.empty();
    return (key.size() == known.size() || one_more) &&
           std::equal(known.begin(), known.end(), key.begin(),
                      [](std::string_view pattern, std::string_view segment) {
                          return pattern == "SIZE" || pattern == segment;
                      });
}

}  // namespace

std::string Meanings::of(std::string_view key) const {
    const Segments segments = segments_of(key.substr(0, key.find('[')));
    const auto found =
        std::find_if(figures_.begin(), figures_.end(),
                     [&](const FigureDescription& figure) { return describes(figure, segments); });
    return found == figures_.end() ? std::string{} : std::string{found->description};
}

Meanings meanings_of_stages() {
    std::vector<FigureDescription> stages;
    for (std::size_t stage = 0; stage < enumerator_count<Stage>; ++stage) {
        stages.push_back({.name = std::string{names_of<Stage>.at(stage)},
                          .unit = "cycle",
                          .description = StageDescriptions::texts.at(stage)});
    }
    return Meanings(std::move(stages));
}

}  // namespace mmusim::tb
