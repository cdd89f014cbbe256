// SPDX-License-Identifier: Apache-2.0
#include "tb/config/configuration_writer.hpp"
#include "tb/config/resolve.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace mmusim::tb::layers_test {

namespace {

[[nodiscard]] Configuration plain_with(const std::vector<std::string>& settings) {
    return resolve({.preset = "plain", .files = {}, .settings = settings});
}

}  // namespace

TEST_CASE("without any layer given, the preset is default") {
    CHECK(to_text(resolve({})) == to_text(resolve({.preset = "default"})));
    CHECK(to_text(resolve({})) != to_text(resolve({.preset = "plain"})));
}

TEST_CASE("a later layer replaces what it names and leaves the rest") {
    const tests::ScratchDirectory directory;
    const auto first = directory.file("first.json", R"({
        // every comment is skipped
        "tlbs": {"l1d": {"sets": 8, "ways": 2}}, "seed": 3})");
    const auto second = directory.file("second.json", R"({"tlbs": {"l1d": {"sets": 32}}})");

    const Configuration configuration =
        resolve({.preset = "plain", .files = {first, second}, .settings = {"seed=4", "seed=5"}});

    CHECK(configuration.tlbs.at("l1d").sets == 32);
    CHECK(configuration.tlbs.at("l1d").ways == 2);
    CHECK(configuration.tlbs.at("l1i").sets == 16);
    CHECK(configuration.seed == 5);
}

TEST_CASE("a file may say where an editor finds the schema") {
    const tests::ScratchDirectory directory;
    const auto file = directory.file(
        "file.json", R"({"$schema": "mmusim.schema.json", "tlbs": {"l1d": {"sets": 8}}})");
    CHECK(resolve({.preset = "plain", .files = {file}}).tlbs.at("l1d").sets == 8);
    const auto wrong = directory.file("wrong.json", R"({"$schema": 1})");
    CHECK_THROWS_WITH(resolve({.preset = "plain", .files = {wrong}}),
                      wrong + ": $schema = 1: must be a text");
}

TEST_CASE("a setting takes JSON, or else text") {
    CHECK(plain_with({"paging.mode=sv48"}).paging.mode == hw::PagingMode::sv48);
    CHECK(plain_with({R"(paging.mode="sv48")"}).paging.mode == hw::PagingMode::sv48);
    CHECK(plain_with({"os.zero_page=true"}).os.zero_page);
    CHECK(plain_with({"tlbs.l1d.sets=8"}).tlbs.at("l1d").sets == 8);
    CHECK(plain_with({"tlbs.l1d.hit_latency_cycles=0"}).tlbs.at("l1d").hit_latency_cycles ==
          Cycles{0});
}

TEST_CASE("whole numbers may be written with a point or an exponent") {
    CHECK(plain_with({"seed=1e6"}).seed == 1'000'000);
    CHECK(plain_with({"seed=8.0"}).seed == 8);
    CHECK(plain_with({"seed=18446744073709551615"}).seed ==
          std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("a size is a number of bytes or has a unit") {
    for (const std::string text : {"2097152", "2048KiB", "2048K", "2M", "2MiB", "\"2MiB\""}) {
        CHECK(plain_with({"memory.size_bytes=" + text}).memory.size_bytes == 2U << 20U);
    }
    CHECK(plain_with({"memory.base_address=0x80000000"}).memory.base_address == 0x8000'0000);
}

TEST_CASE("page sizes are a list, or one alone") {
    const std::vector<PageSize> small_and_large{PageSize{12}, PageSize{21}};
    CHECK(plain_with({R"(tlbs.l2.page_sizes=["4KiB", "2M"])"}).tlbs.at("l2").page_sizes ==
          small_and_large);
    CHECK(plain_with({"tlbs.l2.page_sizes=[4096, 2097152]"}).tlbs.at("l2").page_sizes ==
          small_and_large);
    CHECK(plain_with({"tlbs.l2.page_sizes=64KiB"}).tlbs.at("l2").page_sizes ==
          std::vector<PageSize>{PageSize{16}});
    CHECK(plain_with({"tlbs.l2.page_sizes=[]"}).tlbs.at("l2").page_sizes.empty());
}

TEST_CASE("a TLB can be added, with defaults for what is not said") {
    const Configuration configuration =
        plain_with({R"(tlbs.l3={"sets": 256, "hit_latency_cycles": 20})", "tlbs.l2.next=l3"});

    CHECK(configuration.tlbs.at("l3").sets == 256);
    CHECK(configuration.tlbs.at("l3").ways == hw::TlbParameters{}.ways);
    CHECK(configuration.tlbs.at("l2").next == "l3");
}

TEST_CASE("null removes a TLB, and one that is not there stays away") {
    const Configuration configuration = plain_with(
        {"tlbs.l2=null", "tlbs.l1i.next=walker", "tlbs.l1d.next=walker", "tlbs.l9=null"});
    CHECK(configuration.tlbs.size() == 2);
    CHECK(plain_with({"caches.l1.sets=2", "caches.l1=null", "caches.l9=null"}).caches.empty());
}

TEST_CASE("a TLB that no chain reaches is allowed") {
    CHECK(plain_with({"tlbs.alone.sets=4"}).tlbs.contains("alone"));
}

TEST_CASE("a resolved configuration comes back byte for byte, whatever lies below it") {
    const tests::ScratchDirectory directory;
    const std::string text =
        to_text(plain_with({R"(tlbs.l2.page_sizes=["2MiB","4KiB"])", "tlbs.l3.ways=2",
                            "tlbs.l2.next=l3", "seed=7", "memory.size_bytes=1GiB"}));
    const auto dumped = directory.file("dumped.json", text);
    const auto below = directory.file("below.json", R"({"tlbs": {"extra": {}}, "seed": 9})");

    CHECK(to_text(resolve({.preset = "default", .files = {below, dumped}})) == text);
    CHECK(to_text(resolve({.preset = "plain", .files = {dumped}})) == text);
}

TEST_CASE("settings and later files count above a complete configuration") {
    const tests::ScratchDirectory directory;
    const auto dumped = directory.file("dumped.json", to_text(resolve({.preset = "plain"})));
    const auto above = directory.file("above.json", R"({"complete": false, "seed": 9})");

    const Configuration configuration =
        resolve({.files = {dumped, above}, .settings = {"tlbs.l1d.sets=8"}});

    CHECK(configuration.seed == 9);
    CHECK(configuration.tlbs.at("l1d").sets == 8);
    CHECK(configuration.clock.period_ps == 1000);
}

TEST_CASE("the results of a run are a configuration") {
    const tests::ScratchDirectory directory;
    const std::string config = to_text(plain_with({"seed=11"}));
    const auto result = directory.file(
        "result.json",
        fmt::format(R"({{"schema": "mmusim-result", "config": {}, "totals": {{"cycles": 1}}}})",
                    config));

    CHECK(to_text(resolve({.files = {result}})) == config);
}

}  // namespace mmusim::tb::layers_test
