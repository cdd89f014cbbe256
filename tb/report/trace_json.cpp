// SPDX-License-Identifier: Apache-2.0
#include "tb/report/trace_json.hpp"

#include "tb/report/json_text.hpp"
#include "tb/report/statistics_json.hpp"
#include "tb/report/version.hpp"

#include <nlohmann/json.hpp>

namespace mmusim::tb {

std::string to_text(const SurveyedTrace& surveyed, const std::string& name) {
    nlohmann::ordered_json document;
    document["schema"] = trace_schema;
    document["schema_version"] = trace_schema_version;
    document["tool"] = {{"name", "mmusim"}, {"version", version()}};
    if (surveyed.interrupted) {
        document["interrupted"] = true;
    }
    document["workload"] = {{"trace", name}};
    document["trace"] = statistics_json(surveyed.survey);
    return json_text(document);
}

}  // namespace mmusim::tb
