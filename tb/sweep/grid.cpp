// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/grid.hpp"

#include "tb/config/shown_value.hpp"
#include "tb/sweep/swept_values.hpp"
#include "tb/text/parse.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>

namespace mmusim::tb {

namespace {

using Texts = std::vector<std::string>;

[[nodiscard]] Texts parse_keys(std::string_view text) {
    Texts keys;
    for (const std::string_view key : split_outside_brackets(text, ',')) {
        if (key.empty()) {
            throw InputError("an empty key, expected KEY=VALUE,VALUE…");
        }
        keys.emplace_back(key);
    }
    return keys;
}

// The values of all keys at one step: one for each, or one for all.
[[nodiscard]] Texts values_of_step(const std::string& step, std::size_t key_count) {
    if (key_count == 1) {
        return {step};
    }
    const std::vector<std::string_view> values = split_outside_brackets(step, '/');
    if (values.size() == 1) {
        Texts same_for_all(key_count, step);
        return same_for_all;
    }
    if (values.size() != key_count) {
        throw InputError(fmt::format("{}: {} values, expected one for each of {} keys, or one",
                                     shortened(step), values.size(), key_count));
    }
    if (std::find(values.begin(), values.end(), "") != values.end()) {
        throw InputError(
            fmt::format("{}: an empty value, expected one for each key", shortened(step)));
    }
    return {values.begin(), values.end()};
}

// Two texts of one value, as 4096 and 4KiB, would make two points that are one.
[[nodiscard]] std::string same_for_equal(const Axis& axis, const Texts& step) {
    auto meaning = nlohmann::json::array();
    for (std::size_t key = 0; key < step.size(); ++key) {
        meaning.push_back(meaning_of(axis.keys[key], step[key]));
    }
    return meaning.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

[[nodiscard]] Axis parse_axis(std::string_view option) {
    const std::size_t equals = option.find('=');
    if (equals == std::string_view::npos) {
        throw InputError("expected KEY=VALUE,VALUE…");
    }
    Axis axis{.keys = parse_keys(option.substr(0, equals)), .steps = {}};
    std::set<std::string> earlier;
    for (const std::string& value : listed_values(option.substr(equals + 1))) {
        Texts step = values_of_step(value, axis.keys.size());
        if (!earlier.insert(same_for_equal(axis, step)).second) {
            throw InputError(
                fmt::format("{} is in the list twice, expected once", shortened(value)));
        }
        axis.steps.push_back(std::move(step));
    }
    return axis;
}

void check_keys_differ(const Grid& grid, Problems& problems) {
    std::set<std::string> seen;
    for (const std::string& key : grid.keys()) {
        if (!seen.insert(key).second) {
            problems.push_back(fmt::format("-L {}: is swept twice, expected once", shortened(key)));
        }
    }
}

void check_point_count(const Grid& grid, Problems& problems) {
    std::size_t points = 1;
    for (const Axis& axis : grid.axes) {
        points *= axis.steps.size();
        if (points > most_points) {
            problems.push_back(
                fmt::format("the grid has too many points, expected at most {}", most_points));
            return;
        }
    }
}

}  // namespace

std::vector<std::string> Grid::keys() const {
    Texts all;
    for (const Axis& axis : axes) {
        all.insert(all.end(), axis.keys.begin(), axis.keys.end());
    }
    return all;
}

std::size_t Grid::point_count() const {
    std::size_t count = 1;
    for (const Axis& axis : axes) {
        count *= axis.steps.size();
    }
    return count;
}

std::vector<std::string> Grid::values_at(std::size_t point) const {
    Texts values;
    std::size_t faster_points = point_count();
    for (const Axis& axis : axes) {
        faster_points /= axis.steps.size();
        const Texts& step = axis.steps.at(point / faster_points % axis.steps.size());
        values.insert(values.end(), step.begin(), step.end());
    }
    return values;
}

Grid parse_grid(const std::vector<std::string>& options, Problems& problems) {
    Grid grid;
    for (const std::string& option : options) {
        try {
            grid.axes.push_back(parse_axis(option));
        } catch (const InputError& error) {
            problems.push_back(fmt::format("-L {}: {}", shortened(option), error.what()));
        }
    }
    check_keys_differ(grid, problems);
    check_point_count(grid, problems);
    return grid;
}

Shard parse_shard(std::string_view text) {
    const std::size_t slash = text.find('/');
    std::optional<std::uint64_t> index;
    std::optional<std::uint64_t> count;
    if (slash != std::string_view::npos) {
        index = parse_unsigned(text.substr(0, slash));
        count = parse_unsigned(text.substr(slash + 1));
    }
    if (!index || !count || *index >= *count) {
        throw InputError(
            fmt::format("--shard {}: expected I/N, with I from 0 to N - 1", shortened(text)));
    }
    return {.index = *index, .count = *count};
}

std::vector<std::size_t> points_of(const Shard& shard, std::size_t point_count) {
    std::vector<std::size_t> points;
    std::size_t point = shard.index;
    while (point < point_count) {
        points.push_back(point);
        // The number of shards may be any: the sum must not begin again at 0.
        point += std::min(shard.count, point_count);
    }
    return points;
}

}  // namespace mmusim::tb
