// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/point_record.hpp"

#include "hw/base/problems.hpp"
#include "tests/tb/sweep/swept_points.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::point_record_test {

namespace {

using tests::done_point;
using Cells = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "a point is one line that says which of how many it is, its keys, its error, its result") {
    CHECK(done_point(2, 6, R"({"b":1,"a":"x"})", R"({"totals":{"cycles":7}})") ==
          R"({"schema":"mmusim-sweep-point","schema_version":1,"point":2,"points":6,)"
          R"("keys":{"b":1,"a":"x"},"error":null,"result":{"totals":{"cycles":7}}})"
          "\n");
    CHECK(tests::interrupted_point_at(0, 1, R"({"a":1})") ==
          R"({"schema":"mmusim-sweep-point","schema_version":1,"point":0,"points":1,)"
          R"("keys":{"a":1},"error":"interrupted","interrupted":true,"result":null})"
          "\n");
}

TEST_CASE("a line is read as it was written") {
    const std::string line = done_point(2, 6, R"({"b":1,"a":"x","c":null,"d":["4KiB"]})",
                                        R"({"mean":0.1,"totals":{"cycles":18446744073709551615}})");
    const PointRecord record = record_of(line, "out.jsonl:1");
    CHECK(line_of(record) == line);
    CHECK(key_names(record) == Cells{"b", "a", "c", "d"});
    CHECK(key_cells(record) == Cells{"1", "x", "null", R"(["4KiB"])"});
}

TEST_CASE("a line that is no point is refused with its place") {
    const std::string line = GENERATE(
        as<std::string>(), "", "{", "[]", "7", R"({"schema":"mmusim-result"})",
        R"({"schema":"mmusim-sweep-point","schema_version":2,"point":0,"points":1,"keys":{},"error":null,"result":{}})",
        R"({"schema":"mmusim-sweep-point","schema_version":1,"point":0,"points":1,"keys":{},"error":null,"result":null})",
        R"({"schema":"mmusim-sweep-point","schema_version":1,"point":"0","points":1,"keys":{},"error":null,"result":{}})");
    CAPTURE(line);
    CHECK_THROWS_AS(record_of(line, "out.jsonl:3"), InputError);
    CHECK_THROWS_WITH(record_of(line, "out.jsonl:3"), Catch::StartsWith("out.jsonl:3: "));
}

TEST_CASE("the keys of a point have what their values mean") {
    Problems problems;
    const Grid grid =
        parse_grid({"memory.size_bytes=1GiB,2GiB", "paging.mode,seed=sv39/1,sv48/2"}, problems);
    CHECK(keys_at(grid, 3).dump() ==
          R"({"memory.size_bytes":2147483648,"paging.mode":"sv48","seed":2})");
}

}  // namespace mmusim::tb::point_record_test
