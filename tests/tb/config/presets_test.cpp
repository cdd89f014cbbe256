// SPDX-License-Identifier: Apache-2.0
#include "tb/presets/presets.hpp"

#include "hw/base/problems.hpp"
#include "tb/config/configuration_writer.hpp"
#include "tb/config/resolve.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace mmusim::tb::presets_test {

TEST_CASE("every preset is a machine and says in one line what it is") {
    REQUIRE(presets().size() == 16);
    for (const Preset& preset : presets()) {
        INFO(preset.name);
        CHECK_NOTHROW(resolve({.preset = std::string{preset.name}}));
        CHECK_FALSE(preset.description().empty());
        CHECK(preset.description().find('{') == std::string_view::npos);
        CHECK_FALSE(preset.source().empty());
        CHECK(preset.source().find('{') == std::string_view::npos);
    }
    CHECK(preset_named("plain").description() ==
          "the smallest exact machine: every cycle can be worked out by hand");
}

TEST_CASE("an unknown preset is answered with the nearest and with all") {
    const std::string names =
        "boom-large, champsim-default, cortex-a72, cortex-a76, cva6-sv32, cva6-sv39, default, "
        "drcachesim-default, gem5-riscv-default, golden-cove, plain, rocket, skylake, wally, "
        "xiangshan-kunminghu, zen4";
    CHECK_THROWS_WITH(resolve({.preset = "plane"}),
                      "--preset plane: no such preset; the nearest is plain; there are: " + names);
    CHECK_THROWS_WITH(resolve({.preset = "x"}), "--preset x: no such preset; there are: " + names);
    CHECK_THROWS_AS(resolve({.preset = ""}), InputError);
}

TEST_CASE("plain is the smallest exact machine") {
    const Configuration plain = resolve({.preset = "plain"});
    const auto tlb_is = [&](const char* name, std::uint32_t sets, std::uint32_t ways,
                            std::uint64_t latency, const char* next) {
        const hw::TlbParameters& tlb = plain.tlbs.at(name);
        return tlb.sets == sets && tlb.ways == ways && tlb.hit_latency_cycles == Cycles{latency} &&
               tlb.replacement == hw::Replacement::lru && tlb.page_sizes.empty() &&
               tlb.next == next;
    };
    CHECK(plain.tlbs.size() == 3);
    CHECK(tlb_is("l1i", 16, 4, 1, "l2"));
    CHECK(tlb_is("l1d", 16, 4, 1, "l2"));
    CHECK(tlb_is("l2", 128, 12, 7, "walker"));
    CHECK(plain.cpu.fetch_tlb == "l1i");
    CHECK(plain.cpu.data_tlb == "l1d");
    CHECK(plain.cpu.max_outstanding == 1);
    CHECK(plain.cpu.issue_per_cycle == 1);
    CHECK(plain.cpu.data_path == hw::DataPath::translate_only);
    CHECK(plain.paging.mode == hw::PagingMode::sv39);
    CHECK(plain.paging.ad_update == hw::AdUpdate::hardware);
    CHECK(plain.walker.count == 1);
    CHECK_FALSE(plain.walk_cache.enabled);
    CHECK(plain.memory.kind == hw::MemoryKind::fixed);
    CHECK(plain.memory.latency_cycles == Cycles{20});
    CHECK(plain.caches.empty());
    CHECK(plain.memory.size_bytes == std::uint64_t{16} << 30U);
    CHECK_FALSE(plain.os.zero_page);
    CHECK(plain.os.thp == sw::HugePages::never);
    CHECK(plain.os.implicit_mapping);
}

TEST_CASE("in plain, neither the walker nor the operating system costs anything") {
    const nlohmann::ordered_json plain = to_json(resolve({.preset = "plain"}));
    const auto costs_nothing = [](const nlohmann::ordered_json& group) {
        for (auto member = group.begin(); member != group.end(); ++member) {
            const bool is_cost = member.key().find("_cycles") != std::string::npos &&
                                 member.key() != "time_slice_cycles" &&
                                 member.key() != "perfect_read_cycles" &&
                                 member.key() != "replacement_tick_cycles";
            CHECK((!is_cost || member.value() == 0));
        }
    };
    costs_nothing(plain["walker"]);
    costs_nothing(plain["os"]);
    costs_nothing(plain["os"]["scheduler"]);
}

TEST_CASE("default is a present-day core") {
    const Configuration machine = resolve({});
    CHECK(machine.clock.period_ps == 250);
    CHECK(machine.memory.kind == hw::MemoryKind::dram);
    CHECK(machine.memory.dram.standard == hw::DramStandard::ddr4_2400);
    CHECK(machine.walker.memory_port == "l1d");
    CHECK(machine.cpu.data_path == hw::DataPath::translate_only);
    CHECK(machine.cpu.fetch_port == "l1d");
    CHECK(machine.cpu.data_port == "l1d");
    CHECK(machine.caches.at("l1d").next == "l2");
    CHECK(machine.caches.at("l2").next == "llc");
    CHECK(machine.caches.at("llc").next == "memory");
    CHECK(machine.tlbs.at("l1i").ways == 8);
    CHECK(machine.os.memory_accesses == sw::MemoryAccesses::blocking);
    CHECK(machine.os.zero_page);
    CHECK(machine.os.thp == sw::HugePages::madvise);
}

TEST_CASE("in default, an anonymous fault costs a microsecond apart from its memory traffic") {
    const Configuration machine = resolve({});
    const sw::OsParameters& os = machine.os;
    const Cycles fault = os.fault_entry_cycles + os.region_lookup_cycles +
                         os.frame_allocation_cycles + os.frame_clear_cycles + os.page_table_cycles +
                         os.fault_return_cycles;
    CHECK(fault.value * machine.clock.period_ps == 1'000'000);
}

}  // namespace mmusim::tb::presets_test
