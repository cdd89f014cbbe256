// SPDX-License-Identifier: Apache-2.0
#include "tb/report/exploration_tables.hpp"

#include "tb/report/number_text.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr std::uint64_t thousandths_of_one = 1000;
constexpr std::size_t longest_process = 24;

std::string shape_text(TlbShape shape) {
    return fmt::format("{} x {}", grouped(shape.sets), grouped(shape.ways));
}

std::string shape_text(const std::optional<TlbShape>& shape) {
    return shape ? shape_text(*shape) : std::string{no_number};
}

// Femtojoules as picojoules, picoseconds as nanoseconds.
std::string thousandths(const std::optional<std::uint64_t>& value) {
    return value ? quotient(*value, thousandths_of_one) : std::string{no_number};
}

// "5", "0.25": millionths as thousandths.
std::string per_thousand_text(std::uint64_t per_million) {
    std::string text =
        fmt::format("{}.{:03}", per_million / thousandths_of_one, per_million % thousandths_of_one);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') {
        text.pop_back();
    }
    return text;
}

constexpr std::string_view least_cost_heading(CostAxis axis) {
    switch (axis) {
        case CostAxis::bits: return "fewest bits";
        case CostAxis::comparators: return "fewest comparators";
        case CostAxis::energy: return "least energy";
        case CostAxis::time: return "least time";
    }
    return {};
}

std::vector<TextTable::Column> cost_columns() {
    return {{"entries"}, {"bits"}, {"comparators"}, {"pJ"}, {"ns"}};
}

std::vector<std::string> cost_cells(const Geometry& geometry) {
    return {grouped(geometry.entries), grouped(geometry.cost.storage_bits),
            grouped(geometry.cost.comparators), thousandths(geometry.cost.energy_fj),
            thousandths(geometry.cost.time_ps)};
}

// What is worth its cost, the cheapest first; of equal ones the one with the fewest bits.
std::vector<const Geometry*> front_of(const StreamExploration& stream, CostAxis axis) {
    std::vector<const Geometry*> front;
    for (const Geometry& geometry : stream.geometries) {
        if (geometry.pareto[axis]) {
            front.push_back(&geometry);
        }
    }
    const auto rank = [axis](const Geometry* geometry) {
        return std::pair(geometry->cost.along(axis), geometry->cost.storage_bits);
    };
    std::stable_sort(front.begin(), front.end(), [&](const Geometry* left, const Geometry* right) {
        return rank(left) < rank(right);
    });
    const auto equal_cost = [axis](const Geometry* left, const Geometry* right) {
        return left->cost.along(axis) == right->cost.along(axis);
    };
    front.erase(std::unique(front.begin(), front.end(), equal_cost), front.end());
    return front;
}

constexpr bool a_tenth_fewer(std::uint64_t misses, std::uint64_t than) {
    constexpr std::uint64_t all = 10;
    return misses * all <= than * (all - 1);
}

void add_misses(TextTable& table, const std::string& name, const ProcessMisses& misses,
                std::uint64_t of) {
    table.add_row({name, grouped(misses.misses), percentage(misses.misses, of),
                   per_thousand(misses.misses, misses.lookups), grouped(misses.compulsory),
                   grouped(misses.capacity), grouped(misses.conflict)});
}

ProcessMisses misses_of_all(const Point& point, std::uint64_t lookups) {
    return {.trace = {},
            .lookups = lookups,
            .misses = point.misses,
            .compulsory = point.compulsory,
            .capacity = point.capacity,
            .conflict = point.conflict};
}

std::string point_cost_table(const StreamExploration& stream) {
    TextTable table("cost of the points", cost_columns());
    for (const Point& point : stream.points) {
        std::vector<std::string> cells = cost_cells(point);
        cells.insert(cells.begin(), shape_text(point.shape()));
        table.add_row(std::move(cells));
    }
    return table.text();
}

}  // namespace

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
            cells.push_back(per_thousand(stream.misses[row][column], stream.translations));
        }
        table.add_row(std::move(cells));
    }
    return table.text();
}

std::string fully_associative_table(const StreamExploration& stream) {
    TextTable table("fully associative entries", {{.heading = "misses per 1,000"}});
    for (const auto& [entries, misses] : stream.fully_associative) {
        table.add_row({grouped(entries), per_thousand(misses, stream.translations)});
    }
    return table.text();
}

std::string target_table(const StreamExploration& stream, CostAxis axis) {
    TextTable table("smallest that misses", {{"entries"},
                                             {"sets x ways"},
                                             {"fully associative"},
                                             {std::string(least_cost_heading(axis))}});
    for (const Target& target : stream.targets) {
        const std::optional<std::uint64_t>& full = target.fully_associative_entries;
        table.add_row(
            {fmt::format("at most {} per 1,000", per_thousand_text(target.per_million)),
             target.smallest ? grouped(target.smallest->entries()) : std::string{no_number},
             shape_text(target.smallest), full ? grouped(*full) : std::string{no_number},
             shape_text(target.cheapest[axis])});
    }
    return table.empty() ? "" : table.text();
}

std::string pareto_table(const StreamExploration& stream, CostAxis axis) {
    std::vector<TextTable::Column> columns = cost_columns();
    columns.push_back({"misses per 1,000"});
    TextTable table(fmt::format("sets x ways worth their {}", name_of(axis)), columns);
    const std::vector<const Geometry*> front = front_of(stream, axis);
    const Geometry* above = nullptr;
    for (const Geometry* const geometry : front) {
        const bool worth_a_row = above == nullptr || geometry == front.back() ||
                                 a_tenth_fewer(geometry->misses, above->misses);
        if (!worth_a_row) {
            continue;
        }
        std::vector<std::string> cells = cost_cells(*geometry);
        cells.insert(cells.begin(), shape_text(geometry->shape()));
        cells.push_back(per_thousand(geometry->misses, stream.translations));
        table.add_row(std::move(cells));
        above = geometry;
    }
    return table.empty() ? "" : table.text();
}

std::string point_tables(const StreamExploration& stream) {
    if (stream.points.empty()) {
        return {};
    }
    TextTable table(
        "misses of the points",
        {{"misses"}, {"share"}, {"per 1,000"}, {"compulsory"}, {"capacity"}, {"conflict"}});
    for (const Point& point : stream.points) {
        add_misses(table, shape_text(point.shape()), misses_of_all(point, stream.translations),
                   point.misses);
        if (point.processes.size() > 1) {
            for (const ProcessMisses& process : point.processes) {
                add_misses(table, "  " + end_of(process.trace, longest_process), process,
                           point.misses);
            }
        }
    }
    return table.text() + '\n' + point_cost_table(stream);
}

}  // namespace mmusim::tb
