// SPDX-License-Identifier: Apache-2.0
#include "tb/record/program_file.hpp"

#include "tests/support/elf_builder.hpp"
#include "tests/support/input_error.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

namespace mmusim::tb::program_file_test {

using tests::input_error_of;
using tests::ScratchDirectory;

namespace {

constexpr unsigned x86_64_number = 62;
constexpr unsigned arm_number = 183;

[[nodiscard]] std::string elf_for(unsigned machine, bool is_64_bit = true) {
    return tests::elf_text({.is_64_bit = is_64_bit, .machine = machine});
}

void make_executable(const std::string& path) {
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
}

}  // namespace

TEST_CASE("a program's file says which processor it is for", "[program_file]") {
    const ScratchDirectory directory;
    CHECK(machine_of(directory.file("x", elf_for(x86_64_number))) == GuestMachine::x86_64);
    CHECK(machine_of(directory.file("r", tests::elf_text({}))) == GuestMachine::riscv64);
}

TEST_CASE("what cannot be recorded is refused", "[program_file]") {
    const ScratchDirectory directory;
    const auto error_of = [&](const std::string& contents) {
        const std::string path = directory.file("p", contents);
        const std::string error = input_error_of([&] { static_cast<void>(machine_of(path)); });
        return error.substr(error.find(": ") + 2);
    };
    const std::string no_program = "is no ELF program for x86-64 or 64-bit RISC-V, expected one";
    CHECK(error_of(elf_for(arm_number)) == no_program);
    CHECK(error_of(tests::elf_text({.is_64_bit = false})) == no_program);
    CHECK(error_of("hello") == no_program);
    CHECK(error_of("") == no_program);
    CHECK(error_of("#!/bin/sh\n") == "is a script, expected a program: name its interpreter first");
}

TEST_CASE("a program is looked for as a shell does", "[program_file]") {
    const ScratchDirectory directory;
    const std::string program = directory.file("p", "x");
    static_cast<void>(directory.file("readable", "x"));
    make_executable(program);
    const std::string search = "/nowhere:" + directory.path().string() + ":/usr/bin";
    CHECK(find_program("p", search) == program);
    CHECK(find_program(program, "") == program);
    CHECK_FALSE(find_program("p", "/nowhere:"));
    CHECK_FALSE(find_program("readable", search));
    CHECK_FALSE(find_program(directory.path().string(), search));
}

TEST_CASE("a file is read whole, or not at all", "[program_file]") {
    const ScratchDirectory directory;
    CHECK(read_whole_file(directory.file("p", "abc")).size() == 3);
    CHECK_THAT(
        input_error_of([&] { static_cast<void>(read_whole_file(directory.path_of("none"))); }),
        Catch::EndsWith("none: cannot be read, expected a file of the program"));
}

}  // namespace mmusim::tb::program_file_test
