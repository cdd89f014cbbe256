// SPDX-License-Identifier: Apache-2.0
#include "tb/vectors/walk_vectors.hpp"

#include "tests/support/input_error.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <variant>

namespace mmusim::tb::walk_vectors_test {

using tests::input_error_of;

namespace {

WalkVectors parse(const std::string& text) {
    return parse_walk_vectors(text, "FILE");
}

// The only test of a text, which ends in this line.
WalkTest test_in(const std::string& line, const std::string& header = "S 64 39") {
    return std::get<WalkTest>(parse(header + "\nN\n" + line).lines.back());
}

std::string error_in(const std::string& text) {
    return input_error_of([&] { static_cast<void>(parse(text)); });
}

// What is wrong in the third line, after a header and an image.
std::string error_in_line(const std::string& line, const std::string& header = "S 64 39") {
    const std::string error = error_in(header + "\nN\n" + line + "\n");
    const std::string place = "FILE:3: found ";
    return error.starts_with(place) ? error.substr(place.size()) : error;
}

constexpr const char* good_test = "T 0 8000000000080000 0 0 0 0 0 r 0 0\n";

}  // namespace

TEST_CASE("a line T is an access and all that its translation depends on", "[walk_vectors]") {
    const WalkTest test = test_in("T 10 8abcd12345678901 1 1 0 1 0 w ffffffc012345678 1");

    CHECK(test.id == 10);
    CHECK(test.translated);
    CHECK(test.request.address == VirtualAddress{0xffffffc012345678});
    CHECK(test.request.type == AccessType::write);
    CHECK(test.request.context == hw::TranslationContext{.root = {0xd12345678901 & 0xfffffffffff},
                                                         .asid = {0xabcd},
                                                         .privilege = Privilege::supervisor,
                                                         .supervisor_user_memory = true,
                                                         .make_executable_readable = false,
                                                         .hardware_ad_update = true,
                                                         .page_based_memory_types = false});
}

TEST_CASE("each word of a line T has its own meaning", "[walk_vectors]") {
    const auto context_of = [](const std::string& flags) {
        return test_in("T 0 8000000000000000 0 " + flags + " r 0 0").request.context;
    };
    const hw::TranslationContext none{.hardware_ad_update = false,
                                      .page_based_memory_types = false};
    hw::TranslationContext sum = none;
    hw::TranslationContext mxr = none;
    hw::TranslationContext adue = none;
    hw::TranslationContext pbmte = none;
    sum.supervisor_user_memory = true;
    mxr.make_executable_readable = true;
    adue.hardware_ad_update = true;
    pbmte.page_based_memory_types = true;

    CHECK(context_of("0 0 0 0") == none);
    CHECK(context_of("1 0 0 0") == sum);
    CHECK(context_of("0 1 0 0") == mxr);
    CHECK(context_of("0 0 1 0") == adue);
    CHECK(context_of("0 0 0 1") == pbmte);
}

TEST_CASE("satp of Sv32 has its own layout", "[walk_vectors]") {
    const WalkTest test = test_in("T 1 d5481234 0 0 0 0 0 r ffffffff 0", "S 32 32");

    CHECK(test.translated);
    CHECK(test.request.context.root == PhysicalPageNumber{0x81234});
    CHECK(test.request.context.asid == Asid{0x155});
    CHECK(test.request.address == VirtualAddress{0xffffffff});
}

TEST_CASE("an address is not virtual in machine mode, or where satp says Bare", "[walk_vectors]") {
    CHECK_FALSE(test_in("T 0 8000000000080000 3 0 0 0 0 r 1 0").translated);
    CHECK_FALSE(test_in("T 0 0000000000080000 0 0 0 0 0 r 1 0").translated);
    CHECK_FALSE(test_in("T 0 0 1 0 0 0 0 r 1 0").translated);
    CHECK_FALSE(test_in("T 0 7fffffff 0 0 0 0 0 r 1 0", "S 32 32").translated);
    CHECK(test_in("T 0 8000000000080000 1 0 0 0 0 r 1 0").translated);
}

TEST_CASE("a fetched address is even", "[walk_vectors]") {
    CHECK(test_in("T 0 0 0 0 0 0 0 x 1235 0").request.address == VirtualAddress{0x1234});
    CHECK(test_in("T 0 0 0 0 0 0 0 x 1234 0").request.address == VirtualAddress{0x1234});
    CHECK(test_in("T 0 0 0 0 0 0 0 r 1235 0").request.address == VirtualAddress{0x1235});
    CHECK(test_in("T 0 0 0 0 0 0 0 w 1235 0").request.address == VirtualAddress{0x1235});
}

TEST_CASE("the header names the format", "[walk_vectors]") {
    using hw::PagingMode;
    CHECK(parse("S 32 32\nN\nT 0 0 0 0 0 0 0 r 0 0\n").mode == PagingMode::sv32);
    CHECK(parse("S 64 39\nN\nT 0 0 0 0 0 0 0 r 0 0\n").mode == PagingMode::sv39);
    CHECK(parse("S 64 48\nN\nT 0 9000000000000000 0 0 0 0 0 r 0 0\n").mode == PagingMode::sv48);
    CHECK(parse("S 64 57\nN\nT 0 a000000000000000 0 0 0 0 0 r 0 0\n").mode == PagingMode::sv57);
}

TEST_CASE("the lines keep their order", "[walk_vectors]") {
    const WalkVectors vectors = parse(
        "S 64 39\n\nN\r\n  W 80000000\t1 \nW 8ffffff8 FFFFFFFFFFFFFFFF\nT 7 0 0 0 0 0 0 r 0 ff\nN");

    REQUIRE(vectors.lines.size() == 5);
    CHECK(std::holds_alternative<NewImage>(vectors.lines[0]));
    CHECK(std::get<ImageWord>(vectors.lines[1]).address == PhysicalAddress{0x80000000});
    CHECK(std::get<ImageWord>(vectors.lines[1]).value == 1);
    CHECK(std::get<ImageWord>(vectors.lines[2]).address == PhysicalAddress{0x8ffffff8});
    CHECK(std::get<ImageWord>(vectors.lines[2]).value == ~std::uint64_t{0});
    CHECK(std::get<WalkTest>(vectors.lines[3]).id == 7);
    CHECK(std::holds_alternative<NewImage>(vectors.lines[4]));
}

TEST_CASE("a malformed line is an error that says what was found and expected", "[walk_vectors]") {
    const std::string address = "a physical address, 8 bytes within 80000000 to 8fffffff";
    const std::string satp = "satp, as wide as the registers";
    const std::string va = "a virtual address as wide as the registers";
    struct Row {
        std::string line;
        std::string problem;
    };
    const std::vector<Row> rows{
        {"X", R"("X", expected a line that begins with S, N, W or T)"},
        {"t 0", R"("t 0", expected a line that begins with S, N, W or T)"},
        {"# note", R"("# note", expected a line that begins with S, N, W or T)"},
        {"N 1", R"(" 1", expected the end of the line)"},
        {"S 64 39", "a second S, expected one header"},
        {"W", "the end of the line, expected " + address},
        {"W 0x80000000 1", R"("0x80000000", expected )" + address},
        {"W 7fffffff 1", "7fffffff, expected " + address},
        {"W 8ffffff9 1", "8ffffff9, expected " + address},
        {"W 90000000 1", "90000000, expected " + address},
        {"W 80000000", "the end of the line, expected 8 bytes as a hexadecimal number"},
        {"W 80000000 -1", R"("-1", expected 8 bytes as a hexadecimal number)"},
        {"W 80000000 10000000000000000",
         R"("10000000000000000", expected 8 bytes as a hexadecimal number)"},
        {"W 80000000 1 2", R"(" 2", expected the end of the line)"},
        {"T", "the end of the line, expected a decimal id"},
        {"T a 0 0 0 0 0 0 r 0 0", R"("a", expected a decimal id)"},
        {"T 0", "the end of the line, expected " + satp},
        {"T 0 g 0 0 0 0 0 r 0 0", R"("g", expected )" + satp},
        {"T 0 9000000000000000 0 0 0 0 0 r 0 0",
         "satp 9000000000000000, whose MODE is 9, expected MODE 0 or 8, as the header says"},
        {"T 0 0 2 0 0 0 0 r 0 0", "2, expected a privilege, 0, 1 or 3"},
        {"T 0 0 4 0 0 0 0 r 0 0", "4, expected a privilege, 0, 1 or 3"},
        {"T 0 0 0 2 0 0 0 r 0 0", "2, expected sum, 0 or 1"},
        {"T 0 0 0 0 2 0 0 r 0 0", "2, expected mxr, 0 or 1"},
        {"T 0 0 0 0 0 2 0 r 0 0", "2, expected adue, 0 or 1"},
        {"T 0 0 0 0 0 0 2 r 0 0", "2, expected pbmte, 0 or 1"},
        {"T 0 0 0 0 0 0 0 f 0 0", R"("f", expected an access, r, w or x)"},
        {"T 0 0 0 0 0 0 0 rw 0 0", R"("rw", expected an access, r, w or x)"},
        {"T 0 0 0 0 0 0 0 r", "the end of the line, expected " + va},
        {"T 0 0 0 0 0 0 0 r 0", "the end of the line, expected q, a number"},
        {"T 0 0 0 0 0 0 0 r 0 z", R"("z", expected q, a number)"},
        {"T 0 0 0 0 0 0 0 r 0 0 0", R"(" 0", expected the end of the line)"},
    };
    for (const Row& row : rows) {
        CHECK(error_in_line(row.line) == row.problem);
    }
    CHECK(error_in_line("T 0 100000000 0 0 0 0 0 r 0 0", "S 32 32") ==
          "100000000, expected " + satp);
    CHECK(error_in_line("T 0 0 0 0 0 0 0 r 100000000 0", "S 32 32") == "100000000, expected " + va);
}

TEST_CASE("a text that lacks what must come first is an error", "[walk_vectors]") {
    const std::string formats = "S 32 32, S 64 39, S 64 48 or S 64 57";
    CHECK(error_in("N\n") == R"(FILE:1: found "N", expected S XLEN MODE before all else)");
    CHECK(error_in("S 64 32\n") == "FILE:1: found S 64 32, expected " + formats);
    CHECK(error_in("S 32 39\n") == "FILE:1: found S 32 39, expected " + formats);
    CHECK(error_in("\nS 64\n") ==
          "FILE:2: found the end of the line, expected the format, 32, 39, 48 or 57");
    CHECK(error_in("S sv39\n") ==
          R"(FILE:1: found "sv39", expected the width of registers, 32 or 64)");
    CHECK(error_in("S 64 39\nW 80000000 0\n") == "FILE:2: found W, expected N before the first W");
    CHECK(error_in(std::string("S 64 39\n") + good_test) ==
          "FILE:2: found T, expected N before the first T");
}

TEST_CASE("a text without a test is an error", "[walk_vectors]") {
    const std::string error = "FILE: found no test, expected at least one line T";
    CHECK(error_in("") == error);
    CHECK(error_in("S 64 39\nN\nW 80000000 1\n") == error);
}

TEST_CASE("a file of walk vectors is called by its name", "[walk_vectors]") {
    const tests::ScratchDirectory directory;
    const std::string good = directory.file("good", std::string("S 64 39\nN\n") + good_test);
    const std::string bad = directory.file("bad", "S 64 39\nM\n");

    CHECK(read_walk_vectors(good).lines.size() == 2);
    CHECK(input_error_of([&] { static_cast<void>(read_walk_vectors(bad)); }) ==
          bad + R"(:2: found "M", expected a line that begins with S, N, W or T)");
}

}  // namespace mmusim::tb::walk_vectors_test
