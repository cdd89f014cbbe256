// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/energy_table.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace mmusim::tb {

namespace {

struct LookupRow {
    std::uint64_t sets = 0;
    std::uint64_t ways = 0;
    LookupCost cost;
};

// Written by cacti_table.sh: sets, ways, femtojoules, picoseconds.
constexpr std::array<LookupRow, 50> lookup_rows{{
    {1, 8, {785, 144}},       {1, 16, {933, 147}},       {1, 32, {1225, 152}},
    {1, 64, {1809, 174}},     {1, 128, {3337, 214}},     {1, 256, {5783, 299}},
    {1, 512, {10349, 486}},   {1, 1024, {19146, 921}},   {1, 2048, {47480, 694}},
    {1, 4096, {107856, 700}}, {32, 1, {393, 70}},        {32, 2, {645, 103}},
    {32, 4, {1385, 110}},     {32, 8, {2333, 137}},      {32, 16, {4594, 197}},
    {64, 1, {506, 77}},       {64, 2, {963, 102}},       {64, 4, {1538, 120}},
    {64, 8, {2673, 149}},     {64, 16, {5254, 199}},     {128, 1, {750, 90}},
    {128, 2, {1136, 113}},    {128, 4, {1896, 133}},     {128, 8, {3332, 180}},
    {128, 16, {6557, 230}},   {256, 1, {1044, 94}},      {256, 2, {1464, 125}},
    {256, 4, {2520, 163}},    {256, 8, {4919, 192}},     {256, 16, {9154, 289}},
    {512, 1, {1370, 124}},    {512, 2, {2368, 163}},     {512, 4, {4108, 196}},
    {512, 8, {7561, 250}},    {512, 16, {10130, 424}},   {1024, 1, {2522, 135}},
    {1024, 2, {3931, 195}},   {1024, 4, {7682, 221}},    {1024, 8, {8330, 436}},
    {1024, 16, {13886, 525}}, {2048, 1, {4293, 164}},    {2048, 2, {7456, 220}},
    {2048, 4, {6523, 496}},   {2048, 8, {10165, 600}},   {2048, 16, {19532, 806}},
    {4096, 1, {7274, 220}},   {4096, 2, {6364, 497}},    {4096, 4, {8419, 668}},
    {4096, 8, {15568, 884}},  {4096, 16, {21299, 1272}},
}};

std::optional<LookupCost> lookup_row_of(TlbShape shape) {
    const auto* const row =
        std::find_if(lookup_rows.begin(), lookup_rows.end(), [shape](const LookupRow& candidate) {
            return candidate.sets == shape.sets && candidate.ways == shape.ways;
        });
    return row == lookup_rows.end() ? std::nullopt : std::optional(row->cost);
}

// From `low` to `high` in so many steps, rounded to the nearest.
constexpr std::uint64_t between(std::uint64_t low, std::uint64_t high, std::uint64_t step,
                                std::uint64_t steps) {
    return (low * (steps - step) + high * step + steps / 2) / steps;
}

}  // namespace

std::optional<LookupCost> modelled_lookup(TlbShape shape) {
    const std::uint64_t fewer = std::bit_floor(shape.ways);
    const std::optional<LookupCost> low = lookup_row_of({.sets = shape.sets, .ways = fewer});
    if (fewer == shape.ways || !low) {
        return low;
    }
    const std::optional<LookupCost> high = lookup_row_of({.sets = shape.sets, .ways = 2 * fewer});
    if (!high) {
        return std::nullopt;
    }
    const std::uint64_t step = shape.ways - fewer;
    return LookupCost{.energy_fj = between(low->energy_fj, high->energy_fj, step, fewer),
                      .time_ps = between(low->time_ps, high->time_ps, step, fewer)};
}

}  // namespace mmusim::tb
