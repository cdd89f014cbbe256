// SPDX-License-Identifier: Apache-2.0
#include "tb/output/output_file.hpp"

#include "tb/output/compressed_output_file.hpp"
#include "tests/support/input_error.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

namespace mmusim::tb::output_file_test {

using Catch::Matchers::StartsWith;
using tests::input_error_of;
using tests::ScratchDirectory;

namespace {

namespace fs = std::filesystem;

void write_to(const std::string& path, std::string_view text) {
    OutputFile file(path);
    file.write(text);
    file.commit();
}

}  // namespace

TEST_CASE("an output file appears under its name only when it is committed", "[output]") {
    const ScratchDirectory directory;
    const std::string path = directory.path_of("result.json");
    OutputFile file(path);
    file.write("one ");
    file.stream() << "two";
    CHECK_FALSE(fs::exists(path));
    file.commit();
    CHECK(directory.contents_of("result.json") == "one two");
    CHECK(directory.file_count() == 1);
}

TEST_CASE("an output file that is not committed leaves nothing", "[output]") {
    const ScratchDirectory directory;
    {
        OutputFile file(directory.path_of("result.json"));
        file.write("half");
    }
    CHECK(directory.file_count() == 0);
}

TEST_CASE("an older file stays as it was until the new one is committed", "[output]") {
    const ScratchDirectory directory;
    const std::string path = directory.file("result.json", "old");
    {
        OutputFile abandoned(path);
        abandoned.write("half");
    }
    CHECK(directory.contents_of("result.json") == "old");
    write_to(path, "new");
    CHECK(directory.contents_of("result.json") == "new");
}

TEST_CASE("a symbolic link stays one, and the file that it names is written", "[output]") {
    const ScratchDirectory directory;
    const std::string target = directory.file("target", "old");
    fs::create_symlink(target, directory.path_of("link"));
    write_to(directory.path_of("link"), "new");
    CHECK(fs::is_symlink(directory.path_of("link")));
    CHECK(directory.contents_of("target") == "new");
}

TEST_CASE("a device is written directly", "[output]") {
    write_to("/dev/null", "text");
    CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a full disk is an error, at the latest when the file is committed", "[output]") {
    const std::string expected =
        "/dev/full: No space left on device, expected a file that can be written";
    SECTION("little text, which stays in the buffer") {
        CHECK(input_error_of([] { write_to("/dev/full", "text"); }) == expected);
    }
    SECTION("much text") {
        CHECK(input_error_of([] { write_to("/dev/full", std::string(1U << 20U, 'x')); }) ==
              expected);
    }
    SECTION("formatted text") {
        CHECK(input_error_of([] {
                  OutputFile file("/dev/full");
                  file.stream() << std::string(1U << 20U, 'x');
                  file.commit();
              }) == "/dev/full: not all was written, expected a file that can be written");
    }
    SECTION("compressed") {
        CHECK(input_error_of([] {
                  CompressedOutputFile file("/dev/full");
                  file.write(std::string(1U << 20U, 'x'));
                  file.commit();
              }) == expected);
    }
}

TEST_CASE("a place where no file can be is an error that names it", "[output]") {
    const ScratchDirectory directory;
    SECTION("a directory that does not exist") {
        const std::string path = directory.path_of("nowhere/result.json");
        CHECK(input_error_of([&] { write_to(path, ""); }) ==
              path + ": No such file or directory, expected a file that can be written");
    }
    SECTION("a directory itself") {
        const std::string path = directory.path_of("");
        CHECK(input_error_of([&] { write_to(path, ""); }) ==
              path + ": Is a directory, expected a file that can be written");
    }
    SECTION("a file used as a directory") {
        const std::string path = directory.file("file", "") + "/result.json";
        CHECK(input_error_of([&] { write_to(path, ""); }) ==
              path + ": Not a directory, expected a file that can be written");
    }
    SECTION("the empty name") {
        CHECK(input_error_of([] { write_to("", ""); }) ==
              ": No such file or directory, expected a file that can be written");
    }
}

TEST_CASE("a compressed file begins with the magic number of its suffix", "[output]") {
    struct Row {
        std::string name;
        std::string magic;
    };
    const auto row =
        GENERATE(Row{"a.xz",
                     "\xfd"
                     "7zXZ"},
                 Row{"a.zst", "\x28\xb5\x2f\xfd"}, Row{"a.gz", "\x1f\x8b"}, Row{"a.bz2", "BZh"},
                 Row{"a.lz4", "\x04\x22\x4d\x18"}, Row{"a.bin", "text"}, Row{"xz", "text"});
    CAPTURE(row.name);
    const ScratchDirectory directory;
    {
        CompressedOutputFile file(directory.path_of(row.name));
        file.write("text");
        file.commit();
    }
    CHECK_THAT(directory.contents_of(row.name), StartsWith(row.magic));
    CHECK(directory.file_count() == 1);
}

TEST_CASE("a compressed file that is not committed leaves nothing", "[output]") {
    const ScratchDirectory directory;
    {
        CompressedOutputFile file(directory.path_of("a.xz"));
        file.write("text");
    }
    CHECK(directory.file_count() == 0);
}

}  // namespace mmusim::tb::output_file_test
