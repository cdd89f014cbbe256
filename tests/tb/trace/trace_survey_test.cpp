// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/trace_survey.hpp"

#include "tests/support/scratch_directory.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace mmusim::tb::trace_survey_test {

using tests::fetch_of;
using tests::read_of;
using tests::ScratchDirectory;
using tests::write_of;

namespace {

[[nodiscard]] TraceSurvey survey_of(const std::vector<Access>& accesses) {
    TraceSurveyor surveyor(2);
    for (const Access& access : accesses) {
        surveyor.add(access);
    }
    return surveyor.survey();
}

constexpr PageSize mebibytes_2{.log2_bytes = 21};
constexpr PageSize gibibyte{.log2_bytes = 30};

}  // namespace

TEST_CASE("a survey counts accesses by type, crossings and the bytes between", "[trace_survey]") {
    const TraceSurvey survey = survey_of(
        {fetch_of(0x1000, 4), read_of(0x1ffc, 8), write_of(0x5000, 64), read_of(0x5000, 1)});
    CHECK(survey.accesses == 4);
    CHECK(survey.accesses_by_type[AccessType::fetch] == 1);
    CHECK(survey.accesses_by_type[AccessType::read] == 2);
    CHECK(survey.accesses_by_type[AccessType::write] == 1);
    CHECK(survey.page_crossings == 1);
    CHECK(survey.largest_access_bytes == 64);
    CHECK(survey.lowest_address == 0x1000);
    CHECK(survey.highest_address == 0x503f);
}

TEST_CASE("the footprint is of different pages of each size", "[trace_survey]") {
    const TraceSurvey survey =
        survey_of({read_of(0, 1), read_of(0x1fffff, 2), read_of(0x200000, 1),
                   read_of(0x3fffffff, 1), write_of(0x40000000, 8), read_of(8, 8)});
    CHECK(survey.footprint.at(base_page_size).pages == 5);
    CHECK(survey.footprint.at(mebibytes_2).pages == 4);
    CHECK(survey.footprint.at(gibibyte).pages == 2);
    CHECK(survey.footprint.at(mebibytes_2).bytes == 8U << 20U);
}

TEST_CASE("each interval has its pages, and those that are new", "[trace_survey]") {
    const TraceSurvey survey =
        survey_of({read_of(0x1000, 1), write_of(0x1008, 1), read_of(0x1ffc, 8), read_of(0x1000, 1),
                   read_of(0x2000, 1)});
    CHECK(survey.intervals == std::vector<TraceInterval>{
                                  {.first_access = 0, .accesses = 2, .pages = 1, .new_pages = 1},
                                  {.first_access = 2, .accesses = 2, .pages = 2, .new_pages = 1},
                                  {.first_access = 4, .accesses = 1, .pages = 1, .new_pages = 0}});
}

TEST_CASE("pages less than 2 MiB apart are a region, and it says how they are accessed",
          "[trace_survey]") {
    const TraceSurvey survey = survey_of({write_of(0x200000, 1), fetch_of(0x0, 1), read_of(0x8, 8),
                                          read_of(0x401000, 1), fetch_of(0x40000000, 1)});
    REQUIRE(survey.regions.size() == 3);
    const TraceRegion& first = survey.regions.front();
    CHECK(first.first_address == 0);
    CHECK(first.last_address == 0x200fff);
    CHECK(first.pages == 2);
    CHECK(first.pages_by_access[AccessType::fetch] == 1);
    CHECK(first.pages_by_access[AccessType::read] == 1);
    CHECK(first.pages_by_access[AccessType::write] == 1);
    CHECK(survey.regions[1].first_address == 0x401000);
    CHECK(survey.regions[2].first_address == 0x40000000);
}

TEST_CASE("a survey names the smallest mode that holds all addresses", "[trace_survey]") {
    CHECK(survey_of({read_of(0x7fffffff, 1)}).smallest_mode == hw::PagingMode::sv32);
    CHECK(survey_of({read_of(0x7fffffff, 2)}).smallest_mode == hw::PagingMode::sv39);
    CHECK(survey_of({read_of(0x7fffffffffff, 1)}).smallest_mode == hw::PagingMode::sv48);
    CHECK_FALSE(survey_of({read_of(0xffffffffff600000, 1)}).smallest_mode);
}

TEST_CASE("a page that many others pushed out of sight is still the same page", "[trace_survey]") {
    std::vector<Access> accesses;
    for (int round = 0; round < 3; ++round) {
        for (std::uint64_t page = 0; page < 10'000; ++page) {
            accesses.push_back(read_of(page << 12U, 8));
        }
    }
    const TraceSurvey survey = survey_of(accesses);
    CHECK(survey.footprint.at(base_page_size).pages == 10'000);
    CHECK(survey.regions.front().pages_by_access[AccessType::read] == 10'000);
}

TEST_CASE("a survey that is interrupted has what was read", "[trace_survey]") {
    const ScratchDirectory directory;
    std::string text;
    for (int i = 0; i < 20'000; ++i) {
        text += " L 1000,8\n";
    }
    const SurveyedTrace surveyed =
        survey_trace(directory.file("a", text), {}, std::nullopt,
                     [](std::uint64_t accesses) { return accesses < 10'000; });
    CHECK(surveyed.interrupted);
    CHECK(surveyed.survey.accesses >= 10'000);
    CHECK(surveyed.survey.accesses < 20'000);
}

}  // namespace mmusim::tb::trace_survey_test
