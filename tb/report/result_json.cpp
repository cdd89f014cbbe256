// SPDX-License-Identifier: Apache-2.0
#include "tb/report/result_json.hpp"

#include "tb/config/configuration_writer.hpp"
#include "tb/config/result_schema.hpp"
#include "tb/report/derived_figures.hpp"
#include "tb/report/json_text.hpp"
#include "tb/report/statistics_json.hpp"
#include "tb/report/version.hpp"

#include <nlohmann/json.hpp>

#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

[[nodiscard]] ordered_json tool_json(std::string_view systemc_version) {
    return {{"name", program_name}, {"version", version()}, {"systemc", systemc_version}};
}

[[nodiscard]] ordered_json workload_json(const WorkloadDescription& workload) {
    ordered_json object{{"traces", workload.traces},
                        {"warmup", workload.warmup},
                        {"limit", workload.limit},
                        {"interval", workload.interval},
                        {"seed", workload.seed}};
    if (workload.script) {
        object["script"] = *workload.script;
    }
    return object;
}

// Of no translation there is no mean, no percentile and no maximum: null.
[[nodiscard]] ordered_json latency_json(const hw::LatencyHistogram& latency) {
    ordered_json object{{"mean", nullptr}, {"p50", nullptr},  {"p90", nullptr},
                        {"p99", nullptr},  {"p999", nullptr}, {"max", nullptr}};
    if (const std::uint64_t count = latency.count(); count != 0) {
        object["mean"] = static_cast<double>(latency.total().value) / static_cast<double>(count);
        object["p50"] = latency.percentile(500).value;
        object["p90"] = latency.percentile(900).value;
        object["p99"] = latency.percentile(990).value;
        object["p999"] = latency.percentile(999).value;
        object["max"] = latency.maximum().value;
    }
    object["histogram"] = statistics_json(latency);
    return object;
}

[[nodiscard]] ordered_json storage_json(const RunResult& result) {
    auto object = ordered_json::object();
    for (const auto& [name, statistics] : result.storage) {
        object[name] = statistics_json(statistics);
    }
    return object;
}

using CountsByName = std::vector<std::pair<std::string, std::uint64_t>>;

[[nodiscard]] ordered_json by_name_json(const CountsByName& counts) {
    auto object = ordered_json::object();
    for (const auto& [name, count] : counts) {
        object[name] = count;
    }
    return object;
}

// Two processes may have the same name, so their pages are a list.
[[nodiscard]] ordered_json by_process_json(const CountsByName& pages) {
    auto list = ordered_json::array();
    for (const auto& [name, count] : pages) {
        list.push_back(ordered_json{{"name", name}, {"pages", count}});
    }
    return list;
}

// A rate over nothing is 0.
[[nodiscard]] double ratio(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

[[nodiscard]] ordered_json timeline_json(const std::vector<TimelineEntry>& timeline) {
    auto list = ordered_json::array();
    for (const TimelineEntry& entry : timeline) {
        list.push_back(ordered_json{
            {"accesses", entry.accesses},
            {"cycles", entry.cycles.value},
            {"misses", by_name_json(entry.misses)},
            {"faults", entry.faults},
            {"resident_pages", by_process_json(entry.resident_pages)},
            {"working_set_pages", by_process_json(entry.working_set_pages)},
            {"frames", entry.pressure.frames},
            {"major_faults_per_1000_accesses",
             ratio(entry.pressure.major_faults * 1000, entry.pressure.accesses)},
            {"refaults", entry.pressure.refaults},
            {"stalled_share", ratio(entry.pressure.stalled.value, entry.pressure.cycles.value)},
            {"thrashing", entry.thrashing}});
    }
    return list;
}

[[nodiscard]] ordered_json breakdown_json(const LatencyRecord& breakdown) {
    ordered_json object = statistics_json(breakdown.stages);
    object["total"] = breakdown.total().value;
    return object;
}

[[nodiscard]] ordered_json classes_json(const RunResult& result) {
    auto object = ordered_json::object();
    for (const auto& [name, latency] : result.classes) {
        ordered_json one{{"count", latency.count()}, {"cycles", latency.total().value}};
        one.update(latency_json(latency));
        object[name] = std::move(one);
    }
    return object;
}

[[nodiscard]] ordered_json tlbs_json(const RunResult& result) {
    auto object = ordered_json::object();
    for (const auto& [name, statistics] : result.tlbs) {
        object[name] = statistics_json(statistics);
    }
    return object;
}

// The format may have fewer levels than there is room for.
void cut(ordered_json& by_level, unsigned levels) {
    by_level.erase(by_level.begin() + levels, by_level.end());
}

[[nodiscard]] ordered_json walker_json(const hw::WalkerStatistics& statistics, unsigned levels) {
    ordered_json object = statistics_json(statistics);
    cut(object["pte_reads_by_level"], levels);
    cut(object["ended_by_level"], levels);
    if (statistics.walk_cache) {
        cut(object["walk_cache"]["hits_by_level"], levels);
    }
    return object;
}

[[nodiscard]] ordered_json caches_json(const RunResult& result) {
    auto object = ordered_json::object();
    for (const auto& [name, statistics] : result.caches) {
        object[name] = statistics_json(statistics);
    }
    return object;
}

[[nodiscard]] ordered_json processes_json(const RunResult& result, unsigned levels) {
    auto list = statistics_json(result.processes);
    for (std::size_t process = 0; process < list.size(); ++process) {
        ordered_json memory = statistics_json(result.process_memory.at(process));
        cut(memory["page_tables"]["pages_by_level"], levels);
        cut(memory["page_tables"]["bytes_by_level"], levels);
        list[process].update(memory);
    }
    return list;
}

[[nodiscard]] ordered_json what_if_json(const WhatIfRow& row, Cycles base) {
    ordered_json object{{"ideal", row.ideal.name},        {"meaning", row.ideal.meaning},
                        {"settings", row.ideal.settings}, {"cycles", nullptr},
                        {"saved_cycles", nullptr},        {"saved_share", nullptr}};
    if (row.cycles) {
        const std::int64_t saved = saved_cycles(base, *row.cycles);
        object["cycles"] = row.cycles->value;
        object["saved_cycles"] = saved;
        if (base > Cycles{0}) {
            object["saved_share"] = static_cast<double>(saved) / static_cast<double>(base.value);
        }
    }
    if (!row.failure.empty()) {
        object["error"] = row.failure;
    }
    return object;
}

[[nodiscard]] ordered_json what_if_json(const std::vector<WhatIfRow>& rows, Cycles base) {
    auto list = ordered_json::array();
    for (const WhatIfRow& row : rows) {
        list.push_back(what_if_json(row, base));
    }
    return list;
}

[[nodiscard]] ordered_json host_json(const HostTiming& host) {
    return {{"simulate_seconds", host.simulate_seconds},
            {"translations_per_second", host.translations_per_second},
            {"peak_memory_bytes", host.peak_memory_bytes},
            {"run_ahead_share", host.run_ahead_share}};
}

}  // namespace

ordered_json to_json(const RunResult& result, const Configuration& configuration,
                     std::string_view systemc_version) {
    const unsigned levels = format_of(configuration.paging.mode).levels;
    ordered_json document;
    document["schema"] = result_schema;
    document["schema_version"] = result_schema_version;
    document["tool"] = tool_json(systemc_version);
    if (result.interrupted) {
        document["interrupted"] = true;
    }
    document["config"] = to_json(configuration);
    document["workload"] = workload_json(result.workload);
    document["totals"] = statistics_json(result.totals);
    document[derived_name] = to_json(derived_figures(result));
    document["latency_cycles"] = latency_json(result.latency);
    if (result.workload.interval != 0) {
        document["timeline"] = timeline_json(result.timeline);
    }
    document["breakdown_cycles"] = breakdown_json(result.breakdown);
    document["classes"] = classes_json(result);
    document["tlbs"] = tlbs_json(result);
    document["walker"] = walker_json(result.walker, levels);
    document["memory"] = statistics_json(result.memory);
    document["caches"] = caches_json(result);
    document["faults"] = statistics_json(result.faults);
    document["os"] = statistics_json(result.os);
    if (result.thrashing) {
        document["os"]["thrashing"] = statistics_json(*result.thrashing);
    }
    document["storage"] = storage_json(result);
    document["processes"] = processes_json(result, levels);
    if (result.workload.script) {
        document["steps"] = statistics_json(result.steps);
    }
    if (result.what_if) {
        document["what_if"] = what_if_json(*result.what_if, result.totals.cycles);
    }
    if (result.host) {
        document["host"] = host_json(*result.host);
    }
    return document;
}

std::string to_text(const RunResult& result, const Configuration& configuration,
                    std::string_view systemc_version) {
    return json_text(to_json(result, configuration, systemc_version));
}

}  // namespace mmusim::tb
