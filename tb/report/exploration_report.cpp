// SPDX-License-Identifier: Apache-2.0
#include "tb/report/exploration_report.hpp"

#include "tb/report/number_text.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr std::uint64_t thousand = 1000;

struct Shape {
    std::uint64_t sets = 0;
    std::uint64_t ways = 0;
    std::uint64_t misses = 0;

    [[nodiscard]] std::uint64_t entries() const { return sets * ways; }
};

std::vector<Shape> shapes_of(const StreamExploration& stream) {
    std::vector<Shape> shapes;
    for (std::size_t row = 0; row < stream.sets.size(); ++row) {
        for (std::size_t column = 0; column < stream.ways.size(); ++column) {
            shapes.push_back({.sets = stream.sets[row],
                              .ways = stream.ways[column],
                              .misses = stream.misses[row][column]});
        }
    }
    return shapes;
}

std::string per_thousand(std::uint64_t misses, const StreamExploration& stream) {
    return quotient(thousand * misses, stream.translations);
}

std::string title_of(const StreamExploration& stream, std::string_view name) {
    return fmt::format("{}: {} translations, {}\n\n", name, grouped(stream.translations),
                       counted(stream.pages, "page"));
}

// Every second number of ways would say hardly more, and be too wide to read.
std::string miss_table(const StreamExploration& stream) {
    std::vector<std::size_t> shown;
    std::vector<TextTable::Column> columns;
    for (std::size_t column = 0; column < stream.ways.size(); ++column) {
        const std::uint64_t ways = stream.ways[column];
        const bool power_of_two = (ways & (ways - 1)) == 0;
        if (power_of_two) {
            shown.push_back(column);
            columns.push_back({.heading = counted(ways, "way")});
        }
    }
    TextTable table("misses per 1,000", columns);
    for (std::size_t row = 0; row < stream.sets.size(); ++row) {
        std::vector<std::string> cells{counted(stream.sets[row], "set")};
        for (const std::size_t column : shown) {
            cells.push_back(per_thousand(stream.misses[row][column], stream));
        }
        table.add_row(std::move(cells));
    }
    return table.text();
}

std::string fully_associative_table(const StreamExploration& stream) {
    TextTable table("fully associative entries", {{.heading = "misses per 1,000"}});
    for (const auto& [entries, misses] : stream.fully_associative) {
        table.add_row({grouped(entries), per_thousand(misses, stream)});
    }
    return table.text();
}

// The smallest TLB that misses at most so many of a thousand; of equal ones that with fewer ways,
// which compares less.
std::optional<Shape> smallest(const std::vector<Shape>& shapes, const StreamExploration& stream,
                              double most_per_thousand) {
    const double most = most_per_thousand * static_cast<double>(stream.translations) /
                        static_cast<double>(thousand);
    std::optional<Shape> best;
    for (const Shape& shape : shapes) {
        const bool good = static_cast<double>(shape.misses) <= most;
        const bool smaller = !best || shape.entries() < best->entries() ||
                             (shape.entries() == best->entries() && shape.ways < best->ways);
        if (good && smaller) {
            best = shape;
        }
    }
    return best;
}

std::string smallest_table(const StreamExploration& stream) {
    constexpr std::array<double, 5> targets{50, 20, 10, 5, 1};
    const std::vector<Shape> shapes = shapes_of(stream);
    TextTable table("smallest that misses", {{.heading = "entries"},
                                             {.heading = "sets"},
                                             {.heading = "ways"},
                                             {.heading = "misses per 1,000"}});
    for (const double target : targets) {
        const std::string goal = fmt::format("at most {} per 1,000", target);
        if (const auto shape = smallest(shapes, stream, target)) {
            table.add_row({goal, grouped(shape->entries()), grouped(shape->sets),
                           grouped(shape->ways), per_thousand(shape->misses, stream)});
        } else {
            table.add_row({goal, std::string{no_number}});
        }
    }
    return table.text();
}

}  // namespace

std::string exploration_report(const Exploration& exploration) {
    constexpr std::size_t columns = 100;
    std::string text;
    for (std::size_t kind = 0; kind < enumerator_count<AccessStreamKind>; ++kind) {
        const StreamExploration& stream = exploration.streams.values.at(kind);
        if (stream.translations == 0) {
            continue;
        }
        text += text.empty() ? "" : "\n";
        text += title_of(stream, names_of<AccessStreamKind>[kind]);
        text += side_by_side(miss_table(stream), fully_associative_table(stream), columns);
        text += '\n';
        text += smallest_table(stream);
    }
    return text;
}

}  // namespace mmusim::tb
