// SPDX-License-Identifier: Apache-2.0
#include "tb/text/parse.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace mmusim::tb::parse_test {

namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

struct Row {
    std::string_view text;
    std::optional<std::uint64_t> value;
};

}  // namespace

TEST_CASE("a whole number is decimal, or hexadecimal after 0x", "[parse]") {
    const auto row =
        GENERATE(Row{"0", 0}, Row{"42", 42}, Row{"007", 7}, Row{"0x1f", 31}, Row{"0XFF", 255},
                 Row{"18446744073709551615", largest}, Row{"0xffffffffffffffff", largest});
    CAPTURE(row.text);
    CHECK(parse_unsigned(row.text) == row.value);
}

TEST_CASE("anything else is no whole number", "[parse]") {
    const auto* const text =
        GENERATE("", " ", "-1", "+1", "1 ", " 1", "1.5", "1e3", "0x", "0x-1", "12a", "ten", "0b11",
                 "18446744073709551616", "0x10000000000000000");
    CAPTURE(text);
    CHECK_FALSE(parse_unsigned(text));
}

TEST_CASE("a size is a number of bytes with binary multiples", "[parse]") {
    const auto row =
        GENERATE(Row{"4096", 4096}, Row{"0x1000", 4096}, Row{"4KiB", 4096}, Row{"4K", 4096},
                 Row{"2M", 2097152}, Row{"2MiB", 2097152}, Row{"1G", 1073741824},
                 Row{"1GiB", 1073741824}, Row{"3T", 3298534883328}, Row{"1TiB", 1099511627776},
                 Row{"0K", 0}, Row{"16777215T", std::uint64_t{16777215} << 40U});
    CAPTURE(row.text);
    CHECK(parse_size(row.text) == row.value);
}

TEST_CASE("anything else is no size", "[parse]") {
    const auto* const text = GENERATE("", "K", "KiB", "4KB", "4k", "4kib", "4 KiB", "-4K", "1.5M",
                                      "4B", "4Ki", "16777216T", "18446744073709551615K", "4KiBKiB");
    CAPTURE(text);
    CHECK_FALSE(parse_size(text));
}

TEST_CASE("the nearest name is the one with the fewest edits", "[parse]") {
    constexpr std::array<std::string_view, 4> known{"ways", "sets", "ports", "page_sizes"};
    struct NearestRow {
        std::string_view wrong;
        std::optional<std::string_view> nearest;
    };
    const auto row =
        GENERATE(NearestRow{"way", "ways"}, NearestRow{"wayss", "ways"}, NearestRow{"stes", "sets"},
                 NearestRow{"Sets", "sets"}, NearestRow{"pagesizes", "page_sizes"},
                 NearestRow{"port", "ports"}, NearestRow{"ways", "ways"},
                 NearestRow{"colour", std::nullopt}, NearestRow{"", std::nullopt});
    CAPTURE(row.wrong);
    CHECK(nearest_name(row.wrong, known) == row.nearest);
}

TEST_CASE("of equally near names the first is taken", "[parse]") {
    constexpr std::array<std::string_view, 2> known{"l1d", "l1i"};
    CHECK(nearest_name("l1x", known) == "l1d");
}

TEST_CASE("without known names there is no nearest", "[parse]") {
    CHECK_FALSE(nearest_name("ways", {}));
}

}  // namespace mmusim::tb::parse_test
