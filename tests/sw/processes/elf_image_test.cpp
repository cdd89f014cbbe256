// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/elf_image.hpp"

#include "hw/base/random.hpp"
#include "sw/processes/exec_layout.hpp"
#include "tests/support/elf_builder.hpp"
#include "tests/support/input_error.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace mmusim::sw::elf_image_test {
namespace {

using tests::ElfHeaderSpec;
using tests::ElfSpec;
using tests::may_execute;
using tests::may_read;
using tests::may_write;

constexpr std::uint64_t names_offset = 0x300;
constexpr std::uint64_t relocations_offset = 0x400;
constexpr std::uint64_t dynamic_offset = 0x2d80;

// Text at 0 and data at 0x3d70, of which 0x470 bytes are in the file and the rest is zeros. The
// dynamic section lies in the data, the strings and relocations that it names in the text.
ElfSpec program(bool is_64_bit) {
    ElfSpec spec{.is_64_bit = is_64_bit, .entry = 0x1010};
    spec.headers = {
        {.type = tests::interpreter_header, .offset = 0x280, .file_bytes = 16, .memory_bytes = 16},
        {.flags = may_read | may_execute, .file_bytes = 0x1234, .memory_bytes = 0x1234},
        {.flags = may_read | may_write,
         .offset = 0x2d70,
         .address = 0x3d70,
         .file_bytes = 0x470,
         .memory_bytes = 0x3000},
        {.type = tests::dynamic_header,
         .offset = dynamic_offset,
         .address = 0x3d80,
         .file_bytes = 0x180,
         .memory_bytes = 0x180},
        {.type = tests::stack_header, .flags = may_read | may_write},
        {.type = tests::relocated_header,
         .offset = 0x2d70,
         .address = 0x3d70,
         .file_bytes = 0x290,
         .memory_bytes = 0x290},
    };
    spec.contents = {{0x280, "/lib/ld-test.so"},
                     {names_offset, std::string("\0liba.so\0libb.so\0$ORIGIN/x\0me.so\0", 34)}};
    constexpr std::uint64_t needed = 1;
    constexpr std::uint64_t string_table = 5;
    constexpr std::uint64_t string_bytes = 10;
    constexpr std::uint64_t soname = 14;
    constexpr std::uint64_t run_path = 29;
    spec.numbers = {{dynamic_offset,
                     {needed, 1, string_table, names_offset, needed, 9, soname, 27, run_path, 17,
                      string_bytes, 34, 0, 0}}};
    return spec;
}

// Replaces the end of the dynamic section by more entries.
void add_dynamic(ElfSpec& spec, const tests::ElfNumbers& entries) {
    tests::ElfNumbers& all = spec.numbers.front().second;
    all.insert(all.end() - 2, entries.begin(), entries.end());
}

ElfImage parse(const ElfSpec& spec) {
    return parse_elf(tests::elf_bytes(spec), "a.elf");
}

std::string error_of(const ElfSpec& spec) {
    return tests::input_error_of([&] { static_cast<void>(parse(spec)); });
}

}  // namespace

TEST_CASE("an ELF file of either class says what it wants in memory") {
    const bool is_64_bit = GENERATE(false, true);
    const ElfImage image = parse(program(is_64_bit));

    CHECK(image.is_64_bit == is_64_bit);
    CHECK(image.placement == ElfPlacement::anywhere);
    CHECK(image.machine == 243);
    CHECK(image.file_bytes == 0x4000);
    CHECK(image.entry == VirtualAddress{0x1010});
    CHECK(image.interpreter == "/lib/ld-test.so");
    CHECK_FALSE(image.executable_stack);
    REQUIRE(image.read_only_after_relocation);
    CHECK(image.read_only_after_relocation->start == VirtualAddress{0x3d70});
    CHECK(image.read_only_after_relocation->bytes == 0x290);

    REQUIRE(image.segments.size() == 2);
    const ElfSegment& text = image.segments[0];
    CHECK(text.rights == Rights{.read = true, .execute = true});
    CHECK(text.end() == VirtualAddress{0x1234});
    const ElfSegment& data = image.segments[1];
    CHECK(data.rights == Rights{.read = true, .write = true});
    CHECK(data.file_offset == 0x2d70);
    CHECK(data.start == VirtualAddress{0x3d70});
    CHECK(data.file_end() == VirtualAddress{0x41e0});
    CHECK(data.end() == VirtualAddress{0x6d70});
    CHECK(data.alignment_bytes == 0x1000);

    CHECK(image.linkage.needed == std::vector<std::string>{"liba.so", "libb.so"});
    CHECK(image.linkage.soname == "me.so");
    CHECK(image.linkage.run_path == "$ORIGIN/x");
    CHECK(image.linkage.older_run_path == std::nullopt);
    CHECK(image.linkage.relocated_pages.empty());
}

TEST_CASE("a program at fixed addresses, with an executable stack and nothing else") {
    ElfSpec spec{.type = 2, .entry = 0x10100};
    spec.headers = {
        {.flags = may_read | may_execute, .address = 0x10000, .file_bytes = 1, .memory_bytes = 1},
        {.type = tests::stack_header, .flags = may_read | may_write | may_execute}};
    const ElfImage image = parse(spec);

    CHECK(image.placement == ElfPlacement::fixed);
    CHECK(image.executable_stack);
    CHECK(image.interpreter == std::nullopt);
    CHECK(image.linkage.needed.empty());
    CHECK_FALSE(image.read_only_after_relocation);
}

TEST_CASE("relocations of every kind name the pages that they write") {
    const bool is_64_bit = GENERATE(false, true);
    const std::uint64_t word_bytes = is_64_bit ? 8 : 4;
    ElfSpec spec = program(is_64_bit);
    std::vector<VirtualPageNumber> expected;

    SECTION("with addends, where type 0 does nothing") {
        spec.numbers.push_back({relocations_offset, {0x3d78, 3, 5, 0x6000, 0, 5, 0x5008, 3, 0}});
        add_dynamic(spec, {7, relocations_offset, 8, 9 * word_bytes});
        expected = {{3}, {5}};
    }
    SECTION("without addends") {
        spec.numbers.push_back({relocations_offset, {0x4000, 3, 0x3d78, 3}});
        add_dynamic(spec, {17, relocations_offset, 18, 4 * word_bytes});
        expected = {{3}, {4}};
    }
    SECTION("of procedures, with addends") {
        spec.numbers.push_back({relocations_offset, {0x4000, 5, 0, 0x5000, 5, 0}});
        add_dynamic(spec, {23, relocations_offset, 2, 6 * word_bytes, 20, 7});
        expected = {{4}, {5}};
    }
    SECTION("of procedures, without addends") {
        spec.numbers.push_back({relocations_offset, {0x4000, 5, 0x5000, 5}});
        add_dynamic(spec, {23, relocations_offset, 2, 4 * word_bytes, 20, 17});
        expected = {{4}, {5}};
    }
    // Bit 1 of a bitmap is the first word that it is about, and the next bitmap goes on behind its
    // last: here to the word before a page's end, or to that behind it.
    const auto add_bitmaps_to = [&](std::uint64_t last) {
        const std::uint64_t words_of_a_bitmap = 8 * word_bytes - 1;
        const std::uint64_t address = last - (1 + words_of_a_bitmap) * word_bytes;
        spec.numbers.push_back({relocations_offset, {address, 0b11, 0b11}});
        add_dynamic(spec, {36, relocations_offset, 35, 3 * word_bytes});
    };
    SECTION("packed, up to the end of a page") {
        add_bitmaps_to(0x5000 - word_bytes);
        expected = {{4}};
    }
    SECTION("packed, into the next page") {
        add_bitmaps_to(0x5000);
        expected = {{4}, {5}};
    }
    CHECK(parse(spec).linkage.relocated_pages == expected);
}

TEST_CASE("what is no ELF file, or none that Linux would map, is refused in words") {
    struct Row {
        std::function<void(ElfSpec&)> defect;
        std::string message;
    };
    const auto text = [](ElfSpec& spec) -> ElfHeaderSpec& { return spec.headers[1]; };
    const auto data = [](ElfSpec& spec) -> ElfHeaderSpec& { return spec.headers[2]; };
    const std::vector<Row> rows{
        {[](ElfSpec& spec) { spec.contents.emplace_back(0, "#!/b"); },
         "found 23 21 2f 62 at the beginning, expected an ELF file, which begins with 7f 45 4c 46"},
        {[](ElfSpec& spec) { spec.contents.emplace_back(4, "\3"); },
         "found ELF class 3, expected 1 (32 bits) or 2 (64 bits)"},
        {[](ElfSpec& spec) { spec.contents.emplace_back(5, "\2"); },
         "found byte order 2, expected 1 (little endian)"},
        {[](ElfSpec& spec) { spec.type = 1; },
         "found ELF type 1, expected 2 (a program) or 3 (a shared object or a program that can lie "
         "anywhere)"},
        {[](ElfSpec& spec) { spec.contents.emplace_back(54, "\40"); },
         "found program headers of 32 bytes, expected 56"},
        {[](ElfSpec& spec) { spec.contents.emplace_back(56, std::string(2, '\0')); },
         "found 0 program headers, expected 1 to 1170"},
        {[](ElfSpec& spec) { spec.contents.emplace_back(56, "\xff\xff"); },
         "found 65535 program headers, expected 1 to 1170"},
        {[](ElfSpec& spec) { spec.contents.emplace_back(33, "\x40"); },
         "found 16384 bytes in the file, expected the program headers at 0x4040, 0x150 bytes long"},
        {[&](ElfSpec& spec) { data(spec).file_bytes = 0x3001; },
         "found a segment (PT_LOAD) at 0x3d70 with 0x3001 bytes in the file and 0x3000 in memory, "
         "expected no more in the file than in memory"},
        {[&](ElfSpec& spec) { data(spec).file_bytes = 0x2000; },
         "found 16384 bytes in the file, expected a segment (PT_LOAD) at 0x3d70 at 0x2d70, 0x2000 "
         "bytes long"},
        {[&](ElfSpec& spec) { data(spec).memory_bytes = ~std::uint64_t{0}; },
         "found a segment (PT_LOAD) at 0x3d70 of 0xffffffffffffffff bytes, expected one that ends "
         "at 0x8000000000000000 or before"},
        {[&](ElfSpec& spec) { data(spec).offset += 4; },
         "found a segment (PT_LOAD) at 0x3d70 and at 0x2d74 in the file, expected two addresses "
         "that are equal modulo 0x1000"},
        {[&](ElfSpec& spec) { data(spec).alignment = 0x4000; },
         "found a segment (PT_LOAD) at 0x3d70 and at 0x2d70 in the file, expected two addresses "
         "that are equal modulo 0x4000"},
        {[&](ElfSpec& spec) { data(spec).alignment = 0x3000; },
         "found a segment (PT_LOAD) at 0x3d70 with the alignment 0x3000, expected a power of two "
         "up to 0x100000000"},
        {[&](ElfSpec& spec) { text(spec).memory_bytes = 0x3d71; },
         "found a segment (PT_LOAD) at 0x3d70 behind one that ends at 0x3d71, expected segments in "
         "the order of their addresses, without overlap"},
        {[&](ElfSpec& spec) { std::swap(text(spec), data(spec)); },
         "found a segment (PT_LOAD) at 0x0 behind one that ends at 0x6d70, expected segments in "
         "the order of their addresses, without overlap"},
        {[&](ElfSpec& spec) { spec.headers.resize(1); },
         "found no segment that lies in memory (PT_LOAD), expected at least one"},
        {[](ElfSpec& spec) { spec.headers[0].file_bytes = 14; },
         "found the interpreter's path (PT_INTERP) of 14 bytes without an end, expected one that "
         "ends in NUL within 4096"},
        {[](ElfSpec& spec) { spec.headers[0].offset = 0x5000; },
         "found 16384 bytes in the file, expected the interpreter's path (PT_INTERP) at 0x5000, "
         "0x10 bytes long"},
        {[](ElfSpec& spec) { spec.headers[0].offset = 0x2c0; },
         "found an interpreter (PT_INTERP) without a name, expected a path"},
        {[](ElfSpec& spec) { spec.headers[3].file_bytes = 0x20; },
         "found a dynamic section (PT_DYNAMIC) without an end, expected DT_NULL as its last entry"},
        {[](ElfSpec& spec) { spec.headers[3].file_bytes = ~std::uint64_t{0}; },
         "found 16384 bytes in the file, expected the dynamic section (PT_DYNAMIC) at 0x2d80, "
         "0xffffffffffffffff bytes long"},
        {[](ElfSpec& spec) {
             add_dynamic(spec, {1, 34});
         },
         "found the name of a library or path at 0x22 of a string table of 0x22 bytes, expected "
         "one within the table"},
        {[](ElfSpec& spec) {
             add_dynamic(spec, {5, 0x2000});
         },
         "found the string table at 0x2000, 0x22 bytes long, expected one within a segment "
         "(PT_LOAD)"},
        {[](ElfSpec& spec) {
             add_dynamic(spec, {7, 0x1220, 8, 0x18});
         },
         "found a table of relocations at 0x1220, 0x18 bytes long, expected one within a segment "
         "(PT_LOAD)"},
        {[](ElfSpec& spec) {
             spec.numbers.push_back({relocations_offset, {0x2000, 3, 5}});
             add_dynamic(spec, {7, relocations_offset, 8, 0x18});
         },
         "found a relocation of 0x2000, expected one of an address in a segment (PT_LOAD)"},
    };
    for (const Row& row : rows) {
        ElfSpec spec = program(true);
        row.defect(spec);
        CHECK(error_of(spec) == "a.elf: " + row.message);
    }
}

TEST_CASE("a file that is cut off anywhere is refused, unless only its unused end is missing") {
    const bool is_64_bit = GENERATE(false, true);
    const std::vector<std::byte> whole = tests::elf_bytes(program(is_64_bit));
    constexpr std::size_t used_bytes = 0x2d70 + 0x470;

    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const auto cut = std::span(whole).first(size);
        const std::string error =
            tests::input_error_of([&] { static_cast<void>(parse_elf(cut, "a.elf")); });
        CAPTURE(size, error);
        REQUIRE((error == "no error") == (size >= used_bytes));
        REQUIRE((error == "no error" || error.starts_with("a.elf: found ")));
    }
}

TEST_CASE("random damage is refused or understood, never more than that") {
    const bool is_64_bit = GENERATE(false, true);
    ElfSpec spec = program(is_64_bit);
    const std::uint64_t word_bytes = is_64_bit ? 8 : 4;
    spec.numbers.push_back({relocations_offset, {0x3d78, 3, 5, 0x5008, 3, 0}});
    spec.numbers.push_back({relocations_offset + 0x80, {0x4000, 0x55, 0xff}});
    add_dynamic(spec, {7, relocations_offset, 8, 6 * word_bytes, 36, relocations_offset + 0x80, 35,
                       3 * word_bytes});
    const std::vector<std::byte> whole = tests::elf_bytes(spec);
    Random random(is_64_bit ? 64 : 32);
    unsigned understood = 0;
    unsigned refused = 0;

    for (unsigned round = 0; round < 20'000; ++round) {
        std::vector<std::byte> damaged = whole;
        for (std::uint64_t count = 1 + random.below(4); count > 0; --count) {
            // Headers, strings and relocations, or the dynamic section.
            const bool in_dynamic = random.below(3) == 0;
            const std::uint64_t place =
                in_dynamic ? dynamic_offset + random.below(0x180) : random.below(0x500);
            constexpr std::array<std::uint8_t, 4> nasty{0, 1, 0x7f, 0xff};
            damaged[place] = random.below(2) == 0
                                 ? static_cast<std::byte>(nasty.at(random.below(nasty.size())))
                                 : static_cast<std::byte>(random.below(256));
        }
        try {
            const ProgramFiles files{
                .program = {.path = "a.elf", .image = parse_elf(damaged, "a.elf")}};
            static_cast<void>(lay_out(files, {.user_half_end = {std::uint64_t{1} << 38U}}));
            ++understood;
        } catch (const InputError& error) {
            REQUIRE(std::string(error.what()).starts_with("a.elf: found "));
            ++refused;
        }
    }
    CHECK(understood > 1000);
    CHECK(refused > 1000);
}

}  // namespace mmusim::sw::elf_image_test
