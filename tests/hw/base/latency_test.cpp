// SPDX-License-Identifier: Apache-2.0
#include "hw/base/latency.hpp"

#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

namespace mmusim::latency_test {
namespace {

TEST_CASE("a latency record sums its stages") {
    LatencyRecord record;
    CHECK(record.total() == Cycles{0});

    record.add(Stage::first_tlb_lookup, Cycles{1});
    record.add(Stage::pte_read, Cycles{20});
    record.add(Stage::pte_read, Cycles{20});
    record.add(Stage::fault_return, Cycles{2});

    CHECK(record.stages[Stage::pte_read] == Cycles{40});
    CHECK(record.total() == Cycles{43});
}

TEST_CASE("latency records add stage by stage") {
    LatencyRecord sum;
    sum.add(Stage::tlb_wait, Cycles{3});
    LatencyRecord other;
    other.add(Stage::tlb_wait, Cycles{4});
    other.add(Stage::fault_entry, Cycles{5});

    sum += other;

    CHECK(sum.stages[Stage::tlb_wait] == Cycles{7});
    CHECK(sum.stages[Stage::fault_entry] == Cycles{5});
    CHECK(sum.total() == Cycles{12});
}

TEST_CASE("every stage is described") {
    for (const std::string_view text : StageDescriptions::texts) {
        CHECK_FALSE(text.empty());
    }
}

}  // namespace
}  // namespace mmusim::latency_test
