// SPDX-License-Identifier: Apache-2.0
#include "tb/report/repeats.hpp"

#include "tb/report/figures.hpp"
#include "tb/report/number_text.hpp"
#include "tb/report/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <string_view>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

// The beginnings of the names that the table shows.
constexpr std::array<std::string_view, 6> main_figures{"totals.cycles",      "latency_cycles.mean",
                                                       "latency_cycles.p99", "derived.",
                                                       "faults.minor",       "faults.major"};

[[nodiscard]] bool is_main_figure(std::string_view name) {
    return std::any_of(main_figures.begin(), main_figures.end(), [name](std::string_view main) {
        return main.ends_with('.') ? name.starts_with(main) : name == main;
    });
}

// Of each name the numbers of all results, in their order.
[[nodiscard]] std::map<std::string, std::vector<double>> numbers_by_name(
    const std::vector<SeededResult>& results) {
    std::map<std::string, std::vector<double>> numbers;
    for (const SeededResult& seeded : results) {
        for (const Figure& figure : figures_of(seeded.result)) {
            numbers[figure.name].push_back(figure.number.get<double>());
        }
    }
    return numbers;
}

[[nodiscard]] ordered_json to_json(const Spread& spread) {
    return {{"mean", spread.mean},
            {"spread", spread.spread},
            {"min", spread.minimum},
            {"max", spread.maximum}};
}

}  // namespace

// Each product stands alone, so that no compiler joins it with the sum and rounds once instead of
// twice: the same bytes everywhere.
Spread spread_of(const std::vector<double>& numbers) {
    const auto count = static_cast<double>(numbers.size());
    double sum = 0;
    for (const double number : numbers) {
        sum += number;
    }
    const double mean = sum / count;
    double squares = 0;
    for (const double number : numbers) {
        const double distance = number - mean;
        const double square = distance * distance;
        squares += square;
    }
    const auto [minimum, maximum] = std::minmax_element(numbers.begin(), numbers.end());
    return {.mean = mean,
            .spread = numbers.size() < 2 ? 0 : std::sqrt(squares / (count - 1)),
            .minimum = *minimum,
            .maximum = *maximum};
}

ordered_json repeats_json(const std::vector<SeededResult>& results) {
    auto seeds = ordered_json::array();
    for (const SeededResult& seeded : results) {
        seeds.push_back(seeded.seed);
    }
    const std::map<std::string, std::vector<double>> numbers = numbers_by_name(results);
    auto figures = ordered_json::object();
    for (const Figure& figure : figures_of(results.front().result)) {
        const std::vector<double>& all = numbers.at(figure.name);
        if (all.size() == results.size()) {
            figures[figure.name] = to_json(spread_of(all));
        }
    }
    return {{"seeds", seeds}, {"figures", figures}};
}

ordered_json with_repeats(const std::vector<SeededResult>& results) {
    ordered_json first = results.front().result;
    first[repeats_name] = repeats_json(results);
    return first;
}

std::string repeats_section(const ordered_json& repeats) {
    const ordered_json& seeds = repeats.at("seeds");
    TextTable table(fmt::format("Over {} from {} on", counted(seeds.size(), "seed"),
                                seeds.front().get<std::uint64_t>()),
                    {{"mean"}, {"± spread"}, {"min"}, {"max"}});
    for (const auto& [name, spread] : repeats.at("figures").items()) {
        if (is_main_figure(name)) {
            table.add_row({name, decimal(spread.at("mean").get<double>()),
                           decimal(spread.at("spread").get<double>()),
                           decimal(spread.at("min").get<double>()),
                           decimal(spread.at("max").get<double>())});
        }
    }
    return table.text();
}

}  // namespace mmusim::tb
