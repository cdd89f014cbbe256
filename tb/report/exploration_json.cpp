// SPDX-License-Identifier: Apache-2.0
#include "tb/report/exploration_json.hpp"

#include "tb/report/json_text.hpp"
#include "tb/report/statistics_json.hpp"
#include "tb/report/version.hpp"

#include <nlohmann/json.hpp>

namespace mmusim::tb {

using nlohmann::ordered_json;

std::string to_text(const Exploration& exploration, const ExploredWorkload& workload) {
    ordered_json document;
    document["schema"] = exploration_schema;
    document["schema_version"] = exploration_schema_version;
    document["tool"] = {{"name", "mmusim"}, {"version", version()}};
    if (workload.interrupted) {
        document["interrupted"] = true;
    }
    document["workload"] = {{"traces", workload.traces},
                            {"accesses_per_turn", workload.accesses_per_turn},
                            {"limit", workload.limit}};
    document["streams"] = statistics_json(exploration.streams);
    return json_text(document);
}

}  // namespace mmusim::tb
