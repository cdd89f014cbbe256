// SPDX-License-Identifier: Apache-2.0
// Zip archives, read as one file.
#include "hw/base/random.hpp"
#include "tb/input/byte_stream.hpp"
#include "tests/support/input_error.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/input/zip_file.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace mmusim::tb::zip_test {

using tests::input_error_of;
using tests::ScratchDirectory;
using tests::write_zip;
using tests::ZipMembers;

namespace {

[[nodiscard]] std::string everything_in(const std::string& path) {
    ByteStream stream(path);
    std::string bytes;
    while (stream.read_more()) {
        bytes += stream.window();
        stream.consume(stream.window().size());
    }
    return bytes;
}

[[nodiscard]] std::string contents_of_zip(const ZipMembers& members) {
    const ScratchDirectory directory;
    write_zip(directory.path_of("a.zip"), members);
    return everything_in(directory.path_of("a.zip"));
}

[[nodiscard]] std::string error_of_zip(const ZipMembers& members) {
    const ScratchDirectory directory;
    const std::string path = directory.path_of("a.zip");
    write_zip(path, members);
    const std::string error = input_error_of([&] { static_cast<void>(everything_in(path)); });
    return error.starts_with(path) ? error.substr(path.size()) : error;
}

[[nodiscard]] std::string random_text(std::size_t count) {
    Random random(2);
    std::string text;
    while (text.size() < count) {
        text += static_cast<char>('a' + random.below(26));
    }
    return text;
}

}  // namespace

TEST_CASE("a zip archive of one file reads as that file", "[zip]") {
    const std::string text = random_text(700'000);
    CHECK((contents_of_zip({{"any name", text}}) == text));
}

TEST_CASE("a zip archive of chunks reads as all of them, in the order of their numbers", "[zip]") {
    CHECK(contents_of_zip({{"chunk.0000", "a"}, {"chunk.0001", "b"}, {"chunk.0002", "c"}}) ==
          "abc");
    CHECK(contents_of_zip({{"chunk.0002", "c"}, {"chunk.0000", "a"}, {"chunk.0001", "b"}}) ==
          "abc");
    CHECK(contents_of_zip({{"chunk.9", "a"}, {"chunk.10", "b"}, {"chunk.11", ""}}) == "ab");
    CHECK(contents_of_zip({{"t/", ""}, {"t/chunk.0000", "a"}, {"t/chunk.0001", "b"}}) == "ab");
}

TEST_CASE("the bytes of a zip archive are counted over all its chunks", "[zip]") {
    const ScratchDirectory directory;
    const std::string half = random_text(300'000);
    write_zip(directory.path_of("a"), {{"chunk.0000", half}, {"chunk.0001", half}});
    ByteStream stream(directory.path_of("a"));
    while (stream.read_more()) {
    }
    CHECK((stream.window() == half + half));
    stream.consume(stream.window().size() - 1);
    CHECK(stream.consumed_bytes() == 599'999);
}

TEST_CASE("a zip archive whose members make no file is an error that says why", "[zip]") {
    CHECK(error_of_zip({{"chunk.0000", "a"}, {"chunk.0002", "c"}}) ==
          ": found chunk.0002, expected chunk.0001: each chunk once");
    CHECK(error_of_zip({{"chunk.0000", "a"}, {"chunk.0000", "b"}}) ==
          ": found chunk.0000, expected chunk.0001: each chunk once");
    CHECK(error_of_zip({{"chunk.0000", "a"}, {"notes", "b"}}) ==
          ": holds 2 files, expected one, or chunk.0000, chunk.0001 …; found \"notes\"");
    CHECK(error_of_zip({{"chunk.0000", "a"}, {"chunk.1x", "b"}}) ==
          ": holds 2 files, expected one, or chunk.0000, chunk.0001 …; found \"chunk.1x\"");
    CHECK(error_of_zip({{"folder/", ""}}) ==
          ": is a zip archive without any file, expected a readable file");
}

TEST_CASE("a zip archive that is cut off or damaged never reads as something else", "[zip]") {
    const ScratchDirectory directory;
    const std::string text = random_text(3000);
    write_zip(directory.path_of("a"), {{"chunk.0000", text}, {"chunk.0001", text}});
    const std::string whole = directory.contents_of("a");
    const auto check = [&](const std::string& bytes) {
        const std::string path = directory.file("damaged", bytes);
        std::string read;
        const std::string error = input_error_of([&] { read = everything_in(path); });
        CHECK((error.starts_with(path) || read == text + text || !bytes.starts_with("PK")));
    };
    for (std::size_t length = 1; length < whole.size(); length += 7) {
        CAPTURE(length);
        check(whole.substr(0, length));
    }
    for (std::size_t place = 0; place < whole.size(); place += 3) {
        CAPTURE(place);
        std::string damaged = whole;
        damaged[place] = static_cast<char>(~damaged[place]);
        check(damaged);
    }
}

}  // namespace mmusim::tb::zip_test
