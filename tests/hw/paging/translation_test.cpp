// SPDX-License-Identifier: Apache-2.0
#include "hw/paging/translation.hpp"

#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace mmusim::hw::translation_test {
namespace {

// "rwxu" in any order.
PageFlags flags_named(const std::string& letters) {
    PageFlags flags{PageFlags::valid_bit};
    for (const char letter : letters) {
        switch (letter) {
            case 'r': flags = flags.with(PageFlags::read_bit); break;
            case 'w': flags = flags.with(PageFlags::write_bit); break;
            case 'x': flags = flags.with(PageFlags::execute_bit); break;
            case 'u': flags = flags.with(PageFlags::user_bit); break;
            default: FAIL("no such flag: " << letter);
        }
    }
    return flags;
}

TEST_CASE("privilege, SUM and MXR decide with the flags who may do what") {
    struct Row {
        std::string flags;
        Privilege privilege;
        bool sum;
        bool mxr;
        std::string allowed;  // of r, w, x: read, write, fetch
    };
    const auto row = GENERATE(
        // A program: the U bit first, then the flags.
        Row{"rwxu", Privilege::user, false, false, "rwx"},
        Row{"rwx", Privilege::user, true, true, ""}, Row{"ru", Privilege::user, false, false, "r"},
        Row{"rwu", Privilege::user, false, false, "rw"},
        Row{"xu", Privilege::user, false, false, "x"},
        Row{"rxu", Privilege::user, false, false, "rx"},
        Row{"xu", Privilege::user, false, true, "rx"},  // MXR: executable is readable
        Row{"ru", Privilege::user, true, true, "r"},    // not the other way round
        // The supervisor: a user's page only with SUM, and never to execute it.
        Row{"rwx", Privilege::supervisor, false, false, "rwx"},
        Row{"rwxu", Privilege::supervisor, false, false, ""},
        Row{"rwxu", Privilege::supervisor, true, false, "rw"},
        Row{"xu", Privilege::supervisor, true, false, ""},
        Row{"xu", Privilege::supervisor, true, true, "r"},
        Row{"xu", Privilege::supervisor, false, true, ""},
        Row{"x", Privilege::supervisor, false, false, "x"},
        Row{"x", Privilege::supervisor, false, true, "rx"},
        Row{"r", Privilege::supervisor, true, false, "r"});

    std::string allowed;
    for (const auto& [letter, type] :
         {std::pair{'r', AccessType::read}, {'w', AccessType::write}, {'x', AccessType::fetch}}) {
        const TranslationRequest request{.type = type,
                                         .context = {.privilege = row.privilege,
                                                     .supervisor_user_memory = row.sum,
                                                     .make_executable_readable = row.mxr}};
        if (permits(flags_named(row.flags), request)) {
            allowed += letter;
        }
    }

    CAPTURE(row.flags, static_cast<int>(row.privilege), row.sum, row.mxr);
    CHECK(allowed == row.allowed);
}

TEST_CASE("every access sets A, a write D as well") {
    CHECK(flags_after({0x1f}, AccessType::read) == PageFlags{0x5f});
    CHECK(flags_after({0x1f}, AccessType::fetch) == PageFlags{0x5f});
    CHECK(flags_after({0x1f}, AccessType::write) == PageFlags{0xdf});
    CHECK(flags_after({0xdf}, AccessType::read) == PageFlags{0xdf});
}

TEST_CASE("a page of any size carries the low bits of the address over") {
    struct Row {
        std::uint8_t log2_bytes;
        std::uint64_t physical;
    };
    const auto row = GENERATE(Row{12, 0x8000'0678}, Row{16, 0x8000'5678}, Row{21, 0x8014'5678},
                              Row{30, 0x9234'5678});
    const TranslatedPage page{.physical_page = {0x8'0000}, .size = {row.log2_bytes}};

    CHECK(page.physical_address({0x3f'5234'5678 & ~std::uint64_t{0x20'0000}}) ==
          PhysicalAddress{row.physical & ~std::uint64_t{0x20'0000}});
}

TEST_CASE("the request of what is held is answered by every leaf, whatever its rights") {
    for (const std::string letters : {"r", "rw", "x", "rx", "rwx", "ru", "rwu", "xu", "rwxu"}) {
        for (const AccessType type : {AccessType::read, AccessType::write, AccessType::fetch}) {
            INFO(letters);
            const TranslationRequest asked = request_of_what_is_held({.type = type});
            CHECK(permits(flags_named(letters), asked));
            // Its walk writes nothing: what is not marked as used is not held.
            CHECK_FALSE(asked.context.hardware_ad_update);
        }
    }
}

}  // namespace
}  // namespace mmusim::hw::translation_test
