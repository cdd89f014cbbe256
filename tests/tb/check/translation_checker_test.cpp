// SPDX-License-Identifier: Apache-2.0
#include "tb/check/translation_checker.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

namespace mmusim::tb::translation_checker_test {

using Catch::Matchers::Contains;

namespace {

constexpr VirtualAddress address{0x1234};
constexpr hw::TranslatedPage page_5{.physical_page = {5}, .flags = {0xdf}};

// Sv39 tables at 0x1000, 0x2000 and 0x3000 that map page 1 to page 5 for users; the program may
// read and write there.
class Bench {
  public:
    void check(AccessType type, std::optional<hw::TranslatedPage> page,
               VirtualAddress where = address) {
        checker.check(EndedTranslation{
            .access = 7, .issued = {40}, .request = request(type, where), .page = page});
    }
    void check_fault(AccessType type, hw::FaultCause cause, VirtualAddress where = address) {
        checker.check(hw::FaultedTranslation{
            .access = 7, .issued = {40}, .request = request(type, where), .cause = cause});
    }

    // What the failure says; "no failure" if there is none.
    std::string complaint(AccessType type, std::optional<hw::TranslatedPage> page,
                          VirtualAddress where = address) {
        try {
            check(type, page, where);
        } catch (const CheckFailure& failure) {
            return failure.what();
        }
        return "no failure";
    }

    static hw::TranslationRequest request(AccessType type, VirtualAddress where) {
        return {.address = where, .type = type, .context = {.root = {1}, .asid = {3}}};
    }

    std::map<std::uint64_t, std::uint64_t> memory{
        {0x1000, 0x801}, {0x2000, 0xc01}, {0x3008, 5U << 10U | 0xdfU}};
    std::uint64_t end_of_memory = 0x1'0000;
    sw::Rights rights{.read = true, .write = true};
    TranslationChecker checker{
        {},
        {.memory = [this](std::uint64_t where, unsigned /*bytes*/) -> std::optional<std::uint64_t> {
             if (where >= end_of_memory) {
                 return std::nullopt;
             }
             return memory.contains(where) ? memory.at(where) : 0;
         },
         .region_at = [this](VirtualAddress where) -> std::optional<sw::Region> {
             const sw::Region region{.start = {0x1000}, .end = {0x2000}, .rights = rights};
             return region.contains(where) ? std::optional(region) : std::nullopt;
         },
         .tlbs =
             [] {
                 return std::vector<TlbContents>{
                     {.name = "l1d",
                      .entries = {{.virtual_page = {1}, .asid = {3}, .page = page_5},
                                  {.virtual_page = {2}, .asid = {3}, .page = page_5}}}};
             }}};
};

}  // namespace

TEST_CASE("a translation that page tables and map bear out is counted", "[translation_checker]") {
    Bench bench;
    bench.check(AccessType::read, page_5);
    bench.check(AccessType::write, page_5);
    bench.check(AccessType::read, std::nullopt, {0x9000});

    CHECK(bench.checker.checked() == 3);
}

TEST_CASE("another physical address is a difference, told with all that is known",
          "[translation_checker]") {
    Bench bench;
    hw::TranslatedPage stale = page_5;
    stale.physical_page = {6};

    CHECK(bench.complaint(AccessType::read, stale) ==
          "check: access 7, read of 0x1234 under ASID 3, issued in cycle 40: gave 0x6234, but the "
          "page tables give 0x5234\n"
          "  entry at 0x1000: 0x0000000000000801\n"
          "  entry at 0x2000: 0x0000000000000c01\n"
          "  entry at 0x3008: 0x00000000000014df\n"
          "  region 0x1000 to 0x2000, rw-\n"
          "  l1d holds 0x1000 of 4KiB under ASID 3: page 0x5000, vrwxu-ad");
}

TEST_CASE("each thing that a translation may have wrong is a difference", "[translation_checker]") {
    Bench bench;

    SECTION("a page that is not mapped") {
        bench.memory[0x3008] = 0;
        CHECK_THAT(bench.complaint(AccessType::read, page_5),
                   Contains("gave 0x5234, but the page tables give a page fault"));
    }
    SECTION("a right that the entry does not give") {
        bench.memory[0x3008] = 5U << 10U | 0xd3U;
        CHECK_THAT(bench.complaint(AccessType::write, page_5),
                   Contains("the page tables give a page fault"));
    }
    SECTION("A or D left clear") {
        bench.memory[0x3008] = 5U << 10U | 0x5fU;
        CHECK(bench.complaint(AccessType::read, page_5) == "no failure");
        CHECK_THAT(bench.complaint(AccessType::write, page_5),
                   Contains("left A or D clear: the last entry should be 0x00000000000014df"));
    }
    SECTION("a right that the region does not give") {
        CHECK_THAT(bench.complaint(AccessType::fetch, page_5),
                   Contains("but the operating system allows rw- only"));
    }
    SECTION("no region") {
        bench.memory[0x3010] = 5U << 10U | 0xdfU;
        CHECK_THAT(bench.complaint(AccessType::read, page_5, {0x2234}),
                   Contains("but the operating system has mapped nothing there") &&
                       Contains("no region holds the address"));
    }
    SECTION("a signal where the tables translate") {
        CHECK_THAT(bench.complaint(AccessType::read, std::nullopt),
                   Contains("ended in a signal, but the page tables give 0x5234"));
    }
    CHECK(bench.checker.checked() <= 1);
}

TEST_CASE("a fault that the page tables bear out is counted", "[translation_checker]") {
    Bench bench;
    bench.check_fault(AccessType::read, hw::FaultCause::page_fault, {0x9000});
    bench.memory[0x3008] = 0x20U << 10U | 0xdfU;
    bench.check_fault(AccessType::read, hw::FaultCause::access_fault);
    bench.memory[0x1000] = 0x20U << 10U | 1U;
    bench.check_fault(AccessType::read, hw::FaultCause::access_fault);

    CHECK(bench.checker.checked() == 3);
}

TEST_CASE("a fault without a reason, or of the wrong kind, is a difference",
          "[translation_checker]") {
    Bench bench;
    CHECK_THROWS_WITH(bench.check_fault(AccessType::read, hw::FaultCause::page_fault),
                      Contains("check: access 7, read of 0x1234 under ASID 3, issued in cycle 40: "
                               "ended in a page fault, but the page tables give 0x5234"));
    CHECK_THROWS_WITH(bench.check_fault(AccessType::read, hw::FaultCause::access_fault),
                      Contains("ended in an access fault, but the page tables give 0x5234"));
    CHECK_THROWS_WITH(bench.check_fault(AccessType::read, hw::FaultCause::access_fault, {0x9000}),
                      Contains("but the page tables give a page fault"));
    CHECK(bench.checker.checked() == 0);
}

}  // namespace mmusim::tb::translation_checker_test
