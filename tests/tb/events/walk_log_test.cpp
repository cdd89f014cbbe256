// SPDX-License-Identifier: Apache-2.0
#include "tb/events/walk_log.hpp"

#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace mmusim::tests::walk_log_test {

namespace {

const hw::TranslationRequest store{
    .address = {0x4000'1238}, .type = AccessType::write, .context = {.asid = {7}}};

constexpr hw::TranslatedPage page{.physical_page = {0x81234}, .size = base_page_size};

/// What the log holds after a run of which it was told this much.
template <typename Tell>
std::string lines_of(Tell tell) {
    const ScratchDirectory directory;
    tb::WalkLog log(directory.path_of("walks.log"), {});
    log.measurement_begun();
    tell(log);
    log.commit();
    return directory.contents_of("walks.log");
}

hw::WalkBegun begun(std::size_t translation, std::uint64_t cycle) {
    return {.translation = {translation}, .request = store, .walker = 1, .at = {cycle}};
}

hw::WalkEnded completed(std::size_t translation, std::uint64_t cycle) {
    return {.translation = {translation},
            .request = store,
            .walker = 1,
            .end = hw::WalkEnd::completed,
            .page = page,
            .at = {cycle}};
}

}  // namespace

TEST_CASE("a walk is a line of its entries, its outcome and its cycles") {
    CHECK(lines_of([](tb::WalkLog& log) {
              log.walk_begun(begun(0, 8));
              log.entry_read({.level = 1, .address = {0x13f8}, .entry = {{0x801}}});
              log.entry_read({.level = 0, .address = {0x2008}, .entry = {{0x2048d017}}});
              log.entry_updated(
                  {.level = 0, .address = {0x2008}, .desired = {0x2048d0d7}, .exchanged = true});
              log.walk_ended(completed(0, 71));
          }) ==
          "cycle 8 asid 7 walker 1 write 0x40001238"
          " | level 1 at 0x13f8: 0x0000000000000801 V------- leads to table 0x2000"
          " | level 0 at 0x2008: 0x000000002048d017 VRW-U--- 4KiB page at 0x81234000"
          " | level 0 at 0x2008 becomes VRW-U-AD"
          " | 4KiB page at 0x81234000 | 63 cycles\n");
}

TEST_CASE("a walk that ends in a fault says why") {
    CHECK(lines_of([](tb::WalkLog& log) {
              log.walk_begun(begun(0, 8));
              log.entry_read({.level = 2, .address = {0x13f8}, .entry = {{0}}});
              log.walk_ended({.request = store,
                              .end = hw::WalkEnd::faulted,
                              .fault = hw::WalkFault{},
                              .at = {28}});
          }) ==
          "cycle 8 asid 7 walker 1 write 0x40001238"
          " | level 2 at 0x13f8: 0x0000000000000000 -------- not valid"
          " | page fault: the entry is not valid | 20 cycles\n");
}

TEST_CASE("where there is no memory, the entry says so") {
    CHECK(lines_of([](tb::WalkLog& log) {
              log.walk_begun(begun(0, 8));
              log.entry_read({.level = 2, .address = {0xff'0000'0000}});
              log.walk_ended({.request = store,
                              .end = hw::WalkEnd::faulted,
                              .fault = hw::WalkFault{.cause = hw::FaultCause::access_fault,
                                                     .level = 2,
                                                     .reason = hw::WalkFaultReason::no_memory},
                              .at = {28}});
          }) ==
          "cycle 8 asid 7 walker 1 write 0x40001238"
          " | level 2 at 0xff00000000: no memory there"
          " | access fault: there is no memory at the entry | 20 cycles\n");
}

TEST_CASE("a walk cache shortens a line, or saves a read in it") {
    CHECK(lines_of([](tb::WalkLog& log) {
              log.walk_begun(begun(0, 8));
              log.walk_shortened({.level = 0, .table = {0x3}});
              log.entry_read({.level = 0, .address = {0x3008}, .entry = {{0x2048d0d7}}});
              log.walk_ended(completed(0, 30));
              log.walk_begun(begun(0, 40));
              log.entry_read({.level = 1, .address = {0x2008}, .cached = true, .entry = {{0xc01}}});
              log.walk_ended(completed(0, 41));
          }) ==
          "cycle 8 asid 7 walker 1 write 0x40001238"
          " | walk cache leads to table 0x3000"
          " | level 0 at 0x3008: 0x000000002048d0d7 VRW-U-AD 4KiB page at 0x81234000"
          " | 4KiB page at 0x81234000 | 22 cycles\n"
          "cycle 40 asid 7 walker 1 write 0x40001238"
          " | level 1 at 0x2008 in the walk cache: 0x0000000000000c01 V------- leads to table "
          "0x3000 | 4KiB page at 0x81234000 | 1 cycles\n");
}

TEST_CASE("walks under way at once have a line each, in the order of their ends") {
    CHECK(lines_of([](tb::WalkLog& log) {
              log.walk_begun(begun(0, 8));
              hw::WalkBegun second = begun(3, 9);
              second.sets_dirty_bit = true;
              second.again = true;
              log.walk_begun(second);
              log.walk_ended(completed(3, 12));
              log.walk_ended(completed(0, 13));
          }) ==
          "cycle 9 asid 7 walker 1 write 0x40001238 to set D"
          " | 4KiB page at 0x81234000 | 3 cycles\n"
          "cycle 8 asid 7 walker 1 write 0x40001238"
          " | 4KiB page at 0x81234000 | 5 cycles\n");
}

TEST_CASE("a walk that a fence overtakes is a line, and the one after it is another") {
    CHECK(lines_of([](tb::WalkLog& log) {
              log.walk_begun(begun(0, 8));
              log.walk_ended({.request = store, .end = hw::WalkEnd::squashed, .at = {20}});
              hw::WalkBegun second = begun(0, 20);
              second.again = true;
              log.walk_begun(second);
              log.entry_updated({.level = 0, .address = {0x2008}, .desired = {0x2048d0d7}});
              log.walk_ended(completed(0, 50));
          }) ==
          "cycle 8 asid 7 walker 1 write 0x40001238 | squashed by a fence | 12 cycles\n"
          "cycle 20 asid 7 walker 1 write 0x40001238 again"
          " | level 0 at 0x2008 is another by now, and does not become VRW-U-AD"
          " | 4KiB page at 0x81234000 | 30 cycles\n");
}

TEST_CASE("what comes before the measurement is no line") {
    const ScratchDirectory directory;
    tb::WalkLog log(directory.path_of("walks.log"), {});
    log.walk_begun(begun(0, 8));
    log.walk_ended(completed(0, 9));
    log.commit();
    CHECK(directory.contents_of("walks.log").empty());
    CHECK(directory.file_count() == 1);
}

}  // namespace mmusim::tests::walk_log_test
