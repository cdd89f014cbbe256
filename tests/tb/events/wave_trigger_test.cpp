// SPDX-License-Identifier: Apache-2.0
#include "tb/events/wave_trigger.hpp"

#include "tests/support/input_error.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

namespace mmusim::tests::wave_trigger_test {

using tb::TriggerKind;
using tb::WaveTrigger;

TEST_CASE("a trigger is typed as its kind and a number") {
    CHECK(tb::parse_wave_trigger("fault:3") == WaveTrigger{TriggerKind::fault, 3});
    CHECK(tb::parse_wave_trigger("walk:100") == WaveTrigger{TriggerKind::walk, 100});
    CHECK(tb::parse_wave_trigger("va:0x7f001000") == WaveTrigger{TriggerKind::va, 0x7f00'1000});
    CHECK(tb::parse_wave_trigger("va:0") == WaveTrigger{TriggerKind::va, 0});
    CHECK(tb::to_text({TriggerKind::va, 0x7f00'1000}) == "va:0x7f001000");
    CHECK(tb::to_text({TriggerKind::fault, 3}) == "fault:3");
}

TEST_CASE("what is no trigger is answered with what is one") {
    for (const std::string text : {"", "fault", "fault:", "fault:0", "walk:0", "fault:x", "walk:-1",
                                   "miss:3", ":3", "fault:3:4", "va:page"}) {
        CHECK(input_error_of([&] { static_cast<void>(tb::parse_wave_trigger(text)); }) ==
              "--vcd-around \"" + text +
                  "\": is no event, expected fault:N or walk:N with N from 1, or va:ADDRESS");
    }
}

TEST_CASE("a trigger that does not come says what there was") {
    CHECK(tb::never_came({TriggerKind::fault, 9}, 4) ==
          "--vcd-around fault:9: the run has 4 page faults, expected at least as many");
    CHECK(tb::never_came({TriggerKind::walk, 9}, 0) ==
          "--vcd-around walk:9: the run has 0 walks, expected at least as many");
    CHECK(tb::never_came({TriggerKind::va, 0x1000}, 0) ==
          "--vcd-around va:0x1000: the run does not access that page, expected an address that it "
          "accesses");
}

namespace {

/// The cycles in which a watch has found its trigger.
class Found {
  public:
    explicit Found(const WaveTrigger& trigger)
        : watch(trigger, [this](Cycles at) { cycles.push_back(at.value); }) {}

    std::vector<std::uint64_t> cycles;
    tb::TriggerWatch watch;
};

}  // namespace

TEST_CASE("a watch finds the fault and the walk of that number, once") {
    const hw::TranslationRequest request{};
    Found fault({TriggerKind::fault, 2});
    Found walk({TriggerKind::walk, 3});
    for (Found* const found : {&fault, &walk}) {
        for (const std::uint64_t cycle : {10U, 20U, 30U, 40U}) {
            found->watch.walk_begun({.request = request, .at = {cycle}});
            found->watch.fault_begun({.at = {cycle + 1}});
        }
    }
    CHECK(fault.cycles == std::vector<std::uint64_t>{21});
    CHECK(walk.cycles == std::vector<std::uint64_t>{30});
    CHECK(walk.watch.seen() == 4);
}

TEST_CASE("a watch finds the first lookup of the page that holds an address") {
    Found found({TriggerKind::va, 0x4000'1ff8});
    const auto look_up = [&found](std::uint64_t address, std::uint64_t cycle) {
        const hw::TranslationRequest request{.address = {address}};
        found.watch.looked_up({.request = request, .tlb = "l1d", .from = {cycle}});
    };
    look_up(0x4000'0ff8, 1);
    look_up(0x4000'2000, 2);
    look_up(0x4000'1000, 3);
    look_up(0x4000'1ff8, 4);
    CHECK(found.cycles == std::vector<std::uint64_t>{3});
}

}  // namespace mmusim::tests::wave_trigger_test
