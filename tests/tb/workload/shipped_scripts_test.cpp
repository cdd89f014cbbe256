// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace mmusim::tb {

TEST_CASE("each of the twelve shipped scripts is read without a problem", "[shipped_scripts]") {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(MMUSIM_SCRIPTS)) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    CHECK(names == std::vector<std::string>{
                       "asids-against-flushing.workload", "beladys-anomaly.workload",
                       "file-larger-than-memory.workload", "file-mapping-and-writeback.workload",
                       "fork-copy-on-write.workload", "huge-pages-against-small.workload",
                       "lazy-allocation.workload", "madvise-tour.workload",
                       "segmentation-fault.workload", "shared-library.workload",
                       "shared-memory.workload", "swap-storm.workload"});
    for (const std::string& name : names) {
        INFO(name);
        const Script script = read_script(std::string(MMUSIM_SCRIPTS) + "/" + name);
        const auto is_judged = [](const ScriptStep& step) { return !step.expectations.empty(); };
        CHECK(std::count_if(script.steps.begin(), script.steps.end(), is_judged) >= 5);
    }
}

}  // namespace mmusim::tb
