// SPDX-License-Identifier: Apache-2.0
#include "tb/record/system_call_table.hpp"

#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb::system_call_table_test {

namespace {

struct Row {
    std::string_view name;
    std::optional<std::uint64_t> x86_64;
    std::optional<std::uint64_t> riscv64;
    MemoryCall memory_call = MemoryCall::none;
};

void check_number(GuestMachine machine, std::optional<std::uint64_t> number, const Row& expected) {
    if (number) {
        const SystemCallRow* const found = find_system_call(machine, *number);
        REQUIRE(found != nullptr);
        CHECK(found->name == expected.name);
        CHECK(found->memory_call == expected.memory_call);
    }
}

}  // namespace

// By the kernel's own lists: asm/unistd_64.h of x86-64, asm-generic/unistd.h of RISC-V.
TEST_CASE("a system call has another number on each machine", "[system_call_table]") {
    const std::vector<Row> table{{"mmap", 9, 222, MemoryCall::map},
                                 {"munmap", 11, 215, MemoryCall::unmap},
                                 {"mprotect", 10, 226, MemoryCall::protect},
                                 {"brk", 12, 214, MemoryCall::set_heap},
                                 {"madvise", 28, 233, MemoryCall::advise},
                                 {"mremap", 25, 216, MemoryCall::remap},
                                 {"msync", 26, 227, MemoryCall::sync},
                                 {"execve", 59, 221, MemoryCall::execute},
                                 {"read", 0, 63},
                                 {"write", 1, 64},
                                 {"open", 2, std::nullopt},
                                 {"openat", 257, 56},
                                 {"readv", 19, 65},
                                 {"recvmsg", 47, 212},
                                 {"getrandom", 318, 278},
                                 {"uname", 63, 160}};
    for (const Row& row : table) {
        INFO(row.name);
        check_number(GuestMachine::x86_64, row.x86_64, row);
        check_number(GuestMachine::riscv64, row.riscv64, row);
    }
}

TEST_CASE("a call that concerns no memory has no row", "[system_call_table]") {
    const std::uint64_t getpid_of_x86_64 = 39;
    const std::uint64_t getpid_of_riscv64 = 172;
    CHECK(find_system_call(GuestMachine::x86_64, getpid_of_x86_64) == nullptr);
    CHECK(find_system_call(GuestMachine::riscv64, getpid_of_riscv64) == nullptr);
    CHECK(find_system_call(GuestMachine::x86_64, ~std::uint64_t{0}) == nullptr);
}

TEST_CASE("no number and no name stands twice, and every row says something",
          "[system_call_table]") {
    std::set<std::string_view> names;
    std::array<std::set<std::uint16_t>, 2> numbers;
    for (const SystemCallRow& row : system_call_table()) {
        INFO(row.name);
        CHECK(names.insert(row.name).second);
        CHECK((row.memory_call != MemoryCall::none || !row.touched().empty()));
        for (std::size_t machine = 0; machine < numbers.size(); ++machine) {
            if (row.numbers[machine]) {
                CHECK(numbers[machine].insert(*row.numbers[machine]).second);
            }
        }
        for (const Touch& touch : row.touched()) {
            CHECK(touch.pointer < 6);
            CHECK(touch.count < 6);
        }
    }
}

}  // namespace mmusim::tb::system_call_table_test
