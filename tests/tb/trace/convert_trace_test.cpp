// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/convert_trace.hpp"

#include "tests/support/scratch_directory.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace mmusim::tb::convert_trace_test {

using tests::accesses_of;
using tests::input_error_of;
using tests::ScratchDirectory;

namespace {

constexpr std::string_view five_accesses =
    "I  1000,4\n"
    " L 7ffc,8\n"
    " M 2000,1\n"
    " S ffff000,8\n";

[[nodiscard]] std::string many_accesses() {
    std::string text;
    for (int i = 0; i < 20'000; ++i) {
        text += fmt::format(" {} {:x},{}\n", i % 7 == 0 ? 'M' : 'L', 0x10000 + i * 24, 1 + i % 16);
    }
    return text;
}

}  // namespace

TEST_CASE("a converted trace has the same accesses, plain and compressed", "[convert_trace]") {
    const auto* const name = GENERATE("b", "b.xz", "b.zst", "b.gz", "b.bz2", "b.lz4");
    CAPTURE(name);
    const ScratchDirectory directory;
    const std::string input = directory.file("a", many_accesses());
    const std::string output = directory.path_of(name);
    static_cast<void>(convert_trace({.input = input, .output = output}));
    CHECK((accesses_of(output) == accesses_of(input)));
}

TEST_CASE("equal traces are converted to equal bytes", "[convert_trace]") {
    const auto* const suffix = GENERATE("", ".xz", ".zst", ".gz", ".bz2", ".lz4");
    const ScratchDirectory directory;
    const std::string input = directory.file("a", many_accesses());
    const std::string first = fmt::format("first{}", suffix);
    const std::string second = fmt::format("second{}", suffix);
    static_cast<void>(convert_trace({.input = input, .output = directory.path_of(first)}));
    static_cast<void>(convert_trace({.input = input, .output = directory.path_of(second)}));
    CHECK((directory.contents_of(first) == directory.contents_of(second)));
}

TEST_CASE("a conversion tells what the trace holds", "[convert_trace]") {
    const ScratchDirectory directory;
    const std::string input = directory.file("a", five_accesses);
    const TraceSummary summary =
        convert_trace({.input = input, .output = directory.path_of("b")}).summary;
    CHECK(summary.total_accesses() == 5);
    CHECK(summary.accesses[AccessType::fetch] == 1);
    CHECK(summary.accesses[AccessType::read] == 2);
    CHECK(summary.accesses[AccessType::write] == 2);
    CHECK(summary.larger_than_a_byte == 3);
    CHECK(summary.page_crossings == 1);
    CHECK(summary.pages == 5);
    CHECK(summary.lowest == VirtualAddress{0x1000});
    CHECK(summary.highest == VirtualAddress{0xffff007});
}

TEST_CASE("a window is so many accesses after so many left out", "[convert_trace]") {
    struct Row {
        std::uint64_t skip;
        std::uint64_t limit;
    };
    const auto row = GENERATE(Row{0, 1}, Row{1, 3}, Row{4095, 2}, Row{4096, 4096}, Row{5000, 10000},
                              Row{20000, 0});
    const ScratchDirectory directory;
    const std::string input = directory.file("a", many_accesses());
    const std::string output = directory.path_of("b");
    static_cast<void>(
        convert_trace({.input = input, .output = output, .skip = row.skip, .limit = row.limit}));
    const std::vector<Access> all = accesses_of(input);
    const std::vector<Access> taken = accesses_of(output);
    const std::size_t expected = row.limit == 0 ? all.size() - row.skip : row.limit;
    REQUIRE(taken.size() == expected);
    CHECK(std::equal(taken.begin(), taken.end(),
                     all.begin() + static_cast<std::ptrdiff_t>(row.skip)));
}

TEST_CASE("a conversion that fails leaves no file and an older one as it was", "[convert_trace]") {
    const ScratchDirectory directory;
    const std::string output = directory.file("b", "old");
    SECTION("a malformed line") {
        const std::string input = directory.file("a", "I  1000,4\nwrong\n");
        CHECK_THAT(input_error_of([&] {
                       static_cast<void>(convert_trace({.input = input, .output = output}));
                   }),
                   Catch::StartsWith(input + ":2: found \"wrong\""));
    }
    SECTION("nothing left") {
        const std::string input = directory.file("a", five_accesses);
        CHECK(input_error_of([&] {
                  static_cast<void>(convert_trace({.input = input, .output = output, .skip = 5}));
              }) == input + ": has no more than 5 accesses, expected some to be left");
    }
    CHECK(directory.contents_of("b") == "old");
    CHECK(directory.file_count() == 2);
}

TEST_CASE("a trace that goes through lackey text, plain or compressed, is the same",
          "[convert_trace]") {
    const auto* const suffix = GENERATE("", ".xz", ".gz");
    const ScratchDirectory directory;
    const std::string input = directory.file("a", many_accesses());
    const std::string text = directory.path_of(fmt::format("b.lackey{}", suffix));
    static_cast<void>(convert_trace({.input = input, .output = text, .to = WrittenFormat::lackey}));
    CHECK((accesses_of(text, TraceFormat::lackey) == accesses_of(input)));
}

TEST_CASE("lackey text is written as lackey writes it", "[convert_trace]") {
    const ScratchDirectory directory;
    const std::string input = directory.file("a", five_accesses);
    static_cast<void>(convert_trace(
        {.input = input, .output = directory.path_of("b"), .to = WrittenFormat::lackey}));
    CHECK(directory.contents_of("b") ==
          "I  00001000,4\n L 00007ffc,8\n L 00002000,1\n S 00002000,1\n S 0ffff000,8\n");
}

TEST_CASE("in din text an access that crosses a page is two, and the pages are the same",
          "[convert_trace]") {
    const ScratchDirectory directory;
    const std::string input = directory.file("a", five_accesses);
    static_cast<void>(convert_trace(
        {.input = input, .output = directory.path_of("b"), .to = WrittenFormat::din}));
    CHECK(directory.contents_of("b") == "2 1000\n0 7ffc\n0 8000\n0 2000\n1 2000\n1 ffff000\n");
    CHECK(accesses_of(directory.path_of("b")).size() == 6);
}

TEST_CASE("a trace of bytes goes through din text unchanged", "[convert_trace]") {
    const ScratchDirectory directory;
    std::string text;
    for (int i = 0; i < 20'000; ++i) {
        text += fmt::format("{} {:x}\n", i % 3, i * 4095);
    }
    const std::string input = directory.file("a", text);
    static_cast<void>(convert_trace({.input = input, .output = directory.path_of("b")}));
    static_cast<void>(convert_trace({.input = directory.path_of("b"),
                                     .output = directory.path_of("c"),
                                     .to = WrittenFormat::din}));
    CHECK((directory.contents_of("c") == text));
}

TEST_CASE("the format of an output is as its name tells, or binary", "[convert_trace]") {
    CHECK(written_format_of("a.mmutrace.xz") == WrittenFormat::binary);
    CHECK(written_format_of("a.xz") == WrittenFormat::binary);
    CHECK(written_format_of("a.lackey.gz") == WrittenFormat::lackey);
    CHECK(written_format_of("a.din") == WrittenFormat::din);
    CHECK(input_error_of([] { static_cast<void>(written_format_of("a.champsimtrace.xz")); }) ==
          "a.champsimtrace.xz: is named as a trace in the format champsim, which cannot be "
          "written, expected another name or --to with one of binary, lackey, din");
    CHECK(written_format_named("din") == WrittenFormat::din);
    CHECK(input_error_of([] { static_cast<void>(written_format_named("lacky")); }) ==
          "--to lacky: cannot be written, expected one of binary, lackey, din; did you mean "
          "lackey?");
}

TEST_CASE("a conversion that is interrupted leaves no file", "[convert_trace]") {
    const ScratchDirectory directory;
    const std::string input = directory.file("a", many_accesses());
    const ConvertedTrace converted =
        convert_trace({.input = input, .output = directory.path_of("b")},
                      [](std::uint64_t accesses) { return accesses < 10'000; });
    CHECK(converted.interrupted);
    CHECK(converted.summary.total_accesses() < 20'000);
    CHECK(directory.file_count() == 1);
}

TEST_CASE("a trace is never converted onto itself", "[convert_trace]") {
    const ScratchDirectory directory;
    const std::string input = directory.file("a", five_accesses);
    std::filesystem::create_symlink(input, directory.path_of("link"));
    const auto* const name = GENERATE("a", "link", "./a");
    const std::string output = directory.path_of(name);
    CHECK(input_error_of([&] {
              static_cast<void>(convert_trace({.input = input, .output = output}));
          }) == output + ": is the trace to be read, expected another file to write");
    CHECK(directory.contents_of("a") == five_accesses);
}

}  // namespace mmusim::tb::convert_trace_test
