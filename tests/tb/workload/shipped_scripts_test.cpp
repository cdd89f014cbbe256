// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_reader.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>

namespace mmusim::tb::shipped_scripts_test {

TEST_CASE("each shipped script is read without a problem, and says what it expects") {
    std::size_t scripts = 0;
    for (const auto& entry : std::filesystem::directory_iterator(MMUSIM_SCRIPTS)) {
        const std::string path = entry.path().string();
        INFO(path);
        const Script script = read_script(path);
        const auto is_judged = [](const ScriptStep& step) { return !step.expectations.empty(); };
        CHECK(std::count_if(script.steps.begin(), script.steps.end(), is_judged) >= 2);
        ++scripts;
    }
    CHECK(scripts >= 12);
}

}  // namespace mmusim::tb::shipped_scripts_test
