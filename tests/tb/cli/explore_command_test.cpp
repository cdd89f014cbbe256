// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tests::explore_command_test {

namespace {

using Files = std::vector<std::string>;
using nlohmann::json;

constexpr const char* real_trace = MMUSIM_TRACES "/sqlite-group-by.mmutrace.xz";

json explored(const Workplace& workplace, const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"explore", "--json", "-"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Outcome outcome = workplace.mmusim(all);
    REQUIRE(outcome.status == 0);
    return json::parse(outcome.output);
}

/// A TLB of each kind in the machine that is compared.
struct Shape {
    std::uint64_t sets;
    std::uint64_t ways;
};

// The TLBs of the plain machine, with nothing behind them.
json simulated(const Workplace& workplace, const std::string& trace, const Shape& shape,
               const std::string& limit) {
    std::vector<std::string> arguments{"run", "--preset", "plain",   "--json",
                                       "-",   trace,      "--limit", limit};
    for (const std::string& setting :
         {std::string("paging.mode=sv48"), fmt::format("tlbs.l1i.sets={}", shape.sets),
          fmt::format("tlbs.l1i.ways={}", shape.ways), fmt::format("tlbs.l1d.sets={}", shape.sets),
          fmt::format("tlbs.l1d.ways={}", shape.ways)}) {
        arguments.insert(arguments.end(), {"--set", setting});
    }
    const Outcome outcome = workplace.mmusim(arguments);
    INFO(outcome.errors);
    REQUIRE(outcome.status == 0);
    return json::parse(outcome.output).at("tlbs");
}

std::uint64_t misses_without_retries(const json& tlb) {
    return tlb.at("misses").get<std::uint64_t>() - tlb.at("retry_misses").get<std::uint64_t>();
}

std::uint64_t explored_misses(const json& stream, const Shape& shape) {
    return stream.at("misses")
        .at(static_cast<std::size_t>(std::countr_zero(shape.sets)))
        .at(shape.ways - 1)
        .get<std::uint64_t>();
}

}  // namespace

TEST_CASE("one pass counts the misses of the cycle-level machine, shape by shape") {
    const std::string trace =
        GENERATE(as<std::string>(), real_trace, "generate:zipf,footprint=8MiB,accesses=200000",
                 "generate:gups,footprint=2MiB,accesses=200000");
    const std::string limit = "400000";
    INFO(trace);
    const Workplace workplace;
    const json streams = explored(workplace, {trace, "--limit", limit}).at("streams");
    for (const Shape& shape : {Shape{1, 1}, Shape{1, 3}, Shape{1, 16}, Shape{2, 2}, Shape{4, 7},
                               Shape{8, 4}, Shape{16, 1}, Shape{16, 4}, Shape{64, 12},
                               Shape{256, 2}, Shape{1024, 16}, Shape{4096, 5}}) {
        INFO(shape.sets << " sets, " << shape.ways << " ways");
        const json tlbs = simulated(workplace, trace, shape, limit);
        CHECK(explored_misses(streams.at("data"), shape) == misses_without_retries(tlbs.at("l1d")));
        CHECK(explored_misses(streams.at("fetch"), shape) ==
              misses_without_retries(tlbs.at("l1i")));
    }
}

TEST_CASE("a fully associative array misses what the one of one set misses, and goes on growing") {
    const Workplace workplace;
    const json data = explored(workplace, {std::string(real_trace)}).at("streams").at("data");
    const json& sizes = data.at("fully_associative");
    for (std::size_t index = 0; index < 5; ++index) {
        const std::uint64_t entries = std::uint64_t{1} << index;
        CHECK(sizes.at(index) == json{entries, explored_misses(data, {1, entries})});
    }
    const std::uint64_t pages = data.at("pages").get<std::uint64_t>();
    CHECK(sizes.back().at(0) == std::bit_floor(pages));

    std::uint64_t reused = 0;
    for (const json& bucket : data.at("reuse_distance")) {
        reused += bucket.at(2).get<std::uint64_t>();
    }
    CHECK(reused + pages == data.at("translations"));
}

TEST_CASE("equal explorations give equal bytes") {
    const Workplace workplace;
    const std::vector<std::string> command{
        "explore", "--json", "-", "--turn", "5000", real_trace, "generate:chase,accesses=100000"};
    CHECK(workplace.mmusim(command).output == workplace.mmusim(command).output);
}

TEST_CASE("an exploration says in words which TLB a program needs") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim({"explore", "generate:sequential,accesses=100000"});
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    CHECK_THAT(outcome.output, Catch::StartsWith("data: 100,000 translations, "));
    CHECK_THAT(outcome.output, Catch::Contains("misses per 1,000"));
    CHECK_THAT(outcome.output, Catch::Contains("fully associative entries"));
    CHECK_THAT(outcome.output, Catch::Contains("smallest that misses"));
    CHECK_THAT(outcome.output, !Catch::Contains("fetch:"));
}

TEST_CASE("what cannot be explored is said in one message, and no file is left") {
    const Workplace workplace;
    CHECK(
        complains(workplace.mmusim({"explore"}), "explore: no trace, expected at least one TRACE"));
    CHECK(complains(workplace.mmusim({"explore", "generate:zipf", "--turn", "0"}),
                    "--turn 0: expected at least 1 access"));
    for (const std::string name : {"absent.lackey", "absent/misses.json"}) {
        INFO(name);
        const Outcome outcome =
            name == "absent.lackey"
                ? workplace.mmusim({"explore", name})
                : workplace.mmusim({"explore", "generate:zipf", "--json", name});
        CHECK(outcome.status == 2);
        CHECK(outcome.output.empty());
        CHECK_THAT(outcome.errors, Catch::StartsWith("mmusim: " + name));
    }
    CHECK(workplace.files().empty());
}

}  // namespace mmusim::tests::explore_command_test
