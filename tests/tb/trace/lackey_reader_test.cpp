// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/lackey_reader.hpp"

#include "hw/base/random.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace mmusim::tb::lackey_reader_test {

using tests::accesses_of;
using tests::error_of;
using tests::fetch_of;
using tests::read_of;
using tests::ScratchDirectory;
using tests::write_of;

namespace {

constexpr auto lackey = TraceFormat::lackey;

[[nodiscard]] std::vector<Access> accesses_in(const std::string& text) {
    const ScratchDirectory directory;
    return accesses_of(directory.file("trace", text), lackey);
}

/// The error without the file's name.
[[nodiscard]] std::string error_in(const std::string& text, UserHalf user_half = {}) {
    const ScratchDirectory directory;
    const std::string path = directory.file("trace", text);
    const std::string error = error_of(path, lackey, user_half);
    return error.starts_with(path) ? error.substr(path.size()) : error;
}

}  // namespace

TEST_CASE("lackey text is fetches, reads, writes, and reads that are then writes", "[lackey]") {
    const std::string text =
        "==123== Lackey, an example Valgrind tool\n"
        "==123== \n"
        "I  04025310,3\n"
        "\n"
        " L 1ffeffe7e8,8\n"
        " S 1ffeffe7e0,4\n"
        "   \n"
        " M 0421c7cc,2\n"
        "I  04025313,15\n"
        "==123== Exit code: 0\n";
    CHECK(accesses_in(text) == std::vector{fetch_of(0x4025310, 3), read_of(0x1ffeffe7e8, 8),
                                           write_of(0x1ffeffe7e0, 4), read_of(0x421c7cc, 2),
                                           write_of(0x421c7cc, 2), fetch_of(0x4025313, 15)});
}

TEST_CASE("lackey addresses have 1 to 16 hexadecimal digits, sizes are 1 to 4096", "[lackey]") {
    CHECK(accesses_in(" L 0,1\n L fffffffffffff000,4095\n L ABCdef,4096\n L 1,0008\n") ==
          std::vector{read_of(0, 1), read_of(0xfffffffffffff000, 4095), read_of(0xabcdef, 4096),
                      read_of(1, 8)});
}

TEST_CASE("the last line of lackey text needs no newline", "[lackey]") {
    CHECK(accesses_in("I  1000,3\n S 2000,8") ==
          std::vector{fetch_of(0x1000, 3), write_of(0x2000, 8)});
    CHECK(accesses_in("I  1000,3\n==1== end") == std::vector{fetch_of(0x1000, 3)});
}

TEST_CASE("a malformed line of lackey text is an error that names and shows it", "[lackey]") {
    const auto* const line = GENERATE(
        "I 1000,3", "I   1000,3", "I  ,3", "I  1000", "I  1000,", "I  1000,x", "I  1000,0",
        "I  1000,4097", "I  1000,99999999999999999999", "I  1000,3 ", "I  1000,3,", "I  1000 3",
        "I  0x1000,3", "I  10000000000000000,3", "I  100g,3", "I  -100,3", "i  1000,3",
        "I\t 1000,3", "L 1000,3", "  L 1000,3", " L  1000,3", " X 1000,3", " l 1000,3", " M1000,3",
        "M 1000,3", " L 1000,-3", "SB 1000", "=1= text", "text", "I", " ", "  L", " S 10", "0");
    const bool blank = std::string(line) == " ";
    CAPTURE(line);
    const std::string expected = fmt::format(
        ":2: found \"{}\", expected \"I  ADDRESS,SIZE\", \" L ADDRESS,SIZE\", \" S ADDRESS,SIZE\" "
        "or "
        "\" M ADDRESS,SIZE\": the address in hexadecimal, the size from 1 to 4096",
        std::string(line) == "I\t 1000,3" ? "I\\x09 1000,3" : line);
    CHECK(error_in(fmt::format("I  1000,3\n{}\nI  1003,3\n", line)) ==
          (blank ? "no error" : expected));
    CHECK(error_in(fmt::format("I  1000,3\n{}", line)) == (blank ? "no error" : expected));
}

TEST_CASE("a long line is shown by its beginning", "[lackey]") {
    CHECK(error_in(" L " + std::string(1000, '0') + ",8\n")
              .starts_with(":1: found \" L " + std::string(37, '0') + "…\", expected \"I"));
    CHECK(error_in(std::string(1U << 20U, '0')) ==
          ":1: found \"" + std::string(40, '0') + "…\", expected a shorter line");
}

TEST_CASE("a zero byte in lackey text is an error", "[lackey]") {
    CHECK(
        error_in(std::string("I  1000,3\n\0\n", 12)).starts_with(R"(:2: found "\x00", expected)"));
    CHECK(error_in(std::string("I  1000,3\n L 1000,3\0", 20))
              .starts_with(R"(:2: found " L 1000,3\x00", expected)"));
}

TEST_CASE("the line of an error is right far into the file", "[lackey]") {
    std::string text = "==1== hello\n";
    for (int i = 0; i < 100'000; ++i) {
        text += " M 1000,8\n";
    }
    CHECK(error_in(text + "wrong\n").starts_with(":100002: found \"wrong\", expected"));
}

TEST_CASE("lackey text without any access is an error", "[lackey]") {
    CHECK(error_in("==1== hello\n\n") == ": the trace has no access, expected at least one");
}

TEST_CASE("a lackey line outside the user half is an error that names it", "[lackey]") {
    CHECK(error_in("I  1000,3\n S 3fffffffff,2\n", UserHalf(hw::PagingMode::sv39)) ==
          ":2: address 0x3fffffffff (2 bytes) lies outside the user half of sv39, which ends at "
          "0x4000000000; expected paging.mode sv48, which would hold it");
}

TEST_CASE("batches of lackey text hold every access once, in order", "[lackey]") {
    std::string text;
    std::vector<Access> expected;
    for (std::uint64_t i = 0; i < 30'000; ++i) {
        const bool modifies = i % 3 == 0;
        text += fmt::format(" {} {:08x},8\n", modifies ? 'M' : 'L', i * 8);
        expected.push_back(read_of(i * 8, 8));
        if (modifies) {
            expected.push_back(write_of(i * 8, 8));
        }
    }
    CHECK((accesses_in(text) == expected));
}

TEST_CASE("random lines made of a record's letters never do harm", "[lackey][fuzz]") {
    constexpr std::string_view letters = "ILSM  ,,0123456789abcdefx=\n\n\t\0";
    Random random(7);
    const ScratchDirectory directory;
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        const std::uint64_t length = 1 + random.below(60);
        while (text.size() < length) {
            text += letters[random.below(letters.size())];
        }
        const std::string path = directory.file("trace", text);
        const std::string error = error_of(path, lackey);
        CHECK((error == "no error" || error.starts_with(path + ":")));
    }
}

}  // namespace mmusim::tb::lackey_reader_test
