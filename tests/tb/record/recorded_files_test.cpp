// SPDX-License-Identifier: Apache-2.0
#include "tb/record/recorded_files.hpp"

#include <catch2/catch.hpp>

namespace mmusim::tb::recorded_files_test {

TEST_CASE("a name for a script is the last part of a path", "[recorded_files]") {
    CHECK(script_name_of("/usr/lib/libc.so.6") == "libc.so.6");
    CHECK(script_name_of("program") == "program");
    CHECK(script_name_of("/bin/7z") == "_7z");
    CHECK(script_name_of("/tmp/my file#1\xc3\xa4") == "my_file_1__");
    CHECK(script_name_of("/memfd:buffer (deleted)") == "memfd_buffer__deleted_");
    CHECK(script_name_of("/") == "_");
}

TEST_CASE("each file has a name of its own, and its largest size", "[recorded_files]") {
    RecordedFiles files;
    CHECK(files.name_of("/a/data", 100) == "data");
    CHECK(files.name_of("/b/data", 200) == "data-2");
    CHECK(files.name_of("/a/data", 300) == "data");
    CHECK(files.name_of("/a/data", 50) == "data");
    CHECK(files.lines() ==
          "file data 300 warm    # /a/data\n"
          "file data-2 200 warm    # /b/data\n");
}

TEST_CASE("a path cannot end its line", "[recorded_files]") {
    CHECK(on_one_line("/a\nset x=1") == "/a set x=1");
}

}  // namespace mmusim::tb::recorded_files_test
