// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/din_reader.hpp"

#include "hw/base/random.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace mmusim::tb::din_reader_test {

using tests::accesses_of;
using tests::error_in_bytes;
using tests::fetch_of;
using tests::read_of;
using tests::ScratchDirectory;
using tests::write_of;

namespace {

constexpr auto din = TraceFormat::din;

[[nodiscard]] std::vector<Access> accesses_in(const std::string& text) {
    const ScratchDirectory directory;
    return accesses_of(directory.file("trace", text), din);
}

}  // namespace

TEST_CASE("din labels: 0 and 3 read, 1 writes, 2 fetches, 4 is skipped", "[din]") {
    CHECK(accesses_in("0 1000\n1 2000\n2 3000\n3 4000\n4 5000\n0 6000\n") ==
          std::vector{read_of(0x1000, 1), write_of(0x2000, 1), fetch_of(0x3000, 1),
                      read_of(0x4000, 1), read_of(0x6000, 1)});
}

TEST_CASE("din addresses are hexadecimal, and the rest of the line is a comment", "[din]") {
    CHECK(accesses_in("0 ffffffffffffffef\n0 0\n 0\t0xAbC\n0 10 20 a comment\n2 7 \r\n\n  \n0 1") ==
          std::vector{read_of(0xffffffffffffffef, 1), read_of(0, 1), read_of(0xabc, 1),
                      read_of(0x10, 1), fetch_of(7, 1), read_of(1, 1)});
}

TEST_CASE("din text knows no sizes, so nothing crosses a page", "[din]") {
    CHECK_FALSE(accesses_in("0 fff\n").front().crosses_page());
}

TEST_CASE("a malformed line of din text is an error that names and shows it", "[din]") {
    const auto* const line =
        GENERATE("5 1000", "r 1000", "-1 1000", "00 1000", "0", "0 ", "0 g", "0 1000x", "0,1000",
                 "0 12345678901234567", "0 0x", "I  1000,4", "# 0 1000", "01000");
    CAPTURE(line);
    const std::string expected = fmt::format(
        ":2: found \"{}\", expected \"LABEL ADDRESS\": the label from 0 to 4, the "
        "address in hexadecimal",
        line);
    CHECK(error_in_bytes(fmt::format("2 1000\n{}\n0 1000\n", line), din) == expected);
    CHECK(error_in_bytes(fmt::format("2 1000\n{}", line), din) == expected);
}

TEST_CASE("a zero byte in din text is an error", "[din]") {
    CHECK(error_in_bytes(std::string("0 1000\n0 1\0000\n", 13), din)
              .starts_with(R"(:2: found "0 1\x00)"));
}

TEST_CASE("din text of flushes alone has no access", "[din]") {
    CHECK(error_in_bytes("4 0\n4 0\n", din) == ": the trace has no access, expected at least one");
}

TEST_CASE("an address of din text outside the user half is an error with its line", "[din]") {
    CHECK(error_in_bytes("0 1000\n1 4000000000\n", din, UserHalf(hw::PagingMode::sv39)) ==
          ":2: address 0x4000000000 (1 bytes) lies outside the user half of sv39, which ends at "
          "0x4000000000; expected paging.mode sv48, which would hold it");
}

TEST_CASE("din text longer than any buffer reads to its end", "[din]") {
    std::string text;
    std::vector<Access> expected;
    for (std::uint64_t i = 0; i < 100'000; ++i) {
        text += fmt::format("1 {:x}\n4 0\n", i * 12'345);
        expected.push_back(write_of(i * 12'345, 1));
    }
    CHECK((accesses_in(text) == expected));
    CHECK(error_in_bytes(text + "5 0\n", din).starts_with(":200001: found \"5 0\""));
}

TEST_CASE("random lines made of din's letters never do harm", "[din][fuzz]") {
    constexpr std::string_view letters = "01234  \t0123456789abcdefx\n\n\r";
    Random random(9);
    for (int round = 0; round < 1000; ++round) {
        std::string text;
        const std::uint64_t length = 1 + random.below(60);
        while (text.size() < length) {
            text += letters[random.below(letters.size())];
        }
        const std::string error = error_in_bytes(text, din);
        CHECK((error == "no error" || error.starts_with(":")));
    }
}

}  // namespace mmusim::tb::din_reader_test
