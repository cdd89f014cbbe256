// SPDX-License-Identifier: Apache-2.0
#include "tb/record/program_start.hpp"

#include "tests/support/input_error.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace mmusim::tb::program_start_test {

using tests::input_error_of;

namespace {

// As QEMU 7.2 writes it, with an earlier layout before and a later one behind.
const std::string log =
    "host mmap_min_addr=0x1000\n"
    "page layout changed following mmap\n"
    "start            end              size             prot\n"
    "0000000000400000-0000000000401000 0000000000001000 ---\n"
    "page layout changed following binary load\n"
    "start            end              size             prot\n"
    "0000000000400000-0000000000401000 0000000000001000 r--\n"
    "0000000000401000-0000000000403000 0000000000002000 r-x\n"
    "0000000000403000-0000000000406000 0000000000003000 rw-\n"
    "0000004000000000-0000004000001000 0000000000001000 ---\n"
    "0000004000001000-0000004000801000 0000000000800000 rw-\n"
    "ffffffffff600000-ffffffffff601000 0000000000001000 --x\n"
    "start_brk   0x0000000000000000\n"
    "end_code    0x0000000000402bf1\n"
    "end_data    0x0000000000404170\n"
    "start_stack 0x0000004000800700\n"
    "brk         0x0000000000405fa0\n"
    "page layout changed following mmap\n"
    "start            end              size             prot\n"
    "0000000000500000-0000000000501000 0000000000001000 r--\n";

const std::string mappings =
    "00400000-00401000 r--p 00000000 08:01 7  /usr/bin/a program\n"
    "00401000-00402000 r--p 00001000 08:01 7  /usr/bin/a program\n"
    "00402000-00403000 rw-p 00002000 08:01 7  /usr/bin/a program\n"
    "00403000-00405000 rw-p 00003000 08:01 7  /usr/bin/a program\n"
    "00405000-00406000 rw-p 00000000 00:00 0 \n"
    "4000000000-4000801000 rw-p 00000000 00:00 0 \n"
    "555555554000-555555555000 r-xp 00000000 08:01 9  /usr/bin/qemu-x86_64\n"
    "7ffffffde000-7ffffffff000 rw-p 00000000 00:00 0  [stack]\n";

constexpr sw::Rights read_only{.read = true};
constexpr sw::Rights read_write{.read = true, .write = true};
constexpr sw::Rights read_execute{.read = true, .execute = true};

[[nodiscard]] ProgramStart expected_start() {
    const std::string program = "/usr/bin/a program";
    return {.regions = {{{0x400000}, {0x401000}, read_only, program, 0},
                        {{0x401000}, {0x403000}, read_execute, program, 0x1000},
                        {{0x403000}, {0x405000}, read_write, program, 0x3000},
                        {{0x405000}, {0x406000}, read_write, "", 0},
                        {{0x4000000000}, {0x4000001000}, {}, "", 0},
                        {{0x4000001000}, {0x4000801000}, read_write, "", 0}},
            .stack_pointer = {0x4000800700},
            .data_end = {0x404170},
            .heap_start = {0x405fa0}};
}

}  // namespace

TEST_CASE("the pages of the program are QEMU's list, and what they show is the host's",
          "[program_start]") {
    const ProgramStart start = read_program_start(log, mappings, 0);
    CHECK((start == expected_start()));
}

TEST_CASE("the program's addresses are lower than the host's by the guest base",
          "[program_start]") {
    const std::string higher =
        "10000400000-10000403000 r--p 00000000 08:01 7  /usr/bin/a program\n"
        "10000403000-10000405000 rw-p 00003000 08:01 7  /usr/bin/a program\n"
        "10000405000-10000406000 rw-p 00000000 00:00 0 \n"
        "14000000000-14000801000 rw-p 00000000 00:00 0 \n";
    CHECK((read_program_start(log, higher, 0x10000000000) == expected_start()));
}

TEST_CASE("what QEMU does not say is an error", "[program_start]") {
    const auto error_of = [](const std::string& text) {
        return input_error_of([&] { static_cast<void>(read_program_start(text, mappings, 0)); });
    };
    CHECK(error_of("nothing") ==
          "QEMU says nothing of the program's pages, expected \"page layout changed following "
          "binary load\"");
    std::string without_stack = log;
    without_stack.replace(without_stack.find("start_stack"), 5, "begin");
    CHECK(error_of(without_stack) ==
          "QEMU says nothing of start_stack before the program, expected its address");
}

}  // namespace mmusim::tb::program_start_test
