// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/merge.hpp"

#include "tests/support/input_error.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/sweep/swept_points.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::merge_test {

namespace {

using tests::done_point;
using tests::failed_point;
using tests::input_error_of;
using tests::interrupted_point_at;
using tests::ScratchDirectory;
using Lines = std::vector<std::string>;

const Lines whole_sweep{
    done_point(0, 4, R"({"a":1})", R"({"x":10})"), done_point(1, 4, R"({"a":2})", R"({"x":20})"),
    failed_point(2, 4, R"({"a":3})", "too large"), done_point(3, 4, R"({"a":4})", R"({"x":40})")};

[[nodiscard]] Grid grid_of_a() {
    Problems problems;
    return parse_grid({"a=1:4"}, problems);
}

}  // namespace

TEST_CASE("lines of shards make the lines of one sweep, in whatever order they come") {
    const ScratchDirectory folder;
    const std::string even = folder.file("even", whole_sweep[0] + whole_sweep[2]);
    const std::string odd = folder.file("odd", whole_sweep[1] + whole_sweep[3]);
    const std::string none = folder.file("none", "");
    const MergedSweep merged = merge_sweeps({odd, none, even}, {});
    CHECK(merged.lines == whole_sweep);
    CHECK(merged.any_failed);
    CHECK_FALSE(merged.table);
}

TEST_CASE("tables of shards make one, with the grid that says what there is") {
    const ScratchDirectory folder;
    const std::string even = folder.file("even.csv", "a,x,error\n1,10,\n3,,\"too, large\"\n");
    const std::string odd = folder.file("odd.csv", "a,x,error\n2,20,\n4,40,\n");
    const std::string none = folder.file("none.csv", "a,error\n");
    const MergedSweep merged = merge_sweeps({odd, none, even}, grid_of_a());
    CHECK(merged.table == "a,x,error\n1,10,\n2,20,\n3,,\"too, large\"\n4,40,\n");
    CHECK(merged.any_failed);
    CHECK_THAT(input_error_of([&] {
                   return merge_sweeps({odd, even}, {});
               }),
               Catch::Contains("expected the -L options of the sweep too"));
}

TEST_CASE("what does not make one sweep is refused") {
    const ScratchDirectory folder;
    const std::string even = folder.file("even", whole_sweep[0] + whole_sweep[2]);
    const std::string odd = folder.file("odd", whole_sweep[1] + whole_sweep[3]);
    const std::string last = folder.file("last", whole_sweep[3]);
    const std::string other = folder.file("other", done_point(1, 5, R"({"a":2})", "{}"));
    const std::string other_key = folder.file("key", done_point(1, 4, R"({"b":2})", "{}"));
    const std::string beyond = folder.file("beyond", done_point(4, 4, R"({"a":2})", "{}"));
    const std::string cut_off = folder.file("cut", whole_sweep[1].substr(0, 50));
    const std::string interrupted =
        folder.file("interrupted", interrupted_point_at(1, 4, R"({"a":2})") + whole_sweep[3]);
    const auto message = [](const Lines& files) {
        return input_error_of([&files] { return merge_sweeps(files, {}); });
    };
    CHECK(message({even}) ==
          "--merge: 2 of 4 points are missing, of them 1, 3; expected the "
          "outputs of all shards");
    CHECK(message({even, last, odd}) ==
          odd + ":2: point 3 is in " + last + ":1 too, expected it once");
    CHECK(message({even, other}) ==
          other + ":1: is of another sweep, expected a point below 4 of a");
    CHECK(message({even, other_key}) ==
          other_key + ":1: is of another sweep, expected a point below 4 of a");
    CHECK(message({even, beyond}) ==
          beyond + ":1: is of another sweep, expected a point below 4 of a");
    CHECK_THAT(message({even, cut_off}), Catch::StartsWith(cut_off + ":1: expected a point"));
    CHECK_THAT(message({even, interrupted}),
               Catch::StartsWith(interrupted + ":1: the sweep was interrupted"));
    CHECK(message({even, folder.path_of("absent")}) ==
          folder.path_of("absent") + ": No such file or directory, expected the output of a shard");
}

TEST_CASE("tables that do not make one are refused") {
    const ScratchDirectory folder;
    const std::string even = folder.file("even.csv", "a,x,error\n1,10,\n3,30,\n");
    const auto message_with = [&](const std::string& other) {
        const std::string path = folder.file("other.csv", other);
        const std::string text = input_error_of([&] {
            return merge_sweeps({even, path}, grid_of_a());
        });
        return text.starts_with(path) ? text.substr(path.size()) : text;
    };
    CHECK_THAT(message_with("a,x,error\n2,20,\n"), Catch::Contains("1 of 4 points are missing"));
    CHECK_THAT(message_with("a,x,error\n1,10,\n"), Catch::StartsWith(":2: point 0 is in "));
    CHECK_THAT(message_with("a,x,error\n5,10,\n"),
               Catch::StartsWith(":2: is no point of this grid"));
    CHECK_THAT(message_with("a,x,error\n2,20\n"),
               Catch::StartsWith(":2: is no point of this grid"));
    CHECK_THAT(message_with("b,x,error\n2,20,\n"), Catch::StartsWith(":1: expected a table"));
    CHECK_THAT(message_with("a,y,error\n2,20,\n"), Catch::StartsWith(":1: has other columns"));
    CHECK_THAT(message_with("a,x,error\n2,,interrupted\n"),
               Catch::StartsWith(":2: the sweep was interrupted"));
    CHECK_THAT(message_with("a,x,error\n2,20"), Catch::StartsWith(":2: the last row has no end"));
}

}  // namespace mmusim::tb::merge_test
