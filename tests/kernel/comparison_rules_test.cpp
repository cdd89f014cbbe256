// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/comparison_rules.hpp"

#include <catch2/catch.hpp>

namespace mmusim::tests::comparison_rules_test {

namespace {

/// A machine on which every line can be compared.
constexpr HostFacts able{
    .version = {6, 18},
    .is_measured = true,
    .swap = {.bytes = 1 << 30, .page_by_page = true},
    .huge_pages = {.on_advice = true, .unasked = false, .whole_zero_page = true},
    .zero_page = true,
    .fault_around_pages = 16,
    .files_on_disk = true,
    .read_ahead_pages = 1024,
    .refuses_fetches_at_once = true,
    .lockable_bytes = 1 << 20};

[[nodiscard]] bool is_compared(const StepFacts& step, const HostFacts& host,
                               const ScriptKnobs& knobs = {}) {
    return rule_against(step, knobs, host) == nullptr;
}

}  // namespace

TEST_CASE("a line that depends on nothing is compared everywhere") {
    CHECK(is_compared({}, {}));
}

TEST_CASE("what a machine lacks is not compared there") {
    const StepFacts paged_out{.needs_swap = true};
    const StepFacts cold{.needs_disk = true};
    const StepFacts grouped{.maps_by_groups = true};
    const StepFacts huge{.needs_huge_pages = true};
    const StepFacts huge_zeros{.writes_huge_zero_page = true};
    const StepFacts zeros{.reads_untouched_memory = true};
    const StepFacts fetched{.fetches_untouched_data = true};
    const StepFacts locked{.locked_bytes = 1 << 20};
    for (const StepFacts& step :
         {paged_out, cold, grouped, huge, huge_zeros, zeros, fetched, locked}) {
        CHECK(is_compared(step, able));
        CHECK_FALSE(is_compared(step, {}));
    }
}

TEST_CASE("faults of files are compared where a fault maps as many pages as in the script") {
    CHECK_FALSE(is_compared({.maps_by_groups = true}, able, {.fault_around_pages = 8}));
    CHECK(is_compared({}, able, {.fault_around_pages = 8}));
}

TEST_CASE("a mapping is filled at once only where no huge page comes unasked") {
    const StepFacts filled{.fills_beside_huge_pages = true};
    HostFacts host = able;
    CHECK(is_compared(filled, host));
    host.huge_pages.unasked = true;
    CHECK_FALSE(is_compared(filled, host));
}

TEST_CASE("no explicit huge page is taken from a machine") {
    CHECK_FALSE(is_compared({.takes_from_pools = true}, able));
}

TEST_CASE("swap is compared where its pages are written and read one by one") {
    const StepFacts paged_out{.needs_swap = true};
    HostFacts host = able;
    host.swap.page_by_page = false;
    CHECK_FALSE(is_compared(paged_out, host));
}

TEST_CASE("a script without swap is compared where there is none") {
    const StepFacts paged_out{.needs_swap = true};
    const ScriptKnobs without_swap{.swap = false};
    HostFacts host = able;
    CHECK_FALSE(is_compared(paged_out, host, without_swap));
    host.swap.bytes = 0;
    CHECK(is_compared(paged_out, host, without_swap));
}

TEST_CASE("cold pages are compared where one read brings all of the file on both sides") {
    StepFacts cold{.cold_file_pages = 64};
    CHECK(is_compared(cold, able, {.read_ahead_pages = 128}));
    CHECK_FALSE(is_compared(cold, able, {.read_ahead_pages = 127}));

    HostFacts host = able;
    host.read_ahead_pages = 32;
    CHECK_FALSE(is_compared(cold, host, {.read_ahead_pages = 128}));

    cold.pattern = sw::AccessPattern::random;
    CHECK(is_compared(cold, host));
    cold.pattern = sw::AccessPattern::sequential;
    CHECK_FALSE(is_compared(cold, able, {.read_ahead_pages = 128}));
}

TEST_CASE("a line whose figures mean nothing is done nevertheless") {
    const ComparisonRule* const fork = rule_against({.counts_nothing = true}, {}, able);
    REQUIRE(fork != nullptr);
    CHECK_FALSE(fork->ends_script);

    const ComparisonRule* const trace = rule_against({.runs_a_program = true}, {}, able);
    REQUIRE(trace != nullptr);
    CHECK(trace->ends_script);
}

TEST_CASE("a line that cannot be done is not done, though nothing would be counted") {
    const ComparisonRule* const file =
        rule_against({.counts_nothing = true, .needs_disk = true}, {}, {});
    REQUIRE(file != nullptr);
    CHECK(file->ends_script);
}

TEST_CASE("an access across pages is compared unless it ends in a signal") {
    CHECK(is_compared({.may_cross_pages = true}, able));
    CHECK(is_compared({.ends_in_a_signal = true}, able));
    CHECK_FALSE(is_compared({.may_cross_pages = true, .ends_in_a_signal = true}, able));
}

TEST_CASE("a script with settings that no kernel has is not compared") {
    CHECK_FALSE(reason_against({}));
    CHECK(reason_against({.zero_page = false}));
    CHECK(reason_against({.huge_pages = sw::HugePages::always}));
    CHECK(reason_against({.huge_pages_of_2_mib = false}));
    CHECK(reason_against({.stack_limit_bytes = 1 << 20}));
    CHECK(reason_against({.swap_read_ahead_pages = 8}));
    CHECK(reason_against({.memory_pressure = true}));
    CHECK_FALSE(reason_against({.swap = false}));
}

}  // namespace mmusim::tests::comparison_rules_test
