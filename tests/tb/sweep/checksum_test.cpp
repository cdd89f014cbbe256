// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/checksum.hpp"

#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace mmusim::tb::checksum_test {

TEST_CASE("a checksum is FNV-1a, of a text at once or part by part") {
    // http://www.isthe.com/chongo/tech/comp/fnv/ has these.
    CHECK(checksum("") == 0xcbf29ce484222325);
    CHECK(checksum("a") == 0xaf63dc4c8601ec8c);
    CHECK(checksum("foobar") == 0x85944171f73967e8);
    CHECK(checksum("bar", checksum("foo")) == checksum("foobar"));
}

TEST_CASE("a file has the checksum of its bytes, and what is no file has none") {
    const tests::ScratchDirectory folder;
    const std::string large(200'000, 'x');
    CHECK(file_checksum(folder.file("small", "foobar")) == "85944171f73967e8");
    CHECK(file_checksum(folder.file("empty", "")) == "cbf29ce484222325");
    CHECK(file_checksum(folder.file("large", large)) ==
          file_checksum(folder.file("another", large)));
    CHECK(file_checksum(folder.file("large", large + 'y')) !=
          file_checksum(folder.file("another", large)));
    CHECK(file_checksum(folder.path_of("absent")).empty());
    CHECK(file_checksum("/dev/zero").empty());
    CHECK(file_checksum("generate:gups").empty());
}

}  // namespace mmusim::tb::checksum_test
