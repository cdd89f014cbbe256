// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/recorded_traces.hpp"

#include "tests/support/scratch_directory.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb::recorded_traces_test {

namespace {

using tests::accesses_of;
using tests::all_of;
using tests::input_error_of;
using tests::ScratchDirectory;

[[nodiscard]] std::string lackey_text(std::size_t accesses) {
    std::string text;
    for (std::size_t access = 0; access < accesses; ++access) {
        text += fmt::format(" L {:x},8\n", 0x1000 + access * 8);
    }
    return text;
}

}  // namespace

TEST_CASE("a recorded trace is what the file holds, as often as it is opened",
          "[recorded_traces]") {
    const ScratchDirectory folder;
    const std::string path = folder.file("a.lackey", lackey_text(10'000));
    const std::vector<Access> expected = accesses_of(path);
    RecordedTraces traces;
    traces.record(path, std::nullopt, 0);
    traces.record(path, std::nullopt, 0);
    REQUIRE(traces.holds(path));
    static_cast<void>(folder.file("a.lackey", "changed"));
    const auto first = traces.open(path, UserHalf());
    CHECK(all_of(*first) == expected);
    CHECK(all_of(*traces.open(path, UserHalf())) == expected);
    CHECK(all_of(*first).empty());
}

TEST_CASE("of a trace more is kept than a limited run may use", "[recorded_traces]") {
    const ScratchDirectory folder;
    const std::string path = folder.file("a.lackey", lackey_text(20'000));
    RecordedTraces traces;
    traces.record(path, std::nullopt, 4096);
    const std::vector<Access> kept = all_of(*traces.open(path, UserHalf()));
    CHECK(kept.size() > 4096);
    CHECK(kept.size() < 20'000);
}

TEST_CASE("what does not fit is not kept, and leaves the room to others", "[recorded_traces]") {
    const ScratchDirectory folder;
    const std::string large = folder.file("large.lackey", lackey_text(101));
    const std::string small = folder.file("small.lackey", lackey_text(60));
    const std::string another = folder.file("another.lackey", lackey_text(41));
    RecordedTraces traces(100);
    for (const std::string& path : {large, small, another}) {
        traces.record(path, std::nullopt, 0);
    }
    CHECK_FALSE(traces.holds(large));
    CHECK(traces.holds(small));
    CHECK_FALSE(traces.holds(another));
    CHECK(traces.open(large, UserHalf()) == nullptr);
}

TEST_CASE("a trace with an address outside of the user half is left to its reader",
          "[recorded_traces]") {
    const ScratchDirectory folder;
    // The last byte of sv39's user half, and the first beyond it.
    const std::string inside = folder.file("inside.lackey", " L 3fffffffff,1\n L 1000,8\n");
    const std::string outside =
        folder.file("outside.lackey", " L 1000,8\n L 3fffffffff,2\n L 0,1\n");
    RecordedTraces traces;
    traces.record(inside, std::nullopt, 0);
    traces.record(outside, std::nullopt, 0);
    const UserHalf sv39(hw::PagingMode::sv39);
    CHECK(traces.open(inside, sv39) != nullptr);
    CHECK(traces.open(outside, sv39) == nullptr);
    CHECK(traces.open(outside, UserHalf(hw::PagingMode::sv48)) != nullptr);
}

TEST_CASE("a trace that cannot be read says why", "[recorded_traces]") {
    const ScratchDirectory folder;
    const std::string path = folder.file("a.lackey", " L 1000,8\n X\n");
    RecordedTraces traces;
    CHECK_THAT(input_error_of([&] { traces.record(path, std::nullopt, 0); }),
               Catch::StartsWith(path + ":2: "));
    CHECK_FALSE(traces.holds(path));
}

}  // namespace mmusim::tb::recorded_traces_test
