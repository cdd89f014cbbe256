// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/explore_plan.hpp"

#include "hw/base/enumeration.hpp"
#include "hw/base/problems.hpp"
#include "hw/paging/parameters.hpp"
#include "tb/explore/lru_point.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr std::string_view every_page_size = "all";
constexpr std::uint64_t most_asid_bits = 16;

template <typename Parse>
auto parsed(std::string_view option, const std::string& text, const Parse& parse,
            std::string_view expected) {
    const auto value = parse(text);
    if (!value) {
        throw InputError(fmt::format("{} {}: expected {}", option, text, expected));
    }
    return *value;
}

template <NamedEnumeration Enumeration>
Enumeration named(std::string_view option, const std::string& text) {
    return parsed(
        option, text, [](const std::string& name) { return enumerator_named<Enumeration>(name); },
        fmt::format("one of {}", fmt::join(names_of<Enumeration>, ", ")));
}

std::vector<PageSize> page_sizes_of(const std::vector<std::string>& texts) {
    std::vector<PageSize> sizes;
    const auto add = [&sizes](PageSize size) {
        if (std::find(sizes.begin(), sizes.end(), size) == sizes.end()) {
            sizes.push_back(size);
        }
    };
    for (const std::string& text : texts) {
        if (text == every_page_size) {
            const std::vector<PageSize> all = hw::all_page_sizes({.mode = hw::PagingMode::sv39});
            std::for_each(all.begin(), all.end(), add);
        } else {
            add(parsed("--page-size", text, parse_page_size,
                       "a power of two from 4KiB to 1TiB, or all"));
        }
    }
    if (sizes.empty()) {
        sizes.push_back(base_page_size);
    }
    return sizes;
}

}  // namespace

ExplorationPlan plan_of(const ExploreArguments& arguments) {
    ExplorationPlan plan;
    plan.page_sizes = page_sizes_of(arguments.page_sizes);
    for (const std::string& text : arguments.points) {
        plan.points.push_back(
            parsed("--point", text, parse_shape,
                   fmt::format("SETSxWAYS, as 64x4, with at most {} entries in all",
                               most_entries_of_point)));
    }
    if (!arguments.miss_rates.empty()) {
        plan.miss_rates.clear();
    }
    for (const std::string& text : arguments.miss_rates) {
        plan.miss_rates.push_back(
            parsed("--miss-rate", text, parse_miss_rate,
                   "a share as 0.5%, or a number of misses per 1,000 lookups as 5, to a millionth "
                   "of the lookups"));
    }
    plan.mode = named<hw::PagingMode>("--paging-mode", arguments.paging_mode);
    if (arguments.asid_bits > most_asid_bits) {
        throw InputError(fmt::format("--asid-bits {}: expected at most {}", arguments.asid_bits,
                                     most_asid_bits));
    }
    plan.asid_bits = static_cast<std::uint32_t>(arguments.asid_bits);
    plan.processes = arguments.traces;
    return plan;
}

CostAxis cost_axis_of(const ExploreArguments& arguments) {
    return named<CostAxis>("--cost", arguments.cost);
}

}  // namespace mmusim::tb
