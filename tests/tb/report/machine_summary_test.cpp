// SPDX-License-Identifier: Apache-2.0
#include "tb/report/machine_summary.hpp"

#include "tb/config/resolve.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::machine_summary_test {

namespace {

[[nodiscard]] std::string plain_with(const std::vector<std::string>& settings) {
    return machine_summary(resolve({.preset = "plain", .settings = settings}));
}

}  // namespace

TEST_CASE("the presets in one line") {
    CHECK(machine_summary(resolve({})) ==
          "l1i 16x8, l1d 16x4 → l2 128x12 → 1 walker, sv39, 32.0 KiB → 256.0 KiB → 8.0 MiB → "
          "DRAM of 16 banks");
    CHECK(plain_with({}) == "l1i 16x4, l1d 16x4 → l2 128x12 → 1 walker, sv39, memory of 20 cycles");
}

TEST_CASE("every shape of the hierarchy in one line") {
    const std::string rest = " → 1 walker, sv39, memory of 20 cycles";
    CHECK(plain_with({"cpu.fetch_tlb=l1d"}) == "l1d 16x4 → l2 128x12" + rest);
    CHECK(plain_with({"cpu.fetch_tlb=l2"}) == "l1d 16x4 → l2 128x12" + rest);
    CHECK(plain_with({"tlbs.l1i.next=walker"}) == "l1i 16x4, (l1d 16x4 → l2 128x12)" + rest);
    CHECK(plain_with({"tlbs.l1i.next=walker", "tlbs.l1d.next=walker"}) ==
          "l1i 16x4, l1d 16x4" + rest);
    CHECK(plain_with({"tlbs.l3.sets=512", "tlbs.l3.ways=2", "tlbs.l2.next=l3"}) ==
          "l1i 16x4, l1d 16x4 → l2 128x12 → l3 512x2" + rest);
}

TEST_CASE("the walkers, the format and the memory in one line") {
    CHECK(plain_with({"walker.count=4", "memory.latency_cycles=1"}) ==
          "l1i 16x4, l1d 16x4 → l2 128x12 → 4 walkers, sv39, memory of 1 cycle");
    CHECK(plain_with({"paging.mode=sv48", "memory.kind=dram", "memory.dram.banks=4",
                      "memory.dram.channels=2"}) ==
          "l1i 16x4, l1d 16x4 → l2 128x12 → 1 walker, sv48, DRAM of 8 banks");
    CHECK(plain_with({R"(caches.one={"sets": 64, "ways": 8, "next": "two"})",
                      R"(caches.two={"sets": 1024, "ways": 4})", R"(walker.memory_port="one")"}) ==
          "l1i 16x4, l1d 16x4 → l2 128x12 → 1 walker, sv39, 32.0 KiB → 256.0 KiB → memory of "
          "20 cycles");
}

}  // namespace mmusim::tb::machine_summary_test
