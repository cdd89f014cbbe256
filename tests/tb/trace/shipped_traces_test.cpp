// SPDX-License-Identifier: Apache-2.0
// The figures of tb/traces/README.md.
#include "tb/trace/trace_survey.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <filesystem>
#include <string>

namespace mmusim::tb::shipped_traces_test {

TEST_CASE("the shipped trace of a database query holds what its page says", "[shipped_traces]") {
    const std::string path = std::string(MMUSIM_TRACES) + "/sqlite-group-by.mmutrace.xz";
    const TraceSurvey survey = survey_trace(path, {}).survey;
    CHECK(survey.accesses_by_type[AccessType::fetch] == 1'641'415);
    CHECK(survey.accesses_by_type[AccessType::read] == 607'736);
    CHECK(survey.accesses_by_type[AccessType::write] == 150'849);
    CHECK(survey.accesses == 2'400'000);
    CHECK(survey.page_crossings == 0);
    CHECK(survey.footprint.at(base_page_size).pages == 1'863);
    CHECK(survey.smallest_mode == hw::PagingMode::sv39);
    CHECK(survey.lowest_address == 0x4054060);
    CHECK(survey.highest_address == 0x1ffeffe65f);
    CHECK(std::filesystem::file_size(path) < 1'000'000);
}

TEST_CASE("the small traces hold what their page says", "[shipped_traces]") {
    struct Row {
        std::string name;
        std::uint64_t fetches;
        std::uint64_t reads;
        std::uint64_t writes;
        std::uint64_t page_crossings;
        std::uint64_t pages;
    };
    for (const Row& row : {Row{"sort-lines", 354'686, 97'632, 47'682, 20, 47},
                           Row{"perl-word-count", 271'483, 84'732, 43'785, 60, 162},
                           Row{"gzip-text", 393'879, 84'538, 21'583, 0, 53}}) {
        INFO(row.name);
        const std::string path = std::string(MMUSIM_TRACES) + "/" + row.name + ".mmutrace.xz";
        const TraceSurvey survey = survey_trace(path, {}).survey;
        CHECK(survey.accesses_by_type[AccessType::fetch] == row.fetches);
        CHECK(survey.accesses_by_type[AccessType::read] == row.reads);
        CHECK(survey.accesses_by_type[AccessType::write] == row.writes);
        CHECK(survey.page_crossings == row.page_crossings);
        CHECK(survey.footprint.at(base_page_size).pages == row.pages);
        CHECK(std::filesystem::file_size(path) < 200'000);
    }
}

}  // namespace mmusim::tb::shipped_traces_test
