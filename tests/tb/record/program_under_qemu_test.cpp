// SPDX-License-Identifier: Apache-2.0
#include "tb/record/program_under_qemu.hpp"

#include "tests/support/input_error.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::program_under_qemu_test {

TEST_CASE("QEMU is told of the recorder, and the program sees its own arguments",
          "[program_under_qemu]") {
    const std::vector<std::string> words = command_line_of({.machine = GuestMachine::x86_64,
                                                            .qemu = "/usr/bin/qemu-x86_64",
                                                            .recorder = "/a,b/recorder.so",
                                                            .program = "/usr/bin/sort",
                                                            .arguments = {"sort", "-n", "--"}},
                                                           5, "/tmp/c,d/pages");
    CHECK(words == std::vector<std::string>{"/usr/bin/qemu-x86_64", "-d", "page", "-D",
                                            "/tmp/c,d/pages", "-plugin",
                                            "/a,,b/recorder.so,socket=5,pages=/tmp/c,,d/pages",
                                            "-0", "sort", "/usr/bin/sort", "-n", "--"});
}

TEST_CASE("a QEMU that is not there is an error", "[program_under_qemu]") {
    CHECK(tests::input_error_of([] {
              const ProgramUnderQemu program({.machine = GuestMachine::x86_64,
                                              .qemu = "/nowhere/qemu-x86_64",
                                              .recorder = "/nowhere/recorder.so",
                                              .program = "/bin/true",
                                              .arguments = {"true"}});
          }) == "/nowhere/qemu-x86_64: No such file or directory");
}

}  // namespace mmusim::tb::program_under_qemu_test
