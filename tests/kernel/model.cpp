// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/model.hpp"

#include "hw/base/types.hpp"
#include "tests/tb/cli/program.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <stdexcept>

namespace mmusim::tests {

namespace {

using namespace mmusim::literals;
using nlohmann::json;

/// A script of some regions never fills so much.
constexpr std::uint64_t ample_memory_bytes = 1_GiB;

[[nodiscard]] ScriptKnobs knobs_of(const json& configuration) {
    const json& os = configuration.at("os");
    const json& swap = os.at("swap");
    return {.zero_page = os.at("zero_page"),
            .fault_around_pages = os.at("fault_around_pages"),
            .read_ahead_pages = os.at("readahead_pages"),
            .huge_pages = enumerator_named<sw::HugePages>(os.at("thp").get<std::string>()).value(),
            .huge_pages_of_2_mib = configuration.at("paging").at("mode") != "sv32",
            .stack_limit_bytes = os.at("stack_limit_bytes"),
            .swap = swap.at("size_bytes") != 0,
            .swap_read_ahead_pages = swap.at("readahead_pages"),
            .memory_pressure = os.at("user_frames") != 0 ||
                               configuration.at("memory").at("size_bytes") < ample_memory_bytes};
}

[[nodiscard]] std::optional<std::string> text_of(const json& value) {
    return value.is_null() ? std::nullopt : std::optional(value.get<std::string>());
}

[[nodiscard]] Figures figures_of(const json& step) {
    return {.minor = step.at("minor"),
            .major = step.at("major"),
            .signal = text_of(step.at("signal")),
            .error = text_of(step.at("error"))};
}

}  // namespace

ModelRun run_on_model(const std::string& path) {
    const Workplace place;
    const std::string whole_path = std::filesystem::absolute(path).string();
    const Outcome outcome = place.mmusim({"run", "--workload", whole_path, "--json", "-"});
    if (outcome.status != 0) {
        throw std::runtime_error(fmt::format("the model: {}", outcome.errors));
    }
    const json result = json::parse(outcome.output);
    ModelRun run{.knobs = knobs_of(result.at("config")), .figures = {}};
    for (const json& step : result.at("steps")) {
        run.figures.push_back(figures_of(step));
    }
    return run;
}

}  // namespace mmusim::tests
