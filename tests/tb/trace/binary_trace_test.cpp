// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/binary_trace.hpp"

#include "hw/base/random.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace mmusim::tb::binary_trace_test {

using tests::accesses_of;
using tests::error_of;
using tests::fetch_of;
using tests::read_of;
using tests::ScratchDirectory;
using tests::write_of;

namespace {

constexpr auto binary = TraceFormat::binary;

void write_trace(const std::string& path, const std::vector<Access>& accesses) {
    BinaryTraceWriter writer(path);
    for (const Access& access : accesses) {
        writer.write(access);
    }
    writer.finish();
}

[[nodiscard]] std::string encoded(const std::vector<Access>& accesses) {
    const ScratchDirectory directory;
    write_trace(directory.path_of("trace"), accesses);
    return directory.contents_of("trace");
}

[[nodiscard]] std::string error_in(const std::string& bytes, UserHalf user_half = {}) {
    const ScratchDirectory directory;
    const std::string path = directory.file("trace", bytes);
    const std::string error = error_of(path, binary, user_half);
    return error.starts_with(path) ? error.substr(path.size()) : error;
}

// Every field of the format at its ends.
[[nodiscard]] std::vector<Access> various_accesses() {
    return {fetch_of(0x4025310, 3),          fetch_of(0x4025313, 15),
            read_of(0xfffffffffffff000, 8),  read_of(0, 63),
            read_of(0x8000000000000000, 64), write_of(0x1ffeffe7e0, 4096),
            write_of(0x1ffeffe7e0, 1),       fetch_of(0x10, 1)};
}

[[nodiscard]] std::vector<Access> random_accesses(std::size_t count) {
    Random random(3);
    std::vector<Access> accesses;
    while (accesses.size() < count) {
        accesses.push_back({.address = {random.next() >> (1 + random.below(63))},
                            .size_bytes = static_cast<std::uint32_t>(1 + random.below(4096)),
                            .type = static_cast<AccessType>(random.below(3))});
    }
    return accesses;
}

// A header, and what follows it.
[[nodiscard]] std::string with_header(std::string_view records) {
    return std::string("mmutrace\x01") + std::string(records);
}

}  // namespace

TEST_CASE("a binary trace is laid out as documented", "[binary_trace]") {
    const std::string bytes = encoded({fetch_of(0x1000, 4), fetch_of(0x1004, 4), read_of(1, 64)});
    CHECK(bytes.substr(0, bytes.size() - 8) ==
          std::string("mmutrace\x01"
                      "\x12\x80\x40"  // fetch of 4: + 0x1000, in zigzag 0x2000
                      "\x12\x00"      // fetch of 4: + 0
                      "\x00\x40\x02"  // read, size 64 follows: + 1
                      "\x03\x03",     // the footer of 3 records
                      19));
}

TEST_CASE("the checksum of a binary trace is as documented", "[binary_trace]") {
    const std::string bytes = encoded({write_of(0x1000, 8)});
    std::uint64_t expected =
        (std::uint64_t{0x1000} ^ std::uint64_t{8} << 48U ^ std::uint64_t{1} << 62U) *
        0x9e3779b97f4a7c15;
    for (const char byte : bytes.substr(bytes.size() - 8)) {
        CHECK(static_cast<unsigned char>(byte) == (expected & 0xffU));
        expected >>= 8U;
    }
}

TEST_CASE("a binary trace reads as it was written, plain and compressed", "[binary_trace]") {
    const auto* const name = GENERATE("a", "a.xz", "a.zst", "a.gz", "a.bz2", "a.lz4");
    CAPTURE(name);
    const ScratchDirectory directory;
    const auto accesses = GENERATE(various_accesses(), random_accesses(50'000));
    write_trace(directory.path_of(name), accesses);
    CHECK((accesses_of(directory.path_of(name), binary) == accesses));
}

TEST_CASE("a binary trace that is cut off anywhere is an error", "[binary_trace]") {
    const std::string whole = encoded(various_accesses());
    REQUIRE(error_in(whole) == "no error");
    for (std::size_t length = 1; length < whole.size(); ++length) {
        CAPTURE(length);
        const std::string error = error_in(whole.substr(0, length));
        const bool in_header = length < 9;
        CHECK_THAT(error, Catch::Contains(in_header ? "expected \"mmutrace\" and a version"
                                                    : "the file is cut off here, expected a whole "
                                                      "record or the footer"));
    }
}

TEST_CASE("a binary trace with any bit changed is an error", "[binary_trace]") {
    const std::string whole = encoded(various_accesses());
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        std::string changed = whole;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ 1 << bit % 8);
        CAPTURE(bit);
        CHECK(error_in(changed) != "no error");
    }
}

TEST_CASE("an error in a binary trace names the record and the byte", "[binary_trace]") {
    using namespace std::string_literals;
    struct Row {
        std::string bytes;
        std::string error;
    };
    const auto row = GENERATE(
        Row{"mmutracy\x01"s,
            ": begins with \"mmutracy\\x01\", expected \"mmutrace\" and a version"},
        Row{"mmutrace\x02\x03"s, ": found version 2 of the binary trace format, expected 1"},
        Row{with_header(""),
            ": record 1 at byte 9: the file is cut off here, expected a whole record or the "
            "footer"},
        Row{with_header("\x12\x00\x07\x00"s),
            ": record 2 at byte 11: found the control byte 0x07, expected a record or the footer"},
        Row{with_header("\x00\x00\x00"s),
            ": record 1 at byte 9: found a size of 0 bytes, expected 1 to 4096"},
        Row{with_header("\x00\x81\x20\x00"s),
            ": record 1 at byte 9: found a size of 4097 bytes, expected 1 to 4096"},
        Row{with_header("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"s),
            ": record 1 at byte 9: found a number of more than 64 bits, expected an address "
            "difference"},
        Row{with_header("\x12\x00\x03\x02"s + std::string(8, '\0')),
            ": record 2 at byte 11: found the footer of 2 records, expected one of 1"},
        Row{with_header("\x03\x00"s + std::string(8, '\0')),
            ": the trace has no access, expected at least one"},
        Row{encoded({fetch_of(0, 4)}) + "x",
            ": record 2 at byte 11: found bytes behind the footer, expected the end of the file"});
    CHECK(error_in(row.bytes) == row.error);
}

TEST_CASE("a checksum that does not fit is an error", "[binary_trace]") {
    std::string bytes = encoded({fetch_of(0x1000, 4)});
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    CHECK_THAT(error_in(bytes), Catch::StartsWith(": record 2 at byte 12: found the checksum 0x"));
}

TEST_CASE("a record outside the user half is an error that names it", "[binary_trace]") {
    CHECK(error_in(encoded({fetch_of(0x1000, 4), read_of(0x7fffffff, 2)}),
                   UserHalf(hw::PagingMode::sv32)) ==
          ": record 2 at byte 12: address 0x7fffffff (2 bytes) lies outside the user half of sv32, "
          "which ends at 0x80000000; expected paging.mode sv39, which would hold it");
}

TEST_CASE("random bytes behind the header never do harm", "[binary_trace][fuzz]") {
    Random random(11);
    for (int round = 0; round < 2000; ++round) {
        std::string bytes;
        const std::uint64_t length = random.below(200);
        while (bytes.size() < length) {
            bytes += static_cast<char>(random.next());
        }
        CHECK(error_in(with_header(bytes)) != "no error");
    }
}

TEST_CASE("a binary trace that is not finished leaves no file", "[binary_trace]") {
    const ScratchDirectory directory;
    {
        BinaryTraceWriter writer(directory.path_of("a.xz"));
        writer.write(fetch_of(0, 4));
    }
    CHECK(directory.file_count() == 0);
}

}  // namespace mmusim::tb::binary_trace_test
