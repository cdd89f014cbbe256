// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstdint>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace mmusim::tests::explore_command_test {

namespace {

using Files = std::vector<std::string>;
using nlohmann::json;

constexpr const char* real_trace = MMUSIM_TRACES "/sqlite-group-by.mmutrace.xz";

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

json explored(const Workplace& workplace, const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"explore", "--json", "-"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Outcome outcome = workplace.mmusim(all);
    REQUIRE(outcome.status == 0);
    return json::parse(outcome.output);
}

// Processor time of all processes that this one has waited for.
double children_seconds() {
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    const auto seconds = [](const timeval& time) {
        constexpr double microsecond = 1e-6;
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * microsecond;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// A TLB of each kind in the machine that is compared.
struct Shape {
    std::uint64_t sets;
    std::uint64_t ways;
};

// The TLBs of the plain machine, with nothing behind them.
json simulated(const Workplace& workplace, const std::string& trace, const Shape& shape,
               const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"run", "--preset", "plain", "--json", "-", trace};
    for (const std::string& setting :
         {std::string("paging.mode=sv48"), std::string("stats.miss_kinds=true"),
          fmt::format("tlbs.l1i.sets={}", shape.sets), fmt::format("tlbs.l1i.ways={}", shape.ways),
          fmt::format("tlbs.l1d.sets={}", shape.sets),
          fmt::format("tlbs.l1d.ways={}", shape.ways)}) {
        arguments.insert(arguments.end(), {"--set", setting});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
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

json geometry_of(const json& stream, const Shape& shape) {
    for (const json& geometry : stream.at("geometries")) {
        if (geometry.at("sets") == shape.sets && geometry.at("ways") == shape.ways) {
            return geometry;
        }
    }
    return nullptr;
}

json kinds_of(const json& misses) {
    return {{"compulsory", misses.at("compulsory")},
            {"capacity", misses.at("capacity")},
            {"conflict", misses.at("conflict")}};
}

// Both counted the same misses, for the same causes.
void check_same(const json& tlb, const json& stream, const Shape& shape) {
    const json geometry = geometry_of(stream, shape);
    CHECK(explored_misses(stream, shape) == misses_without_retries(tlb));
    CHECK(geometry.at("misses") == misses_without_retries(tlb));
    CHECK(tlb.at("miss_kinds") == kinds_of(geometry));
}

}  // namespace

TEST_CASE(
    "one pass counts the misses of the cycle-level machine and their causes, shape by shape") {
    const std::string trace = GENERATE(
        as<std::string>(), real_trace, MMUSIM_TRACES "/sort-lines.mmutrace.xz",
        MMUSIM_TRACES "/perl-word-count.mmutrace.xz", MMUSIM_TRACES "/gzip-text.mmutrace.xz",
        "generate:zipf,footprint=8MiB,accesses=100000",
        "generate:gups,footprint=2MiB,accesses=100000");
    const std::vector<std::string> limit{"--limit", "300000"};
    INFO(trace);
    const Workplace workplace;
    const json streams = explored(workplace, {trace, limit[0], limit[1]}).at("streams");
    for (const Shape& shape : {Shape{1, 1}, Shape{1, 3}, Shape{1, 16}, Shape{2, 2}, Shape{4, 7},
                               Shape{8, 4}, Shape{16, 1}, Shape{16, 4}, Shape{64, 12},
                               Shape{256, 2}, Shape{1024, 16}, Shape{4096, 5}}) {
        INFO(shape.sets << " sets, " << shape.ways << " ways");
        const json tlbs = simulated(workplace, trace, shape, limit);
        check_same(tlbs.at("l1d"), streams.at("data"), shape);
        check_same(tlbs.at("l1i"), streams.at("fetch"), shape);
    }
}

TEST_CASE("a point of any shape is the TLB of the cycle-level machine") {
    const Workplace workplace;
    const std::vector<std::string> limit{"--limit", "200000"};
    const json points = explored(workplace, {real_trace, "--point", "3x5,7x1", "--point", "1x40",
                                             limit[0], limit[1]})
                            .at("streams")
                            .at("data")
                            .at("points");
    REQUIRE(points.size() == 3);
    for (const json& point : points) {
        const Shape shape{point.at("sets").get<std::uint64_t>(),
                          point.at("ways").get<std::uint64_t>()};
        INFO(shape.sets << " sets, " << shape.ways << " ways");
        const json tlb = simulated(workplace, real_trace, shape, limit).at("l1d");
        CHECK(point.at("misses") == misses_without_retries(tlb));
        CHECK(kinds_of(point) == tlb.at("miss_kinds"));
        REQUIRE(point.at("processes").size() == 1);
        CHECK(kinds_of(point.at("processes").at(0)) == tlb.at("miss_kinds"));
    }
}

TEST_CASE("large pages miss what a machine misses that has only large pages") {
    const std::string trace =
        GENERATE(as<std::string>(), MMUSIM_TRACES "/perl-word-count.mmutrace.xz",
                 "generate:gups,footprint=256MiB,accesses=50000");
    INFO(trace);
    const Workplace workplace;
    const std::vector<std::string> limit{"--limit", "100000"};
    const json document = explored(workplace, {trace, "--page-size", "2MiB", limit[0], limit[1]});
    const json& streams = document.at("by_page_size").at("2MiB");
    for (const Shape& shape : {Shape{1, 1}, Shape{1, 4}, Shape{2, 2}, Shape{16, 2}}) {
        INFO(shape.sets << " sets, " << shape.ways << " ways");
        const json tlbs =
            simulated(workplace, trace, shape, {limit[0], limit[1], "--set", "os.thp=always"});
        CHECK(tlbs.at("l1d").at("by_page_size").at("4KiB").at("fills") == 0);
        check_same(tlbs.at("l1d"), streams.at("data"), shape);
        check_same(tlbs.at("l1i"), streams.at("fetch"), shape);
    }
}

TEST_CASE("processes share the misses of a point among them") {
    const Workplace workplace;
    const std::vector<std::string> traces{"generate:zipf,footprint=2MiB,accesses=50000",
                                          "generate:sequential,accesses=30000"};
    const json data =
        explored(workplace, {traces[0], traces[1], "--turn", "1000", "--point", "16x4"})
            .at("streams")
            .at("data");
    const json& point = data.at("points").at(0);
    REQUIRE(point.at("processes").size() == 2);
    for (const std::string figure : {"misses", "compulsory", "capacity", "conflict"}) {
        INFO(figure);
        CHECK(point.at("processes").at(0).at(figure).get<std::uint64_t>() +
                  point.at("processes").at(1).at(figure).get<std::uint64_t>() ==
              point.at(figure).get<std::uint64_t>());
        CHECK(point.at(figure) == geometry_of(data, {16, 4}).at(figure));
    }
    CHECK(point.at("processes").at(0).at("trace") == traces[0]);
    CHECK(point.at("processes").at(0).at("lookups") == 50'000);
    CHECK(point.at("processes").at(1).at("lookups") == 30'000);
}

TEST_CASE("pages of 4 KiB are in the streams whatever sizes are asked for") {
    const Workplace workplace;
    const std::string trace = "generate:zipf,footprint=8MiB,accesses=20000";
    const json small = explored(workplace, {trace});
    const json asked = explored(workplace, {trace, "--page-size", "2MiB,64KiB"});
    CHECK_FALSE(small.contains("by_page_size"));
    CHECK(asked.at("streams") == small.at("streams"));
    CHECK(asked.at("by_page_size").size() == 2);
    const json all = explored(workplace, {trace, "--page-size", "all"}).at("by_page_size");
    CHECK(all.size() == 4);
    CHECK(all.at("4KiB") == small.at("streams"));
    CHECK(all.at("2MiB") == asked.at("by_page_size").at("2MiB"));
    CHECK(all.at("1GiB").at("data").at("pages") == 1);
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

// Of processor time, the only one that does not depend on what else runs, and as a ratio.
TEST_CASE("all shapes at once take less than a fifteenth of all shapes one by one", "[speed]") {
    const Workplace workplace;
    const std::string trace = MMUSIM_TRACES "/sort-lines.mmutrace.xz";
    const double before = children_seconds();
    static_cast<void>(explored(workplace, {trace}));
    const double explored_at = children_seconds();
    static_cast<void>(simulated(workplace, trace, {64, 4}, {}));
    const double simulated_at = children_seconds();

    constexpr double shapes = 13 * 16;
    const double ratio = shapes * (simulated_at - explored_at) / (explored_at - before);
    INFO(fmt::format("{:.0f} times", ratio));
    CHECK(ratio >= 15);
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
    CHECK_THAT(outcome.output, Catch::Contains("sets x ways worth their bits"));
    CHECK_THAT(outcome.output, !Catch::Contains("fetch:"));
}

TEST_CASE("what is asked for is in the words") {
    const Workplace workplace;
    const Outcome outcome =
        workplace.mmusim({"explore", "generate:zipf,accesses=20000", "generate:gups,accesses=20000",
                          "--point", "8x2", "--miss-rate", "25%", "--miss-rate", "0.125", "--cost",
                          "energy", "--page-size", "64KiB"});
    CHECK(outcome.status == 0);
    for (const std::string line :
         {"data, all pages 64KiB: 40,000 translations, ", "at most 250 per 1,000",
          "at most 0.125 per 1,000", "least energy", "sets x ways worth their energy",
          "misses of the points", "\n  8 x 2 ", "zipf,accesses=20000", "cost of the points"}) {
        INFO(line);
        CHECK_THAT(outcome.output, Catch::Contains(line));
    }
    for (const std::string& line : lines_of(outcome.output)) {
        CHECK(line.size() <= 100);
    }
}

TEST_CASE("what cannot be explored is said in one message, and no file is left") {
    const Workplace workplace;
    CHECK(
        complains(workplace.mmusim({"explore"}), "explore: no trace, expected at least one TRACE"));
    CHECK(complains(workplace.mmusim({"explore", "generate:zipf", "--turn", "0"}),
                    "--turn 0: expected at least 1 access"));
    for (const auto& [option, value, expected] : std::vector<std::array<std::string, 3>>{
             {"--page-size", "3KiB", "expected a power of two from 4KiB to 1TiB, or all"},
             {"--point", "64", "expected SETSxWAYS, as 64x4, with at most 1048576 entries in all"},
             {"--point", "0x4", "expected SETSxWAYS, as 64x4, with at most 1048576 entries in all"},
             {"--miss-rate", "101%",
              "expected a share as 0.5%, or a number of misses per 1,000 lookups as 5, to a "
              "millionth of the lookups"},
             {"--cost", "money", "expected one of bits, comparators, energy, time"},
             {"--paging-mode", "sv64", "expected one of sv32, sv39, sv48, sv57"},
             {"--asid-bits", "17", "expected at most 16"}}) {
        const std::string message = fmt::format("{} {}: {}", option, value, expected);
        INFO(message);
        CHECK(complains(workplace.mmusim({"explore", "generate:zipf", option, value}), message));
    }
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
