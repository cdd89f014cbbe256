// SPDX-License-Identifier: Apache-2.0
// The reference strings of the textbooks, through page tables, TLBs, swap and the fault handler.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tests::page_replacement_test {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 5> policies{"fifo", "lru", "clock", "second_chance", "opt"};

// The faults of each policy with so many frames. FIFO's, LRU's and the optimum of the first three
// are published (Belady; Silberschatz, Galvin and Gagne), the others follow from the policies'
// definitions.
struct Row {
    std::vector<std::uint64_t> pages;
    std::uint64_t frames;
    std::array<std::uint64_t, policies.size()> faults;
};

const std::vector<std::uint64_t> belady{1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};
const std::vector<std::uint64_t> countdown{3, 2, 1, 0, 3, 2, 4, 3, 2, 1, 0, 4};
const std::vector<std::uint64_t> silberschatz{7, 0, 1, 2, 0, 3, 0, 4, 2, 3,
                                              0, 3, 2, 1, 2, 0, 1, 7, 0, 1};
const std::vector<std::uint64_t> mixed{1, 2, 3, 4, 2, 1, 5, 6, 2, 1, 2, 3, 7, 6, 3, 2, 1, 2, 3, 6};
const std::vector<std::uint64_t> wide{7, 2, 3, 1, 2, 5, 3, 4, 6, 7, 7, 1, 0, 5, 4, 6, 2, 3, 0, 1};
const std::vector<std::uint64_t> stallings{2, 3, 2, 1, 5, 2, 4, 5, 3, 2, 5, 2};
const std::vector<std::uint64_t> hot_page{0, 4, 1, 4, 2, 4, 3, 4, 2, 4, 0, 4, 1, 4, 2, 4, 3, 4};
const std::vector<std::uint64_t> far{2, 5, 10, 1, 2, 2, 6, 9, 1, 2, 10, 2, 6, 1, 2, 1, 6, 9, 5, 1};
const std::vector<std::uint64_t> loop{0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4};

const std::vector<Row> rows{
    {belady, 3, {9, 10, 9, 10, 7}},         {belady, 4, {10, 8, 10, 8, 6}},
    {countdown, 3, {9, 10, 9, 10, 7}},      {countdown, 4, {10, 8, 10, 8, 6}},
    {silberschatz, 3, {15, 12, 14, 11, 9}}, {silberschatz, 4, {10, 8, 9, 8, 8}},
    {mixed, 3, {16, 15, 16, 16, 11}},       {mixed, 4, {14, 10, 14, 10, 8}},
    {wide, 3, {17, 18, 18, 18, 13}},        {wide, 4, {17, 17, 17, 17, 11}},
    {stallings, 3, {9, 7, 8, 6, 6}},        {stallings, 4, {6, 6, 6, 6, 5}},
    {hot_page, 3, {11, 9, 9, 9, 8}},        {far, 3, {16, 15, 16, 13, 10}},
    {far, 4, {12, 10, 11, 11, 8}},          {loop, 3, {20, 20, 20, 20, 12}},
    {loop, 4, {20, 20, 20, 20, 8}},
};

std::uint64_t faults(const Workplace& place, const Row& row, std::string_view policy,
                     std::string_view access) {
    std::string script = fmt::format(
        "set os.user_frames={}\nset os.page_replacement={}\nset os.swap.size_bytes=1MiB\n"
        "process P\nP map pages 64KiB anon private rw\n",
        row.frames, policy);
    for (const std::uint64_t page : row.pages) {
        script += fmt::format("P {} pages +{}KiB\n", access, page * 4);
    }
    const Outcome outcome =
        place.mmusim({"run", "--preset", "plain", "--workload",
                      place.file(fmt::format("{}.workload", policy), script), "--json", "-"});
    REQUIRE(outcome.status == 0);
    const json result = json::parse(outcome.output)["faults"];
    return result["minor"].get<std::uint64_t>() + result["major"].get<std::uint64_t>();
}

}  // namespace

TEST_CASE("the strings of the textbooks have the textbooks' faults") {
    const Row row = GENERATE(from_range(rows));
    const std::string_view access = GENERATE(as<std::string_view>{}, "read", "write");
    const Workplace place;

    for (std::size_t policy = 0; policy < policies.size(); ++policy) {
        INFO(policies.at(policy) << " with " << row.frames << " frames");
        CHECK(faults(place, row, policies.at(policy), access) == row.faults.at(policy));
    }
}

}  // namespace mmusim::tests::page_replacement_test
