// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/sweep_plan.hpp"

#include "hw/base/problems.hpp"
#include "tb/cli/systemc_version.hpp"
#include "tb/cli/workload.hpp"
#include "tb/config/configuration_writer.hpp"
#include "tb/config/resolve.hpp"
#include "tb/report/version.hpp"
#include "tb/sweep/checksum.hpp"
#include "tb/sweep/swept_keys.hpp"
#include "tb/sweep/swept_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace mmusim::tb {

namespace {

// A machine, or its problems.
using Resolved = std::variant<Configuration, Problems>;

[[nodiscard]] Resolved resolved(const MachineArguments& machine,
                                const std::optional<Script>& script) {
    try {
        return configuration_of(machine, script);
    } catch (const ConfigurationError& error) {
        return error.problems();
    }
}

[[nodiscard]] Resolved resolved_at(std::size_t point, const Grid& grid, MachineArguments machine,
                                   const std::optional<Script>& script) {
    const std::vector<std::string> keys = grid.keys();
    const std::vector<std::string> values = grid.values_at(point);
    for (std::size_t key = 0; key < keys.size(); ++key) {
        machine.settings.push_back(fmt::format("{}={}", keys[key], values[key]));
    }
    return resolved(machine, script);
}

[[nodiscard]] bool is_swept(std::string_view key, const Grid& grid) {
    const std::vector<std::string> keys = grid.keys();
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// What is given twice: by -L and by another option.
[[nodiscard]] Problems problems_of_other_options(const SweepArguments& arguments,
                                                 const Grid& grid) {
    Problems problems;
    for (const std::string& setting : arguments.machine.settings) {
        const std::string key = setting.substr(0, setting.find('='));
        if (is_swept(key, grid)) {
            problems.push_back(
                fmt::format("{}: is given by --set and by -L, expected one of the two", key));
        }
    }
    if (is_swept("seed", grid) && arguments.machine.seed) {
        problems.emplace_back("seed: is given by --seed and by -L, expected one of the two");
    }
    if (is_swept("seed", grid) && arguments.repeat != 1) {
        problems.emplace_back("seed: is varied by --repeat and by -L, expected one of the two");
    }
    return problems;
}

[[nodiscard]] Problems problems_of_counts(const SweepArguments& arguments, const Grid& grid) {
    Problems problems;
    if (arguments.jobs == 0) {
        problems.emplace_back("--jobs 0: expected at least 1");
    }
    if (arguments.repeat == 0) {
        problems.emplace_back("--repeat 0: expected at least 1");
    } else if (arguments.repeat > most_points / std::max<std::size_t>(1, grid.point_count())) {
        problems.push_back(
            fmt::format("--repeat {}: makes more than {} simulations, expected fewer",
                        arguments.repeat, most_points));
    }
    if (grid.axes.empty() && arguments.axes.empty()) {
        problems.emplace_back("sweep: no -L, expected at least one -L KEY=VALUE,VALUE…");
    }
    return problems;
}

void append(Problems& problems, Problems more) {
    problems.insert(problems.end(), std::make_move_iterator(more.begin()),
                    std::make_move_iterator(more.end()));
}

void throw_if_any(Problems problems) {
    if (!problems.empty()) {
        throw ConfigurationError(std::move(problems));
    }
}

// Those of the machine that no point is without: they are not of what is swept.
[[nodiscard]] Problems lasting_problems(Problems problems, const std::vector<Resolved>& machines) {
    const auto is_without = [](const Resolved& machine, const std::string& problem) {
        const auto* const others = std::get_if<Problems>(&machine);
        return others == nullptr ||
               std::find(others->begin(), others->end(), problem) == others->end();
    };
    const auto is_mended = [&](const std::string& problem) {
        return std::any_of(machines.begin(), machines.end(),
                           [&](const Resolved& machine) { return is_without(machine, problem); });
    };
    problems.erase(std::remove_if(problems.begin(), problems.end(), is_mended), problems.end());
    return problems;
}

[[nodiscard]] PlannedPoint planned_point(std::size_t point, Resolved&& machine) {
    if (const auto* const problems = std::get_if<Problems>(&machine)) {
        return {.point = point, .machine = fmt::format("{}", fmt::join(*problems, "; "))};
    }
    return {.point = point, .machine = std::move(std::get<Configuration>(machine))};
}

[[nodiscard]] std::vector<PlannedPoint> planned_points(const SweepArguments& arguments,
                                                       const SweepPlan& plan, const Shard& shard,
                                                       const Resolved& base) {
    const std::vector<std::size_t> points = points_of(shard, plan.grid.point_count());
    std::vector<Resolved> machines;
    std::transform(points.begin(), points.end(), std::back_inserter(machines),
                   [&](std::size_t point) {
                       return resolved_at(point, plan.grid, arguments.machine, plan.script);
                   });
    if (const auto* const problems = std::get_if<Problems>(&base);
        problems != nullptr && !points.empty()) {
        throw_if_any(lasting_problems(*problems, machines));
    }
    std::vector<PlannedPoint> planned;
    for (std::size_t index = 0; index < points.size(); ++index) {
        planned.push_back(planned_point(points[index], std::move(machines[index])));
    }
    return planned;
}

[[nodiscard]] std::uint64_t checksum_of_machines(const SweepPlan& plan) {
    std::uint64_t sum = empty_checksum;
    for (const PlannedPoint& point : plan.points) {
        const auto* const machine = std::get_if<Configuration>(&point.machine);
        sum = checksum(
            machine != nullptr ? to_text(*machine) : std::get<std::string>(point.machine), sum);
    }
    return sum;
}

}  // namespace

SweepPlan plan_sweep(const SweepArguments& arguments) {
    SweepPlan plan{.script = script_of("sweep", arguments.workload),
                   .seeds = static_cast<std::size_t>(arguments.repeat)};
    Problems problems;
    plan.grid = parse_grid(arguments.axes, problems);
    append(problems, problems_of_counts(arguments, plan.grid));
    append(problems, problems_of_other_options(arguments, plan.grid));
    Shard shard;
    try {
        shard = parse_shard(arguments.shard.value_or("0/1"));
    } catch (const InputError& error) {
        problems.emplace_back(error.what());
    }
    const Resolved base = resolved(arguments.machine, plan.script);
    const auto* const machine = std::get_if<Configuration>(&base);
    append(problems,
           problems_of_keys(plan.grid.keys(), machine != nullptr
                                                  ? *machine
                                                  : resolve({.preset = arguments.machine.preset})));
    throw_if_any(std::move(problems));
    check_workload("sweep", arguments.workload);
    plan.points = planned_points(arguments, plan, shard, base);
    return plan;
}

nlohmann::ordered_json identity_of(const SweepPlan& plan, const SweepArguments& arguments) {
    auto inputs = nlohmann::ordered_json::object();
    for (const std::string& path : files_read_by(plan, arguments)) {
        inputs[path] = file_checksum(path);
    }
    const WorkloadArguments& workload = arguments.workload;
    return {{"the version", fmt::format("{}, SystemC {}", version(), systemc_version())},
            {"-L", arguments.axes},
            {"--shard", arguments.shard.value_or("0/1")},
            {"--repeat", arguments.repeat},
            {"--check", arguments.check},
            {"TRACE", workload.traces},
            {"--workload", workload.script.value_or("")},
            {"--format", workload.format.value_or("")},
            {"--warmup", workload.warmup},
            {"--limit", workload.limit},
            {"the machines", checksum_of_machines(plan)},
            {"the contents of files", inputs}};
}

std::vector<std::string> files_read_by(const SweepPlan& plan, const SweepArguments& arguments) {
    std::vector<std::string> files = inputs_of(arguments.machine, arguments.workload);
    if (plan.script) {
        for (const ScriptStep& step : plan.script->steps) {
            if (const auto* const trace = std::get_if<TraceCommand>(&step.command)) {
                files.push_back(trace->path);
            } else if (const auto* const exec = std::get_if<ExecCommand>(&step.command)) {
                files.push_back(exec->path);
            }
        }
    }
    return files;
}

}  // namespace mmusim::tb
