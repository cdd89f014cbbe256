// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/generators.hpp"

#include "tests/support/input_error.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace mmusim::tb::generators_test {

using tests::all_of;
using tests::input_error_of;
using tests::read_of;
using tests::write_of;

namespace {

constexpr std::uint64_t base = 0x10000000;

[[nodiscard]] std::vector<Access> generate(const std::string& text, std::uint64_t seed = 1,
                                           UserHalf user_half = {}) {
    const auto source = open_generator("generate:" + text, seed, user_half);
    return all_of(*source);
}

/// The error without the repeated argument.
[[nodiscard]] std::string error_of(const std::string& text, UserHalf user_half = {}) {
    const std::string error =
        input_error_of([&] { static_cast<void>(generate(text, 1, user_half)); });
    const std::string argument = "generate:" + text + ": ";
    return error.starts_with(argument) ? error.substr(argument.size()) : error;
}

[[nodiscard]] std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const GeneratorDescription& generator : generators()) {
        all.emplace_back(generator.name);
    }
    return all;
}

}  // namespace

TEST_CASE("an argument that begins with generate: is no file", "[generators]") {
    CHECK(names_generator("generate:random"));
    CHECK(names_generator("generate:"));
    CHECK_FALSE(names_generator("generate"));
    CHECK_FALSE(names_generator("./generate:random"));
}

TEST_CASE("there are six generators, and each says what it does", "[generators]") {
    CHECK(names() ==
          std::vector<std::string>{"sequential", "stride", "random", "chase", "gups", "zipf"});
    for (const GeneratorDescription& generator : generators()) {
        CHECK_FALSE(generator.description.empty());
    }
}

TEST_CASE("a generator makes a million accesses unless told otherwise", "[generators]") {
    CHECK(generate("sequential").size() == 1'000'000);
}

TEST_CASE("a generator makes exactly so many accesses", "[generators]") {
    const std::string name = GENERATE(from_range(names()));
    const auto count = GENERATE(1, 2, 4095, 4096, 4097, 10'000);
    CHECK(generate(fmt::format("{},accesses={},footprint=1M", name, count)).size() ==
          static_cast<std::size_t>(count));
}

TEST_CASE("every access is a word inside the footprint", "[generators]") {
    const std::string name = GENERATE(from_range(names()));
    for (const Access& access : generate(name + ",accesses=20000,footprint=16KiB,at=0x40000000")) {
        REQUIRE(access.size_bytes == 8);
        REQUIRE(access.address.value % 8 == 0);
        REQUIRE(access.address.value >= 0x40000000);
        REQUIRE(access.address.value + 8 <= 0x40004000);
    }
}

TEST_CASE("equal seeds give equal accesses, and seed= goes before the run's seed", "[generators]") {
    const std::string name = GENERATE("random", "chase", "gups", "zipf");
    const std::string text = name + ",accesses=1000,footprint=1M";
    CHECK((generate(text, 1) == generate(text, 1)));
    CHECK((generate(text, 1) != generate(text, 2)));
    CHECK((generate(text + ",seed=2", 1) == generate(text, 2)));
}

TEST_CASE("the sequential generator goes from word to word and begins again", "[generators]") {
    const std::vector<Access> accesses = generate("sequential,accesses=1025,footprint=8K");
    for (std::size_t i = 0; i < 1024; ++i) {
        REQUIRE(accesses[i] == read_of(base + i * 8, 8));
    }
    CHECK(accesses[1024] == read_of(base, 8));
}

TEST_CASE("the stride generator keeps its distance and stays inside", "[generators]") {
    CHECK(generate("stride,accesses=5,footprint=16K,stride=4K") ==
          std::vector{read_of(base, 8), read_of(base + 0x1000, 8), read_of(base + 0x2000, 8),
                      read_of(base + 0x3000, 8), read_of(base, 8)});
    CHECK(generate("stride,accesses=4,footprint=8K,stride=4092") ==
          std::vector{read_of(base, 8), read_of(base + 4092, 8), read_of(base + 8184, 8),
                      read_of(base, 8)});
    CHECK(generate("stride,accesses=2,footprint=4K,stride=1G") ==
          std::vector{read_of(base, 8), read_of(base, 8)});
}

TEST_CASE("the chase visits every node once before it begins again", "[generators]") {
    const std::vector<Access> accesses = generate("chase,accesses=1024,footprint=32K,node=64");
    std::set<std::uint64_t> first_round;
    for (std::size_t i = 0; i < 512; ++i) {
        first_round.insert(accesses[i].address.value);
        CHECK(accesses[i].address.value % 64 == 0);
        CHECK(accesses[i] == accesses[i + 512]);
    }
    CHECK(first_round.size() == 512);
}

TEST_CASE("a chain of one node is chased in place", "[generators]") {
    CHECK(generate("chase,accesses=2,footprint=4K,node=4K") ==
          std::vector{read_of(base, 8), read_of(base, 8)});
}

TEST_CASE("gups reads a word and writes it", "[generators]") {
    const std::vector<Access> accesses = generate("gups,accesses=1001,footprint=1M");
    for (std::size_t i = 0; i + 1 < accesses.size(); i += 2) {
        REQUIRE(accesses[i].type == AccessType::read);
        REQUIRE(accesses[i + 1] == write_of(accesses[i].address.value, 8));
    }
    CHECK(accesses.back().type == AccessType::read);
}

TEST_CASE("random touches all words about equally often", "[generators]") {
    std::map<std::uint64_t, int> counts;
    for (const Access& access : generate("random,accesses=512000,footprint=4K")) {
        ++counts[access.address.value];
    }
    CHECK(counts.size() == 512);
    for (const auto& entry : counts) {
        CHECK(entry.second > 800);
        CHECK(entry.second < 1200);
    }
}

TEST_CASE("zipf touches the k-th most popular page 1/k times as often as the first",
          "[generators]") {
    std::map<std::uint64_t, int> counts;
    for (const Access& access : generate("zipf,accesses=400000,footprint=64K")) {
        ++counts[page_number_of(access.address).value];
    }
    std::vector<int> by_rank;
    by_rank.reserve(counts.size());
    for (const auto& entry : counts) {
        by_rank.push_back(entry.second);
    }
    std::sort(by_rank.rbegin(), by_rank.rend());
    REQUIRE(by_rank.size() == 16);
    for (std::size_t rank = 1; rank <= 16; ++rank) {
        const double expected = static_cast<double>(by_rank[0]) / static_cast<double>(rank);
        CHECK(by_rank[rank - 1] == Approx(expected).epsilon(0.05));
    }
}

TEST_CASE("write_percent of the accesses are writes", "[generators]") {
    const std::string name = GENERATE("sequential", "stride", "random", "zipf");
    const std::int64_t percent = GENERATE(0, 30, 100);
    const std::vector<Access> accesses =
        generate(fmt::format("{},accesses=100000,write_percent={}", name, percent));
    const auto writes = std::count_if(accesses.begin(), accesses.end(), [](const Access& access) {
        return access.type == AccessType::write;
    });
    const auto expected = percent * 1000;
    const std::int64_t tolerance = percent % 100 == 0 ? 0 : 1000;
    CHECK(writes >= expected - tolerance);
    CHECK(writes <= expected + tolerance);
}

TEST_CASE("the first accesses of the random generators are fixed", "[generators]") {
    // SplitMix64 with seed 1: 0x910a2dec89025cc1, 0xbeeb8da1658eec67, 0xf893a2eefb32555e …
    const std::vector<Access> accesses = generate("random,accesses=3,footprint=4K", 1);
    CHECK(accesses == std::vector{read_of(base + 0x122UL * 8, 8), read_of(base + 0x17dUL * 8, 8),
                                  read_of(base + 0x1f1UL * 8, 8)});
}

TEST_CASE("what a generator cannot do is an error that says what it can", "[generators]") {
    struct Row {
        std::string text;
        std::string error;
    };
    const auto row = GENERATE(
        Row{"",
            "unknown generator \"\", expected one of sequential, stride, random, chase, gups, "
            "zipf"},
        Row{"randon",
            "unknown generator \"randon\", expected one of sequential, stride, random, "
            "chase, gups, zipf; did you mean random?"},
        Row{"random,acesses=1",
            "unknown key of random \"acesses\", expected one of accesses, "
            "footprint, at, seed, write_percent; did you mean accesses?"},
        Row{"gups,stride=8",
            "unknown key of gups \"stride\", expected one of accesses, footprint, at, seed"},
        Row{"gups,,", "unknown key of gups \"\", expected one of accesses, footprint, at, seed"},
        Row{"gups,accesses", "found \"accesses\", expected accesses=VALUE"},
        Row{"gups,accesses=0",
            "accesses is \"0\", expected a number from 1 to 18446744073709551615"},
        Row{"gups,accesses=many",
            "accesses is \"many\", expected a number from 1 to 18446744073709551615"},
        Row{"gups,footprint=1", "footprint is \"1\", expected a number from 4096 to 68719476736"},
        Row{"gups,footprint=1T", "footprint is \"1T\", expected a number from 4096 to 68719476736"},
        Row{"zipf,write_percent=101", "write_percent is \"101\", expected a number from 0 to 100"},
        Row{"stride,stride=0", "stride is \"0\", expected a number from 1 to 68719476736"},
        Row{"gups,at=0x1001", "at is 0x1001, expected a multiple of 4096"},
        Row{"gups,at=0xfffffffffffff000",
            "at is 0xfffffffffffff000 with a footprint of 67108864 "
            "bytes, expected a sum below 2^64"},
        Row{"chase,node=8K,footprint=4K",
            "a footprint of 4096 bytes has 0 nodes of 8192 bytes, expected 1 to 67108864"},
        Row{"chase,footprint=64G",
            "a footprint of 68719476736 bytes has 1073741824 nodes of 64 "
            "bytes, expected 1 to 67108864"});
    CHECK(error_of(row.text) == row.error);
}

TEST_CASE("a generator outside the user half is an error that names the mode", "[generators]") {
    const UserHalf sv39(hw::PagingMode::sv39);
    CHECK(error_of("gups,accesses=1,at=0x3ffffff000,footprint=4K", sv39) == "no error");
    CHECK(error_of("gups,accesses=1,at=0x3ffffff000,footprint=8K", sv39) ==
          "address 0x4000000ff8 (8 bytes) lies outside the user half of sv39, which ends at "
          "0x4000000000; expected paging.mode sv48, which would hold it");
}

}  // namespace mmusim::tb::generators_test
