// SPDX-License-Identifier: Apache-2.0
#include "hw/storage/storage_device.hpp"
#include "sw/statistics.hpp"
#include "tb/report_page/figure_tables.hpp"
#include "tb/report_page/meanings.hpp"
#include "tb/report_page/parts.hpp"
#include "tb/workload/step_result.hpp"

#include <vector>

namespace mmusim::tb {

std::string faults_part(const DocumentView& view) {
    return chart_place({.chart = "faults_by_kind",
                        .title = "Page faults by what they turned out to be",
                        .description = "A bar for each kind of page fault that happened. The table "
                                       "below has the counts.",
                        .documents = {view.number()}}) +
           figure_table(view, "Page faults, by how Linux counts them and by kind",
                        {{.heading = "faults", .pointer = Pointer("/faults")}},
                        meanings_of<sw::FaultStatistics>());
}

std::string processes_part(const DocumentView& view) {
    return list_table(view, "The processes, at the end of the run", Pointer("/processes"),
                      meanings_of<sw::ProcessStatistics>());
}

std::string steps_part(const DocumentView& view) {
    return list_table(view, "The lines of the script, as they were carried out", Pointer("/steps"),
                      meanings_of<StepResult>());
}

std::string operating_system_part(const DocumentView& view) {
    const Pointer storage("/storage");
    std::vector<FigureColumn> devices;
    for (const std::string& name : view.names(storage)) {
        devices.push_back({.heading = name, .pointer = storage / name});
    }
    return figure_table(view, "The operating system",
                        {{.heading = "count", .pointer = Pointer("/os")}},
                        meanings_of<sw::OsStatistics>()) +
           (devices.empty() ? std::string{}
                            : figure_table(view, "The storage devices", devices,
                                           meanings_of<hw::StorageStatistics>()));
}

std::string configuration_part(const DocumentView& view) {
    HtmlTable table("Every parameter of the machine; given back with --config it makes this run",
                    {{.text = "key"}, {.text = "value"}});
    const Pointer config("/config");
    for (const std::string& group : view.names(config)) {
        table.add_group(group);
        for (const Leaf& leaf : leaves_of(*view.find(config / group), config / group)) {
            const std::string key = leaf.key.empty() ? group : group + "." + leaf.key;
            table.add_row({.text = key}, {view.cell(leaf.pointer)});
        }
    }
    return folded("All parameters", table.html());
}

}  // namespace mmusim::tb
