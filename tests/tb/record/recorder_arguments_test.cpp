// SPDX-License-Identifier: Apache-2.0
#include "tb/record/recorder_arguments.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::recorder_arguments_test {

namespace {

[[nodiscard]] std::optional<RecorderArguments> read(std::vector<std::string> words,
                                                    std::string_view target) {
    std::vector<char*> pointers;
    pointers.reserve(words.size());
    for (std::string& word : words) {
        pointers.push_back(word.data());
    }
    return read_recorder_arguments(pointers, target);
}

}  // namespace

TEST_CASE("the recorder is told where to write, and where QEMU does", "[recorder_arguments]") {
    const RecorderArguments arguments{
        .machine = GuestMachine::riscv64, .socket = 12, .page_log = "/tmp/a/pages"};
    CHECK(to_text(arguments) == "socket=12,pages=/tmp/a/pages");
    const auto found = read({"socket=12", "pages=/tmp/a/pages"}, "riscv64");
    REQUIRE(found);
    CHECK((found->machine == GuestMachine::riscv64));
    CHECK(found->socket == 12);
    CHECK(found->page_log == "/tmp/a/pages");
}

TEST_CASE("a recorder that is not told all does not begin", "[recorder_arguments]") {
    CHECK_FALSE(read({"socket=12", "pages=/tmp/a/pages"}, "arm"));
    CHECK_FALSE(read({"pages=/tmp/a/pages"}, "x86_64"));
    CHECK_FALSE(read({"socket=12"}, "x86_64"));
    CHECK_FALSE(read({"socket=x", "pages=a"}, "x86_64"));
    CHECK_FALSE(read({"socket=-3", "pages=a"}, "x86_64"));
    CHECK_FALSE(read({"socket=12", "pages=a", "other=1"}, "x86_64"));
}

}  // namespace mmusim::tb::recorder_arguments_test
