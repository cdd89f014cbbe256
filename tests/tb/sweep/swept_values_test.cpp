// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/swept_values.hpp"

#include "tests/support/input_error.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb::swept_values_test {

namespace {

using Values = std::vector<std::string>;

struct ListRow {
    std::string_view list;
    Values values;
};

struct WrongRow {
    std::string_view list;
    std::string message;
};

struct MeaningRow {
    std::string_view key;
    std::string_view value;
    std::string_view json;
};

}  // namespace

TEST_CASE("a list is values and ranges between commas, both ends of a range included") {
    const auto row = GENERATE(values<ListRow>({
        {"4", {"4"}},
        {"1,2,8", {"1", "2", "8"}},
        {"lru,fifo", {"lru", "fifo"}},
        {"4KiB,2M", {"4KiB", "2M"}},
        {"1:4", {"1", "2", "3", "4"}},
        {"1:10:3", {"1", "4", "7", "10"}},
        {"1:11:3", {"1", "4", "7", "10"}},
        {"0:4:2", {"0", "2", "4"}},
        {"7:7", {"7"}},
        {"1:64:x2", {"1", "2", "4", "8", "16", "32", "64"}},
        {"3:100:x3", {"3", "9", "27", "81"}},
        {"4KiB:16KiB:x2", {"4096", "8192", "16384"}},
        {"1K:3K:1K", {"1024", "2048", "3072"}},
        {"1,8:32:x2,100", {"1", "8", "16", "32", "100"}},
        {"18446744073709551614:18446744073709551615",
         {"18446744073709551614", "18446744073709551615"}},
        {"9223372036854775808:18446744073709551615:x2", {"9223372036854775808"}},
        {R"(["4KiB","2MiB"],4KiB)", {R"(["4KiB","2MiB"])", "4KiB"}},
        {R"({"sets":4,"ways":2},null)", {R"({"sets":4,"ways":2})", "null"}},
        {R"("a,b","c\",d")", {R"("a,b")", R"("c\",d")"}},
        {"a:b", {"a:b"}},
    }));
    CAPTURE(row.list);
    CHECK(listed_values(row.list) == row.values);
}

TEST_CASE("a list without sense is answered with what was expected") {
    const auto row = GENERATE(values<WrongRow>({
        {"", "an empty list, expected values"},
        {"1,,2", "an empty value, expected one between the commas"},
        {"1,", "an empty value, expected one between the commas"},
        {"1:", "range 1:: expected FROM:TO, FROM:TO:STEP or FROM:TO:xFACTOR"},
        {"1:b", "range 1:b: expected FROM:TO, FROM:TO:STEP or FROM:TO:xFACTOR"},
        {"1:4:", "range 1:4:: expected FROM:TO, FROM:TO:STEP or FROM:TO:xFACTOR"},
        {"1:4:y2", "range 1:4:y2: expected FROM:TO, FROM:TO:STEP or FROM:TO:xFACTOR"},
        {"1:4:1:1", "range 1:4:1:1: expected FROM:TO, FROM:TO:STEP or FROM:TO:xFACTOR"},
        {"4:1", "range 4:1: expected an end that is not below the beginning"},
        {"1:4:0", "range 1:4:0: expected a step of at least 1, or a factor of at least 2"},
        {"1:4:x1", "range 1:4:x1: expected a step of at least 1, or a factor of at least 2"},
        {"0:4:x2", "range 0:4:x2: expected a beginning above 0 to multiply"},
        {"1:100001", "too many values, expected at most 100000"},
        {"0:18446744073709551615", "too many values, expected at most 100000"},
    }));
    CAPTURE(row.list);
    CHECK_THROWS_MATCHES(listed_values(row.list), InputError, Catch::Message(row.message));
}

TEST_CASE("a value means what the configuration would take it for") {
    const auto row = GENERATE(values<MeaningRow>({
        {"tlbs.l1d.sets", "4", "4"},
        {"tlbs.l1d.sets", "8.0", "8"},
        {"tlbs.l1d.sets", "1e3", "1000"},
        {"tlbs.l1d.sets", "1.5", "1.5"},
        {"tlbs.l1d.sets", "-1", "-1"},
        {"tlbs.l1d.sets", "4KiB", R"("4KiB")"},
        {"memory.size_bytes", "4KiB", "4096"},
        {"memory.size_bytes", R"("1M")", "1048576"},
        {"memory.size_bytes", "many", R"("many")"},
        {"os.zero_page", "true", "true"},
        {"tlbs.l2", "null", "null"},
        {"paging.mode", "sv48", R"("sv48")"},
        {"tlbs.l1d.page_sizes", R"(["4KiB", "2MiB"])", R"(["4KiB","2MiB"])"},
    }));
    CAPTURE(row.key, row.value);
    CHECK(meaning_of(row.key, row.value).dump() == row.json);
}

TEST_CASE("what begins as JSON and is none is not taken for text") {
    CHECK_THROWS_AS(meaning_of("tlbs.l1d.page_sizes", R"(["4KiB")"), InputError);
}

}  // namespace mmusim::tb::swept_values_test
