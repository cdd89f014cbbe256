// SPDX-License-Identifier: Apache-2.0
// The figures of tb/traces/README.md.
#include "tb/trace/convert_trace.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

namespace mmusim::tb::shipped_traces_test {

TEST_CASE("the shipped trace of a database query holds what its page says", "[shipped_traces]") {
    const std::string path = std::string(MMUSIM_TRACES) + "/sqlite-group-by.mmutrace.xz";
    const TraceSummary summary = summarize_trace(path, {});
    CHECK(summary.accesses[AccessType::fetch] == 1'641'415);
    CHECK(summary.accesses[AccessType::read] == 607'736);
    CHECK(summary.accesses[AccessType::write] == 150'849);
    CHECK(summary.total_accesses() == 2'400'000);
    CHECK(summary.page_crossings == 0);
    CHECK(summary.pages == 1'863);
    CHECK(UserHalf(hw::PagingMode::sv39).holds(summary.highest, 1));
    CHECK(std::filesystem::file_size(path) < 1'000'000);
}

}  // namespace mmusim::tb::shipped_traces_test
