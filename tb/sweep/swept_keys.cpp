// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/swept_keys.hpp"

#include "tb/config/configuration_keys.hpp"
#include "tb/config/configuration_reader.hpp"
#include "tb/config/shown_value.hpp"
#include "tb/text/parse.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace mmusim::tb {

namespace {

// The keys that there are once the part exists that the key names, as tlbs.l3 of tlbs.l3.sets. To
// lay an empty object over anything else changes nothing, or is a problem that is of no interest.
[[nodiscard]] std::vector<std::string> keys_with_part_of(const std::string& key,
                                                         Configuration machine) {
    const std::size_t group_end = key.find('.');
    if (group_end != std::string::npos) {
        const std::size_t part_end = key.find('.', group_end + 1);
        const std::string part = key.substr(group_end + 1, part_end - group_end - 1);
        nlohmann::json layer;
        layer[key.substr(0, group_end)][part] = nlohmann::json::object();
        Problems ignored;
        apply_layer(machine, layer, "", ignored);
    }
    return known_keys(machine);
}

}  // namespace

Problems problems_of_keys(const std::vector<std::string>& keys, const Configuration& machine) {
    Problems problems;
    for (const std::string& key : keys) {
        const std::vector<std::string> known = keys_with_part_of(key, machine);
        if (std::find(known.begin(), known.end(), key) != known.end()) {
            continue;
        }
        const std::vector<std::string_view> names(known.begin(), known.end());
        const auto nearest = key.size() < longest_shown ? nearest_name(key, names) : std::nullopt;
        problems.push_back(
            fmt::format("-L {}: no such key{}", shortened(key),
                        nearest ? fmt::format("; the nearest is {}", *nearest) : std::string()));
    }
    return problems;
}

}  // namespace mmusim::tb
