// SPDX-License-Identifier: Apache-2.0
#include "tb/report/derived_figures.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

[[nodiscard]] std::optional<double> rate(std::uint64_t events, std::uint64_t of) {
    if (of == 0) {
        return std::nullopt;
    }
    return static_cast<double>(events) / static_cast<double>(of);
}

[[nodiscard]] std::optional<double> rate_per_1000(std::uint64_t events, std::uint64_t of) {
    constexpr std::uint64_t thousand = 1000;
    return rate(events * thousand, of);
}

[[nodiscard]] ordered_json number_or_null(const std::optional<double>& number) {
    return number ? ordered_json(*number) : ordered_json(nullptr);
}

}  // namespace

DerivedFigures derived_figures(const RunResult& result) {
    DerivedFigures figures;
    figures.cycles_per_translation = rate(result.totals.cycles.value, result.totals.translations);
    for (const auto& [name, statistics] : result.tlbs) {
        figures.misses_per_1000_accesses.emplace_back(
            name, rate_per_1000(statistics.misses, result.totals.accesses));
    }
    figures.walks_per_1000_accesses = rate_per_1000(result.walker.walks, result.totals.accesses);
    return figures;
}

ordered_json to_json(const DerivedFigures& figures) {
    auto misses = ordered_json::object();
    for (const auto& [name, misses_of_tlb] : figures.misses_per_1000_accesses) {
        misses[name] = number_or_null(misses_of_tlb);
    }
    return {{"cycles_per_translation", number_or_null(figures.cycles_per_translation)},
            {"misses_per_1000_accesses", misses},
            {"walks_per_1000_accesses", number_or_null(figures.walks_per_1000_accesses)}};
}

}  // namespace mmusim::tb
