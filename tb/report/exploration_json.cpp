// SPDX-License-Identifier: Apache-2.0
#include "tb/report/exploration_json.hpp"

#include "tb/explore/energy_table.hpp"
#include "tb/report/json_text.hpp"
#include "tb/report/statistics_json.hpp"
#include "tb/report/version.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mmusim::tb {

using nlohmann::ordered_json;

namespace {

ordered_json by_page_size_json(const Exploration& exploration, const ExplorationPlan& plan) {
    auto object = ordered_json::object();
    for (const PageSize size : plan.page_sizes) {
        const auto explored = std::find_if(
            exploration.begin(), exploration.end(),
            [size](const PageExploration& candidate) { return candidate.page_size == size; });
        object[to_text(size)] = statistics_json(explored->streams);
    }
    return object;
}

}  // namespace

std::string to_text(const Exploration& exploration, const ExploredWorkload& workload) {
    ordered_json document;
    document["schema"] = exploration_schema;
    document["schema_version"] = exploration_schema_version;
    document["tool"] = {{"name", "mmusim"}, {"version", version()}};
    if (workload.interrupted) {
        document["interrupted"] = true;
    }
    document["workload"] = {{"traces", workload.plan.processes},
                            {"accesses_per_turn", workload.accesses_per_turn},
                            {"limit", workload.limit}};
    document["cost_model"] = {{"paging_mode", name_of(workload.plan.mode)},
                              {"asid_bits", workload.plan.asid_bits},
                              {"energy_and_time", energy_model}};
    for (const PageExploration& explored : exploration) {
        if (explored.page_size == base_page_size) {
            document["streams"] = statistics_json(explored.streams);
        }
    }
    if (workload.page_sizes_asked_for) {
        document["by_page_size"] = by_page_size_json(exploration, workload.plan);
    }
    return json_text(document);
}

}  // namespace mmusim::tb
