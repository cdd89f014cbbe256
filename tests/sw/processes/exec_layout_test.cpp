// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/exec_layout.hpp"

#include "hw/paging/format.hpp"
#include "sw/processes/process_maps.hpp"
#include "tests/support/input_error.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace mmusim::sw::exec_layout_test {
namespace {

constexpr Rights read_only{.read = true};
constexpr Rights read_write{.read = true, .write = true};
constexpr Rights read_execute{.read = true, .execute = true};
constexpr Rights none{};

constexpr ObjectId program_object{0};
constexpr ObjectId linker_object{1};
constexpr ObjectId library_object{2};
constexpr ObjectId second_library_object{3};

constexpr VirtualAddress sv39_half = format_of(hw::PagingMode::sv39).user_half_end();
constexpr VirtualAddress sv39_base{0x2a'aaaa'a000};      // two thirds of it
constexpr VirtualAddress sv39_mappings{0x3f'f800'0000};  // 128 MiB below it

// Text of 0x1234 bytes at `at`; behind a page that is nobody's, data that begins in the middle of a
// page, 0x470 bytes of it in the file and 0x2b90 in memory.
ElfImage image_at(std::uint64_t at, ElfPlacement placement) {
    ElfImage image;
    image.placement = placement;
    image.file_bytes = 0x4000;
    image.entry = {at + 0x100};
    image.segments = {
        {.start = {at}, .file_bytes = 0x1234, .memory_bytes = 0x1234, .rights = read_execute},
        {.file_offset = 0x2d70,
         .start = {at + 0x3d70},
         .file_bytes = 0x470,
         .memory_bytes = 0x2b90,
         .rights = read_write},
    };
    return image;
}

ElfFile program(std::uint64_t at = 0, ElfPlacement placement = ElfPlacement::anywhere) {
    return {.path = "program", .image = image_at(at, placement), .object = program_object};
}

ElfFile linker() {
    return {.path = "ld.so", .image = image_at(0, ElfPlacement::anywhere), .object = linker_object};
}

ElfFile library(ObjectId object) {
    return {.path = "library", .image = image_at(0, ElfPlacement::anywhere), .object = object};
}

Region of_file(ObjectId object, VirtualAddress base, std::uint64_t from, std::uint64_t to,
               std::uint64_t file_page, Rights rights) {
    Region region{.start = base + from, .end = base + to, .rights = rights};
    region.object = object;
    region.object_page = file_page;
    return region;
}

Region zeros(VirtualAddress base, std::uint64_t from, std::uint64_t to,
             Rights rights = read_write) {
    return {.start = base + from, .end = base + to, .rights = rights};
}

Region stack_of(VirtualAddress end, std::uint64_t bytes, Rights rights = read_write) {
    Region region{.start = {end.value - bytes}, .end = end, .rights = rights};
    region.grows_down = true;
    return region;
}

constexpr std::uint64_t first_stack_bytes = 0x21000;  // a page of arguments and 128 KiB
constexpr std::uint64_t image_bytes = 0x7000;         // 0 to 0x6900, in pages

std::vector<std::string> lines_of(const std::vector<Region>& regions) {
    std::vector<std::string> lines;
    std::transform(
        regions.begin(), regions.end(), std::back_inserter(lines),
        [](const Region& region) { return maps_line(region, region.grows_down ? "[stack]" : ""); });
    return lines;
}

void check_regions(const ExecLayout& layout, const std::vector<Region>& expected) {
    CHECK(lines_of(layout.regions) == lines_of(expected));
    CHECK(layout.regions == expected);
}

VirtualPageNumber page_at(VirtualAddress address) {
    return page_number_of(address);
}

std::string error_of(const ProgramFiles& files) {
    return tests::input_error_of(
        [&] { static_cast<void>(lay_out(files, {.user_half_end = sv39_half})); });
}

}  // namespace

TEST_CASE("a program at fixed addresses lies where it was linked, its heap behind it") {
    const ProgramFiles files{.program = program(0x10000, ElfPlacement::fixed)};
    const ExecLayout layout = lay_out(files, {.user_half_end = sv39_half});
    constexpr VirtualAddress base{0x10000};

    check_regions(layout, {of_file(program_object, base, 0, 0x2000, 0, read_execute),
                           of_file(program_object, base, 0x3000, 0x5000, 2, read_write),
                           zeros(base, 0x5000, 0x7000), stack_of(sv39_half, first_stack_bytes)});
    CHECK(layout.heap_start == base + 0x7000);
    CHECK(layout.entry == base + 0x100);
    CHECK(layout.code_start == base);
    CHECK(layout.code_end == base + 0x1234);
    // The arguments, and the page in which the file's data ends at 0x41e0.
    CHECK(layout.written_pages ==
          std::vector{page_at({sv39_half.value - 1}), page_at(base + 0x4000)});
    CHECK(layout.read_only_spans.empty());
}

TEST_CASE("with an interpreter the program lies at two thirds and the rest below the stack") {
    ProgramFiles files{.program = program(), .interpreter = linker()};
    files.libraries = {library(library_object), library(second_library_object)};
    const ExecLayout layout = lay_out(files, {.user_half_end = sv39_half});

    const VirtualAddress linker_base{sv39_mappings.value - image_bytes};
    const VirtualAddress library_base{linker_base.value - image_bytes};
    const VirtualAddress second_base{library_base.value - image_bytes};
    // What Linux maps has a hole where the file has one; ld.so keeps a library in one piece.
    const auto library_regions = [](ObjectId object, VirtualAddress base) {
        return std::vector{of_file(object, base, 0, 0x2000, 0, read_execute),
                           of_file(object, base, 0x2000, 0x3000, 2, none),
                           of_file(object, base, 0x3000, 0x5000, 2, read_write),
                           zeros(base, 0x5000, 0x7000)};
    };
    std::vector<Region> expected{of_file(program_object, sv39_base, 0, 0x2000, 0, read_execute),
                                 of_file(program_object, sv39_base, 0x3000, 0x5000, 2, read_write),
                                 zeros(sv39_base, 0x5000, 0x7000)};
    for (const Region& region : library_regions(second_library_object, second_base)) {
        expected.push_back(region);
    }
    for (const Region& region : library_regions(library_object, library_base)) {
        expected.push_back(region);
    }
    expected.push_back(of_file(linker_object, linker_base, 0, 0x2000, 0, read_execute));
    expected.push_back(of_file(linker_object, linker_base, 0x3000, 0x5000, 2, read_write));
    expected.push_back(zeros(linker_base, 0x5000, 0x7000));
    expected.push_back(stack_of(sv39_half, first_stack_bytes));
    check_regions(layout, expected);

    CHECK(layout.entry == linker_base + 0x100);
    CHECK(layout.heap_start == sv39_base + 0x7000);
    CHECK(layout.code_start == sv39_base);
    CHECK(layout.written_pages ==
          std::vector{page_at({sv39_half.value - 1}), page_at(sv39_base + 0x4000),
                      page_at(linker_base + 0x4000), page_at(library_base + 0x4000),
                      page_at(second_base + 0x4000)});
}

TEST_CASE("a program that can lie anywhere but has no interpreter lies where libraries do") {
    const ExecLayout layout = lay_out({.program = program()}, {.user_half_end = sv39_half});

    const VirtualAddress base{sv39_mappings.value - image_bytes};
    CHECK(layout.regions.front().start == base);
    CHECK(layout.entry == base + 0x100);
    // Its heap would run into the stack, so Linux puts it where other programs lie.
    CHECK(layout.heap_start == sv39_base + 0x1000);
}

TEST_CASE("a file is aligned as its segments ask for") {
    constexpr std::uint64_t alignment = 0x20'0000;
    const auto aligned = [](ElfFile file) {
        file.image.segments.front().alignment_bytes = alignment;
        return file;
    };
    const auto lowest_of = [](const ExecLayout& layout, ObjectId object) {
        for (const Region& region : layout.regions) {
            if (region.object == object) {
                return region.start;
            }
        }
        return VirtualAddress{};
    };
    SECTION("a program at two thirds") {
        const ExecLayout layout = lay_out({.program = aligned(program()), .interpreter = linker()},
                                          {.user_half_end = sv39_half});
        CHECK(lowest_of(layout, program_object) == VirtualAddress{0x2a'aaa0'0000});
    }
    SECTION("a program without an interpreter") {
        const ExecLayout layout =
            lay_out({.program = aligned(program())}, {.user_half_end = sv39_half});
        CHECK(lowest_of(layout, program_object) == VirtualAddress{0x3f'f7e0'0000});
    }
    SECTION("a library, for which ld.so asks for twice the alignment") {
        ProgramFiles files{.program = program(), .interpreter = linker()};
        files.libraries = {aligned(library(library_object))};
        const ExecLayout layout = lay_out(files, {.user_half_end = sv39_half});
        CHECK(lowest_of(layout, library_object) == VirtualAddress{0x3f'f7e0'0000 - alignment});
    }
}

TEST_CASE("a library goes into a gap between the interpreter's segments if it fits there") {
    ProgramFiles files{.program = program(), .interpreter = linker()};
    files.interpreter->image.segments[1].start.value += 0x10'0000;
    files.libraries = {library(library_object)};
    const ExecLayout layout = lay_out(files, {.user_half_end = sv39_half});

    const VirtualAddress linker_base{sv39_mappings.value - image_bytes - 0x10'0000};
    const VirtualAddress gap_end = linker_base + 0x10'3000;
    CHECK(layout.entry == linker_base + 0x100);
    bool found = false;
    for (const Region& region : layout.regions) {
        found = found || region == of_file(library_object, {gap_end.value - image_bytes}, 0, 0x2000,
                                           0, read_execute);
    }
    CHECK(found);
}

TEST_CASE("zeros behind data that cannot be written: the kernel makes them writable, ld.so not") {
    ProgramFiles files{.program = program(), .interpreter = linker()};
    files.libraries = {library(library_object)};
    files.program.image.segments[1].rights = read_only;
    files.libraries[0].image.segments[1].rights = read_only;
    const ExecLayout layout = lay_out(files, {.user_half_end = sv39_half});

    const VirtualAddress library_base{sv39_mappings.value - 2 * image_bytes};
    CHECK(layout.regions[2] == zeros(sv39_base, 0x5000, 0x7000));
    CHECK(layout.regions[6] == zeros(library_base, 0x5000, 0x7000, read_only));
    // Only the interpreter's data is written.
    CHECK(layout.written_pages.size() == 2);
}

TEST_CASE("zeros alone need no file, and data that ends with its page needs no write") {
    ProgramFiles files{.program = program(0x10000, ElfPlacement::fixed)};
    std::vector<ElfSegment>& segments = files.program.image.segments;
    SECTION("a segment without bytes in the file") {
        segments[1].file_bytes = 0;
        const ExecLayout layout = lay_out(files, {.user_half_end = sv39_half});
        CHECK(layout.regions[1] == zeros({0x10000}, 0x3000, 0x7000));
        CHECK(layout.written_pages.size() == 1);
    }
    SECTION("bytes to the end of a page") {
        segments[1].file_bytes = 0x290;
        const ExecLayout layout = lay_out(files, {.user_half_end = sv39_half});
        CHECK(layout.regions[1] ==
              of_file(program_object, {0x10000}, 0x3000, 0x4000, 2, read_write));
        CHECK(layout.regions[2] == zeros({0x10000}, 0x4000, 0x7000));
        CHECK(layout.written_pages.size() == 1);
    }
    SECTION("no zeros at all") {
        segments[1].memory_bytes = segments[1].file_bytes;
        const ExecLayout layout = lay_out(files, {.user_half_end = sv39_half});
        CHECK(layout.regions.size() == 3);
        CHECK(layout.written_pages.size() == 1);
    }
}

TEST_CASE("two segments in one page: the later one has it") {
    ProgramFiles files{.program = program(0x10000, ElfPlacement::fixed)};
    std::vector<ElfSegment>& segments = files.program.image.segments;
    segments[1].start.value = 0x11d70;
    segments[1].file_offset = 0x1d70;
    const ExecLayout layout = lay_out(files, {.user_half_end = sv39_half});

    CHECK(layout.regions[0] == of_file(program_object, {0x10000}, 0, 0x1000, 0, read_execute));
    CHECK(layout.regions[1] == of_file(program_object, {0x10000}, 0x1000, 0x3000, 1, read_write));
}

TEST_CASE("ld.so writes what it relocates, its own first and the program last, then protects") {
    ProgramFiles files{.program = program(), .interpreter = linker()};
    files.libraries = {library(library_object), library(second_library_object)};
    // Page 0 is text, which stays as it is; page 4 is written before; page 5 is all zeros.
    const std::vector<VirtualPageNumber> relocated{{0}, {3}, {4}, {5}};
    const ElfSpan span{.start = {0x3d70}, .bytes = 0x1300};
    const std::vector<ElfFile*> all{&files.program, &*files.interpreter, &files.libraries[0],
                                    &files.libraries[1]};
    for (ElfFile* const file : all) {
        file->image.linkage.relocated_pages = relocated;
        file->image.read_only_after_relocation = span;
    }
    const ExecLayout layout = lay_out(files, {.user_half_end = sv39_half});

    const VirtualAddress linker_base{sv39_mappings.value - image_bytes};
    const VirtualAddress library_base{linker_base.value - image_bytes};
    const VirtualAddress second_base{library_base.value - image_bytes};
    const auto page_of = [](VirtualAddress base, std::uint64_t page) {
        return page_at(base + page * page_bytes);
    };
    CHECK(layout.written_pages ==
          std::vector{page_at({sv39_half.value - 1}),
                      // Linux: where the files' data ends.
                      page_of(sv39_base, 4), page_of(linker_base, 4),
                      // ld.so: itself, then where the libraries' data ends, then their relocations.
                      page_of(linker_base, 3), page_of(linker_base, 5), page_of(library_base, 4),
                      page_of(second_base, 4), page_of(second_base, 3), page_of(second_base, 5),
                      page_of(library_base, 3), page_of(library_base, 5), page_of(sv39_base, 3),
                      page_of(sv39_base, 5)});

    // From the page of its start to that of its end, which is left out.
    std::vector<PageSpan> spans;
    for (const VirtualAddress base : {linker_base, library_base, second_base, sv39_base}) {
        spans.push_back({base + 0x3000, base + 0x5000});
    }
    CHECK(layout.read_only_spans == spans);
}

TEST_CASE("the stack: its limit, its rights, its place") {
    const ProgramFiles files{.program = program(0x10000, ElfPlacement::fixed)};
    const auto stack_with = [&](std::uint64_t limit) {
        return lay_out(files, {.user_half_end = sv39_half, .stack_limit_bytes = limit})
            .regions.back();
    };
    CHECK(stack_with(~std::uint64_t{0}) == stack_of(sv39_half, first_stack_bytes));
    CHECK(stack_with(0x5fff) == stack_of(sv39_half, 0x5000));
    CHECK(stack_with(0) == stack_of(sv39_half, 0x1000));

    ProgramFiles executable = files;
    executable.program.image.executable_stack = true;
    CHECK(lay_out(executable, {.user_half_end = sv39_half}).regions.back() ==
          stack_of(sv39_half, first_stack_bytes, read_write_execute));
}

TEST_CASE("a seed moves program, libraries, heap and stack as their places say") {
    ProgramFiles files{.program = program(), .interpreter = linker()};
    files.libraries = {library(library_object)};
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const ExecOptions options{.user_half_end = sv39_half, .seed = seed};
        const ExecPlaces places = choose_places(options);
        const ExecLayout layout = lay_out(files, options);
        const VirtualAddress base = page_at(places.program_base).address();
        REQUIRE(layout.regions.front().start == base);
        REQUIRE(layout.entry.value == places.mapping_end.value - image_bytes + 0x100);
        REQUIRE(layout.regions.back().end == places.stack_end);
        // A page apart from the zeros, and then some.
        REQUIRE(layout.heap_start == base + 0x8000 + places.heap_gap_bytes);
    }
}

TEST_CASE("what does not fit is refused, by the name of its file") {
    CHECK(error_of({.program = program(0x1000, ElfPlacement::fixed)}) ==
          "program: found segments of [0x1000, 0x8000), expected some in [0x10000, 0x4000000000), "
          "apart from the stack and from other files");
    CHECK(error_of({.program = program(0x40'0000'0000, ElfPlacement::fixed)})
              .starts_with("program: found segments of [0x4000000000, 0x4000007000), expected"));
    CHECK(error_of({.program = program(0x3f'ffff'0000, ElfPlacement::fixed)})
              .starts_with("program: found segments of [0x3fffff0000, 0x3fffff7000), expected"));

    ProgramFiles huge{.program = program(), .interpreter = linker()};
    huge.interpreter->image.segments[1].memory_bytes = std::uint64_t{1} << 62U;
    CHECK(error_of(huge) ==
          "ld.so: found no room for 0x4000000000004000 bytes below "
          "0x3ff8000000, expected some");

    ProgramFiles fixed{.program = program(), .interpreter = linker()};
    fixed.libraries = {library(library_object)};
    fixed.libraries[0].image.placement = ElfPlacement::fixed;
    CHECK(error_of(fixed) ==
          "library: found a program at fixed addresses (ET_EXEC), expected a "
          "library (ET_DYN)");

    ProgramFiles outside{.program = program(0x10000, ElfPlacement::fixed)};
    outside.program.image.read_only_after_relocation = ElfSpan{.start = {0x12000}, .bytes = 0x2000};
    CHECK(error_of(outside) ==
          "program: found [0x12000, 0x14000) to be made read-only "
          "(PT_GNU_RELRO), expected a part of the segments");
}

}  // namespace mmusim::sw::exec_layout_test
