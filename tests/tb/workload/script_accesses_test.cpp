// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_accesses.hpp"

#include "hw/base/types.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb::script_accesses_test {

using namespace literals;
using tests::all_of;
using tests::fetch_of;
using tests::read_of;
using tests::write_of;

namespace {

constexpr VirtualAddress region{0x40000000};
constexpr std::uint64_t region_bytes = 12_KiB;

/// Offsets in a region of three pages.
[[nodiscard]] std::vector<std::uint64_t> offsets_of(const RegionAccesses& accesses) {
    ScriptAccesses source(sequence_of(AccessType::read, accesses, region, region_bytes));
    std::vector<std::uint64_t> offsets;
    for (const Access& access : all_of(source)) {
        offsets.push_back(access.address.value - region.value);
    }
    return offsets;
}

[[nodiscard]] std::uint64_t count_with_step(std::uint64_t step_bytes, std::uint64_t offset = 0) {
    const RegionAccesses accesses{.region = "R", .offset = offset, .step_bytes = step_bytes};
    return sequence_of(AccessType::read, accesses, region, region_bytes).count;
}

struct Row {
    std::string line;
    RegionAccesses accesses;
    std::vector<std::uint64_t> offsets;
};

}  // namespace

TEST_CASE("what a line of accesses means by its region", "[script_accesses]") {
    const std::vector<Row> table{
        {"R", {.region = "R"}, {0, 4096, 8192}},
        {"R repeat 2", {.region = "R", .repeat = 2}, {0, 4096, 8192, 0, 4096, 8192}},
        {"R +0", {.region = "R", .offset = 0}, {0}},
        {"R +5000", {.region = "R", .offset = 5000}, {5000}},
        {"R +5000 repeat 3", {.region = "R", .offset = 5000, .repeat = 3}, {5000, 5000, 5000}},
        {"R count 2", {.region = "R", .count = 2}, {0, 4096}},
        {"R count 2 step 8", {.region = "R", .count = 2, .step_bytes = 8}, {0, 8}},
        {"R +8 count 2", {.region = "R", .offset = 8, .count = 2}, {8, 4104}},
        {"R count 2 repeat 2", {.region = "R", .count = 2, .repeat = 2}, {0, 4096, 0, 4096}},
        {"R step 6000", {.region = "R", .step_bytes = 6000}, {0, 6000, 12000}},
        {"R +4096 step 4K", {.region = "R", .offset = 4096, .step_bytes = 4096}, {4096, 8192}},
    };
    for (const Row& row : table) {
        INFO(row.line);
        CHECK(offsets_of(row.accesses) == row.offsets);
    }
}

TEST_CASE("what lies beyond the region is touched when a line says so", "[script_accesses]") {
    CHECK(offsets_of({.region = "R", .offset = 1_MiB}) == std::vector<std::uint64_t>{1_MiB});
    CHECK(offsets_of({.region = "R", .count = 4}) ==
          std::vector<std::uint64_t>{0, 4096, 8192, 12288});
}

TEST_CASE("a step alone goes as far as accesses lie within the region", "[script_accesses]") {
    CHECK(count_with_step(8) == 1536);
    CHECK(count_with_step(4) == 3071);
    CHECK(count_with_step(12_KiB - 8) == 2);
    CHECK(count_with_step(12_KiB - 7) == 1);
    CHECK(count_with_step(12_KiB) == 1);
    CHECK(count_with_step(std::numeric_limits<std::uint64_t>::max()) == 1);
    CHECK(count_with_step(8, 12_KiB - 8) == 1);
    CHECK(count_with_step(8, 12_KiB - 7) == 0);
    CHECK(count_with_step(8, 1_GiB) == 0);
}

TEST_CASE("a line that reaches nothing makes no access", "[script_accesses]") {
    CHECK(offsets_of({.region = "R", .offset = 1_GiB, .step_bytes = 8, .repeat = 5}).empty());
    ScriptAccesses of_empty_region(sequence_of(AccessType::read, {.region = "R"}, region, 0));
    CHECK(of_empty_region.next_batch().empty());
}

TEST_CASE("every access of a script is of 8 bytes and of the type of its line",
          "[script_accesses]") {
    const auto accesses_of = [](AccessType type) {
        ScriptAccesses source({.type = type, .first = region, .count = 1});
        return all_of(source);
    };
    CHECK(accesses_of(AccessType::read) == std::vector{read_of(region.value, 8)});
    CHECK(accesses_of(AccessType::write) == std::vector{write_of(region.value, 8)});
    CHECK(accesses_of(AccessType::fetch) == std::vector{fetch_of(region.value, 8)});
}

TEST_CASE("accesses come in batches of bounded size however many there are", "[script_accesses]") {
    constexpr std::uint64_t very_many = std::numeric_limits<std::uint64_t>::max();
    ScriptAccesses source({.first = region, .count = very_many, .repeat = very_many});
    for (std::uint64_t batch = 0; batch < 100; ++batch) {
        const auto accesses = source.next_batch();
        REQUIRE(accesses.size() == 1024);
        CHECK(accesses.front().address == region + batch * 1024 * page_bytes);
    }
}

TEST_CASE("a repeated line goes on where a batch ends", "[script_accesses]") {
    ScriptAccesses source({.first = region, .step_bytes = 8, .count = 1000, .repeat = 3});
    const std::vector<Access> accesses = all_of(source);
    REQUIRE(accesses.size() == 3000);
    for (std::size_t index = 0; index < accesses.size(); ++index) {
        REQUIRE(accesses[index].address == region + index % 1000 * 8);
    }
}

TEST_CASE("addresses wrap where 64 bits end", "[script_accesses]") {
    ScriptAccesses source({.first = {std::numeric_limits<std::uint64_t>::max() - 7}, .count = 2});
    CHECK(all_of(source) == std::vector{read_of(0xfffffffffffffff8, 8), read_of(0xff8, 8)});
}

}  // namespace mmusim::tb::script_accesses_test
