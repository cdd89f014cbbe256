// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/merge.hpp"

#include "hw/base/problems.hpp"
#include "tb/sweep/csv.hpp"
#include "tb/sweep/point_record.hpp"
#include "tb/sweep/point_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

namespace mmusim::tb {

namespace {

[[nodiscard]] std::string text_of_shard(const std::string& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file || file.bad()) {
        const int error = errno == 0 ? EIO : errno;
        throw InputError(fmt::format("{}: {}, expected the output of a shard", path,
                                     std::generic_category().message(error)));
    }
    return text;
}

/// Where each point was found.
class PointPlaces {
  public:
    void add(std::size_t point, const std::string& place) {
        const auto [earlier, is_new] = places_.emplace(point, place);
        if (!is_new) {
            throw InputError(fmt::format("{}: point {} is in {} too, expected it once", place,
                                         point, earlier->second));
        }
    }

    void check_whole(std::size_t points) const {
        constexpr std::size_t most_named = 10;
        std::vector<std::size_t> missing;
        for (std::size_t point = 0; point < points && missing.size() < most_named; ++point) {
            if (!places_.contains(point)) {
                missing.push_back(point);
            }
        }
        if (!missing.empty()) {
            throw InputError(fmt::format(
                "--merge: {} of {} points are missing, of them {}; expected the outputs of all "
                "shards",
                points - places_.size(), points, fmt::join(missing, ", ")));
        }
    }

  private:
    std::map<std::size_t, std::string> places_;
};

void refuse_interrupted(const std::string& place) {
    throw InputError(fmt::format(
        "{}: the sweep was interrupted before this point was done; expected a whole shard, "
        "which --resume makes of it",
        place));
}

/// Lines of JSON.
class LineMerger {
  public:
    void add(const std::string& path, std::string_view text) {
        std::size_t number = 0;
        while (!text.empty()) {
            const std::size_t end = std::min(text.find('\n'), text.size() - 1);
            const std::string place = fmt::format("{}:{}", path, ++number);
            add_line(std::string(text.substr(0, end + 1)), place);
            text.remove_prefix(end + 1);
        }
    }

    [[nodiscard]] MergedSweep take() {
        places_.check_whole(points_.value_or(0));
        MergedSweep merged{.any_failed = any_failed_};
        for (auto& [point, line] : lines_) {
            merged.lines.push_back(std::move(line));
        }
        return merged;
    }

  private:
    void add_line(std::string line, const std::string& place) {
        const PointRecord record = record_of(line, place);
        if (record.interrupted) {
            refuse_interrupted(place);
        }
        if (!points_) {
            points_ = record.points;
            keys_ = key_names(record);
        }
        if (record.points != points_ || key_names(record) != keys_ || record.point >= points_) {
            throw InputError(fmt::format("{}: is of another sweep, expected a point below {} of {}",
                                         place, *points_, fmt::join(keys_, ", ")));
        }
        places_.add(record.point, place);
        any_failed_ = any_failed_ || record.error.has_value();
        lines_.emplace(record.point, std::move(line));
    }

    std::optional<std::size_t> points_;
    std::vector<std::string> keys_;
    PointPlaces places_;
    std::map<std::size_t, std::string> lines_;
    bool any_failed_ = false;
};

// The values of the keys as a table has them, by point.
[[nodiscard]] std::map<CsvRow, std::size_t> points_by_cells(const Grid& grid) {
    std::map<CsvRow, std::size_t> points;
    for (std::size_t point = 0; point < grid.point_count(); ++point) {
        points.emplace(key_cells({.keys = keys_at(grid, point)}), point);
    }
    return points;
}

/// Comma-separated values.
class TableMerger {
  public:
    explicit TableMerger(const Grid& grid) : keys_(grid.keys()), points_(points_by_cells(grid)) {}

    void add(const std::string& path, std::string_view text) {
        const std::vector<CsvRow> rows = parse_csv(text, path);
        if (rows.empty() || !begins_with_keys(rows.front()) ||
            rows.front().back() != error_column) {
            throw InputError(fmt::format("{}:1: expected a table with the columns {} … {}", path,
                                         fmt::join(keys_, ", "), error_column));
        }
        if (rows.size() == 1) {
            return;  // a shard without points
        }
        check_heading(path, rows.front());
        for (std::size_t row = 1; row < rows.size(); ++row) {
            add_row(rows[row], fmt::format("{}:{}", path, row + 1));
        }
    }

    [[nodiscard]] MergedSweep take() {
        places_.check_whole(points_.size());
        MergedSweep merged{.table = csv_line(heading_), .any_failed = any_failed_};
        for (const auto& [point, row] : rows_) {
            *merged.table += csv_line(row);
        }
        return merged;
    }

  private:
    [[nodiscard]] bool begins_with_keys(const CsvRow& row) const {
        return row.size() > keys_.size() && std::equal(keys_.begin(), keys_.end(), row.begin());
    }

    void check_heading(const std::string& path, const CsvRow& heading) {
        if (heading_.empty()) {
            heading_ = heading;
        }
        if (heading != heading_) {
            throw InputError(fmt::format(
                "{}:1: has other columns than the table before; expected the same, or what the "
                "shards wrote with --json",
                path));
        }
    }

    void add_row(const CsvRow& row, const std::string& place) {
        const CsvRow cells(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(
                                                          std::min(row.size(), keys_.size())));
        const auto point = points_.find(cells);
        if (row.size() != heading_.size() || point == points_.end()) {
            throw InputError(fmt::format(
                "{}: is no point of this grid, expected the -L options of the sweep", place));
        }
        if (row.back() == interrupted_point) {
            refuse_interrupted(place);
        }
        places_.add(point->second, place);
        any_failed_ = any_failed_ || !row.back().empty();
        rows_.emplace(point->second, row);
    }

    std::vector<std::string> keys_;
    std::map<CsvRow, std::size_t> points_;
    PointPlaces places_;
    CsvRow heading_;
    std::map<std::size_t, CsvRow> rows_;
    bool any_failed_ = false;
};

// The first file that has contents tells; a shard without points has written no line.
[[nodiscard]] bool are_tables(const std::vector<std::string>& texts) {
    const auto first = std::find_if(texts.begin(), texts.end(),
                                    [](const std::string& text) { return !text.empty(); });
    return first != texts.end() && !first->starts_with('{');
}

}  // namespace

MergedSweep merge_sweeps(const std::vector<std::string>& paths, const std::optional<Grid>& grid) {
    std::vector<std::string> texts;
    std::transform(paths.begin(), paths.end(), std::back_inserter(texts), text_of_shard);
    if (!are_tables(texts)) {
        LineMerger merger;
        for (std::size_t file = 0; file < paths.size(); ++file) {
            merger.add(paths[file], texts[file]);
        }
        return merger.take();
    }
    if (!grid) {
        throw InputError(fmt::format(
            "--merge {}: a table does not say how many points there are, expected the -L options "
            "of the sweep too, or what the shards wrote with --json",
            paths.front()));
    }
    TableMerger merger(*grid);
    for (std::size_t file = 0; file < paths.size(); ++file) {
        merger.add(paths[file], texts[file]);
    }
    return merger.take();
}

}  // namespace mmusim::tb
