// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/champsim_reader.hpp"

#include "hw/base/random.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/trace/trace_layouts.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace mmusim::tb::champsim_reader_test {

using tests::accesses_of;
using tests::CloudsuiteInstruction;
using tests::error_in_bytes;
using tests::fetch_of;
using tests::InputInstruction;
using tests::read_of;
using tests::record_of;
using tests::ScratchDirectory;
using tests::write_of;

namespace {

[[nodiscard]] std::vector<Access> accesses_in(const std::string& bytes, TraceFormat format) {
    const ScratchDirectory directory;
    return accesses_of(directory.file("trace", bytes), format);
}

const InputInstruction every_field{.ip = 0x401000,
                                   .is_branch = 1,
                                   .branch_taken = 1,
                                   .destination_registers = {0xa1, 0xa2},
                                   .source_registers = {0xb1, 0xb2, 0xb3, 0xb4},
                                   .destination_memory = {0x7fff1000, 0x7fff2000},
                                   .source_memory = {0x1001, 0x2002, 0x3003, 0x4fff}};

const CloudsuiteInstruction every_cloudsuite_field{
    .ip = 0x401000,
    .is_branch = 1,
    .branch_taken = 1,
    .destination_registers = {0xa1, 0xa2, 0xa3, 0xa4},
    .source_registers = {0xb1, 0xb2, 0xb3, 0xb4},
    .destination_memory = {0x7fff1000, 0x7fff2000, 0x7fff3000, 0x7fff4000},
    .source_memory = {0x1001, 0x2002, 0x3003, 0x4fff},
    .asid = {7, 9}};

}  // namespace

TEST_CASE("records of ChampSim are as long as its structs", "[champsim]") {
    CHECK(record_of(every_field).size() == 64);
    CHECK(record_of(every_cloudsuite_field).size() == 96);
}

TEST_CASE("an instruction of ChampSim is a fetch, its loads, then its stores, each of a byte",
          "[champsim]") {
    CHECK(accesses_in(record_of(every_field), TraceFormat::champsim) ==
          std::vector{fetch_of(0x401000, 1), read_of(0x1001, 1), read_of(0x2002, 1),
                      read_of(0x3003, 1), read_of(0x4fff, 1), write_of(0x7fff1000, 1),
                      write_of(0x7fff2000, 1)});
}

TEST_CASE("an instruction of a CloudSuite trace may store four times", "[champsim]") {
    CHECK(accesses_in(record_of(every_cloudsuite_field), TraceFormat::cloudsuite) ==
          std::vector{fetch_of(0x401000, 1), read_of(0x1001, 1), read_of(0x2002, 1),
                      read_of(0x3003, 1), read_of(0x4fff, 1), write_of(0x7fff1000, 1),
                      write_of(0x7fff2000, 1), write_of(0x7fff3000, 1), write_of(0x7fff4000, 1)});
}

TEST_CASE("an address of 0 is no access, wherever it stands", "[champsim]") {
    const std::string bytes =
        record_of(InputInstruction{.ip = 0x1000, .source_memory = {0, 0x2000, 0, 0x3000}}) +
        record_of(InputInstruction{.ip = 0x1004}) +
        record_of(InputInstruction{.ip = 0x1008, .destination_memory = {0, 0x4000}});
    CHECK(accesses_in(bytes, TraceFormat::champsim) ==
          std::vector{fetch_of(0x1000, 1), read_of(0x2000, 1), read_of(0x3000, 1),
                      fetch_of(0x1004, 1), fetch_of(0x1008, 1), write_of(0x4000, 1)});
}

TEST_CASE("the last byte of a page is no crossing, since there are no sizes", "[champsim]") {
    const auto accesses =
        accesses_in(record_of(InputInstruction{.ip = 0x1fff}), TraceFormat::champsim);
    CHECK_FALSE(accesses.front().crosses_page());
}

TEST_CASE("a ChampSim trace may be longer than any buffer, and each batch ends within a record",
          "[champsim]") {
    std::string bytes;
    std::vector<Access> expected;
    for (std::uint64_t i = 1; i <= 30'000; ++i) {
        InputInstruction instruction{.ip = i << 12U};
        expected.push_back(fetch_of(instruction.ip, 1));
        for (std::size_t load = 0; load < i % 5; ++load) {
            instruction.source_memory.at(load) = i + load;
            expected.push_back(read_of(i + load, 1));
        }
        for (std::size_t store = 0; store < i % 3; ++store) {
            instruction.destination_memory.at(store) = 2 * i + store;
            expected.push_back(write_of(2 * i + store, 1));
        }
        bytes += record_of(instruction);
    }
    CHECK((accesses_in(bytes, TraceFormat::champsim) == expected));
}

TEST_CASE("a ChampSim trace that is cut off anywhere in a record is an error", "[champsim]") {
    const std::string first = record_of(InputInstruction{.ip = 0x1000});
    const std::string whole = first + record_of(every_field);
    for (std::size_t length = 65; length < whole.size(); ++length) {
        CHECK(error_in_bytes(whole.substr(0, length), TraceFormat::champsim) ==
              fmt::format(": record 2 at byte 64: the file is cut off here, expected a whole "
                          "record of 64 bytes, found {}",
                          length - 64));
    }
    const std::string cloudsuite = record_of(every_cloudsuite_field);
    for (std::size_t length = 1; length < cloudsuite.size(); ++length) {
        CHECK(error_in_bytes(cloudsuite.substr(0, length), TraceFormat::cloudsuite) ==
              fmt::format(": record 1 at byte 0: the file is cut off here, expected a whole "
                          "record of 96 bytes, found {}",
                          length));
    }
}

TEST_CASE("an instruction that is neither a branch nor none is an error", "[champsim]") {
    const std::string good = record_of(InputInstruction{.ip = 0x1000});
    CHECK(error_in_bytes(good + good + record_of(InputInstruction{.ip = 0x1000, .is_branch = 2}),
                         TraceFormat::champsim) ==
          ": record 3 at byte 128: found 2 for whether it is a branch, expected 0 or 1");
    CHECK(error_in_bytes(record_of(CloudsuiteInstruction{.ip = 0x1000, .is_branch = 255}),
                         TraceFormat::cloudsuite) ==
          ": record 1 at byte 0: found 255 for whether it is a branch, expected 0 or 1");
}

TEST_CASE("any address of an instruction outside the user half is an error", "[champsim]") {
    const auto outside = GENERATE(InputInstruction{.ip = 0x80000000},
                                  InputInstruction{.ip = 1, .source_memory = {0, 0, 0, 0x80000000}},
                                  InputInstruction{.ip = 1, .destination_memory = {0, 0x80000000}});
    CHECK(
        error_in_bytes(record_of(outside), TraceFormat::champsim, UserHalf(hw::PagingMode::sv32)) ==
        ": record 1 at byte 0: address 0x80000000 (1 bytes) lies outside the user half of sv32, "
        "which ends at 0x80000000; expected paging.mode sv39, which would hold it");
}

TEST_CASE("random bytes as ChampSim records never do harm", "[champsim][fuzz]") {
    Random random(13);
    for (int round = 0; round < 1000; ++round) {
        std::string bytes;
        const std::uint64_t length = 1 + random.below(300);
        while (bytes.size() < length) {
            bytes += static_cast<char>(random.next());
        }
        const std::string error = error_in_bytes(bytes, TraceFormat::champsim);
        CHECK((error == "no error" || error.starts_with(": record ")));
    }
}

}  // namespace mmusim::tb::champsim_reader_test
