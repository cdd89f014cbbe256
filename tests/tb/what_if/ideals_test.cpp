// SPDX-License-Identifier: Apache-2.0
#include "tb/what_if/ideals.hpp"

#include "tb/config/configuration_writer.hpp"
#include "tb/config/resolve.hpp"
#include "tb/presets/presets.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace mmusim::tb::ideals_test {

namespace {

using Settings = std::vector<std::string>;

[[nodiscard]] Configuration plain_with(const Settings& settings) {
    return resolve({.preset = "plain", .settings = settings});
}

[[nodiscard]] std::vector<std::string> names(const std::vector<Ideal>& ideals) {
    std::vector<std::string> result;
    std::transform(ideals.begin(), ideals.end(), std::back_inserter(result),
                   [](const Ideal& ideal) { return ideal.name; });
    return result;
}

// Of that ideal of the plain machine with these settings.
[[nodiscard]] Settings settings_of(const std::string& name, const Settings& settings = {}) {
    const std::vector<Ideal> ideals = ideals_of(plain_with(settings));
    const auto found = std::find_if(ideals.begin(), ideals.end(),
                                    [&](const Ideal& ideal) { return ideal.name == name; });
    REQUIRE(found != ideals.end());
    return found->settings;
}

// The parameters of the operating system that are a cost in cycles, by name.
[[nodiscard]] std::set<std::string> cycle_parameters() {
    std::set<std::string> result;
    std::apply(
        [&](const auto&... parameter) {
            const auto add = [&](std::string_view name) {
                if (name.ends_with("_cycles")) {
                    result.emplace(name);
                }
            };
            (add(parameter.name), ...);
        },
        SoftwareParameters::fields());
    return result;
}

}  // namespace

TEST_CASE("a machine has an ideal for each level of TLBs, and one for each other part") {
    CHECK(names(ideals_of(plain_with({}))) ==
          std::vector<std::string>{"perfect_l1", "perfect_l2", "perfect_walk_cache",
                                   "unlimited_walkers", "pte_reads_hit", "free_faults",
                                   "free_fences"});
    CHECK(names(ideals_of(
                    plain_with({"tlbs.l2=null", "tlbs.l1i.next=walker", "tlbs.l1d.next=walker"})))
              .at(1) == "perfect_walk_cache");
    CHECK(
        names(ideals_of(plain_with({R"(tlbs.l3={"next": "walker"})", "tlbs.l2.next=l3"}))).at(2) ==
        "perfect_l3");
}

TEST_CASE("a perfect level is the first TLB of that level in each chain") {
    struct Row {
        std::string ideal;
        Settings machine;
        Settings expected;
    };
    for (const Row& row :
         {Row{"perfect_l1", {}, {"tlbs.l1i.perfect=true", "tlbs.l1d.perfect=true"}},
          Row{"perfect_l2", {}, {"tlbs.l2.perfect=true"}},
          Row{"perfect_l1", {"cpu.fetch_tlb=l1d"}, {"tlbs.l1d.perfect=true"}},
          // Beside the first array of a level lies another, for other page sizes.
          Row{"perfect_l1",
              {R"(tlbs.large={"next": "l2", "same_level": true})", "tlbs.l1d.next=large"},
              {"tlbs.l1i.perfect=true", "tlbs.l1d.perfect=true"}},
          Row{"perfect_l2",
              {R"(tlbs.large={"next": "l2", "same_level": true})", "tlbs.l1d.next=large"},
              {"tlbs.l2.perfect=true"}},
          // The fetch side has one level only.
          Row{"perfect_l2", {"tlbs.l1i.next=walker"}, {"tlbs.l2.perfect=true"}}}) {
        INFO(row.ideal);
        CHECK(settings_of(row.ideal, row.machine) == row.expected);
    }
}

TEST_CASE("a machine without walk cache is given one that costs no lookup") {
    CHECK(settings_of("perfect_walk_cache") == Settings{"walk_cache.perfect=true",
                                                        "walk_cache.enabled=true",
                                                        "walk_cache.lookup_cycles=0"});
    CHECK(settings_of("perfect_walk_cache", {"walk_cache.enabled=true"}) ==
          Settings{"walk_cache.perfect=true"});
}

TEST_CASE("unlimited walkers are as many as accesses can be under way") {
    CHECK(settings_of("unlimited_walkers") == Settings{"walker.count=1"});
    CHECK(settings_of("unlimited_walkers", {"cpu.max_outstanding=1024"}) ==
          Settings{"walker.count=1024"});
    CHECK(settings_of("unlimited_walkers", {"walker.count=8", "cpu.max_outstanding=4"}) ==
          Settings{"walker.count=8"});
}

TEST_CASE("a read that hits takes as long as the first cache, and a cycle where there is none") {
    CHECK(settings_of("pte_reads_hit") ==
          Settings{"walker.perfect_reads=true", "walker.perfect_read_cycles=1"});
    CHECK(settings_of("pte_reads_hit",
                      {R"(caches.c={"hit_latency_cycles": 9})", "walker.memory_port=c"}) ==
          Settings{"walker.perfect_reads=true", "walker.perfect_read_cycles=9"});
}

TEST_CASE("free faults leave no cost of the operating system that a fault can have") {
    const Settings settings = settings_of("free_faults");
    std::set<std::string> left = cycle_parameters();
    for (const std::string& setting : settings) {
        left.erase(setting.substr(3, setting.find('=') - 3));
    }
    // A call's own way in and out is no fault's, and a tick is an interval.
    CHECK(left == std::set<std::string>{"replacement_tick_cycles", "system_call_cycles"});
    const Configuration free = with_settings(resolve({.preset = "default"}), settings);
    CHECK(hw::timing_of(free.os.storage).read_nanoseconds == 0);
    CHECK(hw::timing_of(free.os.storage).page_write_nanoseconds == 0);
    CHECK(free.os.memory_accesses == sw::MemoryAccesses::instant);
}

TEST_CASE("free faults free the swap area's own device as well, where it has one") {
    const Settings shared = settings_of("free_faults");
    const Settings own = settings_of("free_faults", {"os.swap_has_own_device=true"});
    CHECK(own.size() == shared.size() + 6);
    CHECK(std::count(own.begin(), own.end(), "os.swap_storage.kind=custom") == 1);
}

TEST_CASE("every ideal of every preset is a machine, and another one where it has keys to change") {
    for (const Preset& preset : presets()) {
        const Configuration machine = resolve({.preset = std::string(preset.name)});
        for (const Ideal& ideal : ideals_of(machine)) {
            INFO(preset.name << ": " << ideal.name);
            REQUIRE_FALSE(ideal.settings.empty());
            const Configuration ideal_machine = with_settings(machine, ideal.settings);
            // The same keys once more change nothing.
            CHECK(to_text(with_settings(ideal_machine, ideal.settings)) == to_text(ideal_machine));
            if (ideal.name.starts_with("perfect")) {
                CHECK(to_text(ideal_machine) != to_text(machine));
            }
        }
    }
}

TEST_CASE("settings over a configuration are what --set makes of them, mistakes too") {
    const Configuration plain = plain_with({});
    CHECK(to_text(with_settings(plain, {"tlbs.l2.ways=3", "seed=9"})) ==
          to_text(plain_with({"tlbs.l2.ways=3", "seed=9"})));
    CHECK_THROWS_AS(with_settings(plain, {"tlbs.l2.wyas=3"}), ConfigurationError);
}

}  // namespace mmusim::tb::ideals_test
