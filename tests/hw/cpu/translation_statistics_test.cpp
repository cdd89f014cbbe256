// SPDX-License-Identifier: Apache-2.0
#include "hw/cpu/translation_statistics.hpp"

#include "tests/support/latency_stages.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

namespace mmusim::hw::translation_statistics_test {
namespace {

TEST_CASE("the classes are the levels in order, then the rest by severity") {
    const TranslationStatistics statistics(3);
    std::vector<std::string> names;
    for (const auto& [name, histogram] : statistics.classes()) {
        names.push_back(name);
        CHECK(histogram.count() == 0);
    }

    CHECK(names == std::vector<std::string>{"l1_hit", "l2_hit", "l3_hit", "walk", "minor_fault",
                                            "major_fault", "invalid_fault"});
}

TEST_CASE("every translation is in one class, and classes and stages sum to all latencies") {
    TranslationStatistics statistics(2);
    const LatencyRecord second_hit{
        tests::only({{Stage::first_tlb_lookup, 1}, {Stage::lower_tlb_lookup, 7}})};
    const LatencyRecord walk{tests::only(
        {{Stage::first_tlb_lookup, 1}, {Stage::lower_tlb_lookup, 7}, {Stage::pte_read, 60}})};
    const LatencyRecord fault{tests::only({{Stage::fault_entry, 500}})};

    statistics.record_first_hit(Cycles{1});
    statistics.record_first_hit(Cycles{1});
    statistics.record(Outcome::hit, 2, second_hit);
    statistics.record(Outcome::walk, 2, walk);
    statistics.record(Outcome::minor_fault, 1, fault);
    statistics.record(Outcome::invalid_fault, 1, fault);

    struct Row {
        std::uint64_t count;
        std::uint64_t cycles;
    };
    const std::vector<Row> expected{{2, 2}, {1, 8}, {1, 68}, {1, 500}, {0, 0}, {1, 500}};
    const auto classes = statistics.classes();
    REQUIRE(classes.size() == expected.size());
    for (std::size_t number = 0; number < expected.size(); ++number) {
        CAPTURE(classes[number].first);
        CHECK(classes[number].second.count() == expected[number].count);
        CHECK(classes[number].second.total() == Cycles{expected[number].cycles});
    }
    CHECK(statistics.latency().count() == 6);
    CHECK(statistics.latency().total() == Cycles{1078});
    CHECK(statistics.breakdown().stages == tests::only({{Stage::first_tlb_lookup, 4},
                                                        {Stage::lower_tlb_lookup, 14},
                                                        {Stage::pte_read, 60},
                                                        {Stage::fault_entry, 1000}}));
}

}  // namespace
}  // namespace mmusim::hw::translation_statistics_test
