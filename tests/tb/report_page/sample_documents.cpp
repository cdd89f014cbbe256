// SPDX-License-Identifier: Apache-2.0
#include "sample_documents.hpp"

#include "tb/config/resolve.hpp"
#include "tb/explore/explorer.hpp"
#include "tb/report/exploration_json.hpp"
#include "tb/report/result_json.hpp"
#include "tests/tb/report/sample_result.hpp"

#include <cstdint>

namespace mmusim::tests {

using nlohmann::ordered_json;

ordered_json sample_result_document() {
    tb::RunResult result = tb::sample_result();
    result.workload.interval = 1000;
    result.timeline = tb::sample_timeline(3);
    result.thrashing = tb::ThrashingStatistics{.intervals = 3};
    result.workload.script = "day.workload";
    result.steps = {{.line = 3, .text = "p write heap", .minor = 5, .cycles = Cycles{1234}},
                    {.line = 4, .text = "p read 0x10", .signal = sw::Signal::segv_maperr}};
    result.walker.service.record(Cycles{61});
    result.walker.service.record(Cycles{40});
    result.walker.wait.record(Cycles{0});
    hw::StorageStatistics storage;
    storage.reads = 17;
    result.storage.emplace_back("storage", storage);
    return tb::to_json(result, tb::resolve({}), "2.3.4");
}

ordered_json sample_exploration_document() {
    constexpr std::uint64_t accesses = 300;
    constexpr std::uint64_t pages = 37;
    constexpr std::uint64_t page_bytes = 4096;
    const tb::ExplorationPlan plan{.processes = {"squares"}};
    tb::Explorer explorer(plan);
    for (std::uint64_t access = 0; access < accesses; ++access) {
        explorer.access(0, {.address = VirtualAddress{access * access % pages * page_bytes},
                            .size_bytes = 8,
                            .type = AccessType::read});
    }
    return ordered_json::parse(
        tb::to_text(explorer.exploration(), {.plan = plan, .accesses_per_turn = 1000}));
}

std::string sample_sweep_lines() {
    constexpr std::uint64_t points = 6;
    std::string lines;
    for (std::uint64_t point = 0; point < points; ++point) {
        ordered_json line{
            {"schema", "mmusim-sweep-point"},
            {"schema_version", 1},
            {"point", point},
            {"points", points},
            {"keys", {{"tlbs.l1d.sets", 1 + point / 3}, {"tlbs.l1d.ways", 1 + point % 3}}}};
        if (point + 1 < points) {
            line["error"] = nullptr;
            line["result"] = sample_result_document();
            line["result"]["totals"]["cycles"] = 5000 + point;
        } else {
            line["error"] = "no room";
            line["result"] = nullptr;
        }
        lines += line.dump() + '\n';
    }
    return lines;
}

tb::ReportDocument as_read(const ordered_json& document, const std::string& name) {
    return tb::parse_report_document(document.dump(), name);
}

}  // namespace mmusim::tests
