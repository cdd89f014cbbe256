// SPDX-License-Identifier: Apache-2.0
#include "tb/report/number_text.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace mmusim::tb::number_text_test {

TEST_CASE("digits are grouped by three") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1000) == "1,000");
    CHECK(grouped(123'456) == "123,456");
    CHECK(grouped(1'234'567) == "1,234,567");
    CHECK(grouped(std::numeric_limits<std::uint64_t>::max()) == "18,446,744,073,709,551,615");
}

TEST_CASE("from a hundred millions on, a short number is in millions") {
    CHECK(grouped_short(99'999'999) == "99,999,999");
    CHECK(grouped_short(100'000'000) == "100.0 M");
    CHECK(grouped_short(1'234'549'999) == "1,234.5 M");
    CHECK(grouped_short(1'234'550'000) == "1,234.6 M");
    CHECK(grouped_short(std::numeric_limits<std::uint64_t>::max()) == "18,446,744,073,709.6 M");
}

TEST_CASE("a quotient has two decimals and is nothing where the divisor is 0") {
    CHECK(quotient(0, 3) == "0.00");
    CHECK(quotient(2, 3) == "0.67");
    CHECK(quotient(1'234'567, 1) == "1,234,567.00");
    CHECK(quotient(0, 0) == "-");
    CHECK(quotient(5, 0) == "-");
}

TEST_CASE("events for each thousand of others are a quotient") {
    CHECK(per_thousand(0, 7) == "0.00");
    CHECK(per_thousand(1, 3) == "333.33");
    CHECK(per_thousand(7, 2) == "3,500.00");
    CHECK(per_thousand(5, 0) == "-");
}

TEST_CASE("a share too small for two decimals is told from none") {
    CHECK(percentage(0, 7) == "0.00 %");
    CHECK(percentage(1, 3) == "33.33 %");
    CHECK(percentage(7, 7) == "100.00 %");
    CHECK(percentage(1, 1'000'000) == "< 0.01 %");
    CHECK(percentage(1, 10'000) == "0.01 %");
    CHECK(percentage(0, 0) == "-");
}

TEST_CASE("a number that is not whole is rounded to two decimals, or to four digits below 1") {
    CHECK(rounded(1234.5678) == "1,234.57");
    CHECK(rounded(-1234.5678) == "-1,234.57");
    CHECK(rounded(-123.0) == "-123.00");
    CHECK(rounded(0.0) == "0.00");
    CHECK(rounded(0.00123456) == "0.001235");
    CHECK(rounded(-0.5) == "-0.5");
}

TEST_CASE("what is counted has its plural") {
    CHECK(counted(0, "bank") == "0 banks");
    CHECK(counted(1, "bank") == "1 bank");
    CHECK(counted(1024, "bank") == "1,024 banks");
}

TEST_CASE("a size is in the largest binary unit that leaves at least 1") {
    CHECK(binary_size(0) == "0 B");
    CHECK(binary_size(1023) == "1023 B");
    CHECK(binary_size(1024) == "1.0 KiB");
    CHECK(binary_size(35'700'000) == "34.0 MiB");
    CHECK(binary_size(std::uint64_t{1} << 50U) == "1024.0 TiB");
}

TEST_CASE("a code point takes one column, however many bytes it has") {
    CHECK(columns_of("") == 0);
    CHECK(columns_of("abc") == 3);
    CHECK(columns_of("µ→█") == 3);
}

TEST_CASE("of a name that is too long the end is shown") {
    CHECK(end_of("traces/query.xz", 15) == "traces/query.xz");
    CHECK(end_of("traces/query.xz", 14) == "…aces/query.xz");
    CHECK(end_of("ααα.xz", 5) == "…α.xz");
    CHECK(columns_of(end_of("ααα.xz", 5)) == 5);
}

TEST_CASE("a text is broken at spaces") {
    CHECK(wrapped("", 10, 2).empty());
    CHECK(wrapped("one two three", 13, 2) == "one two three");
    CHECK(wrapped("one two three", 12, 2) == "one two\n  three");
    CHECK(wrapped("one two three four", 9, 2) == "one two\n  three\n  four");
    CHECK(wrapped("α → β", 5, 2) == "α → β");
    CHECK(wrapped("incomprehensible x", 5, 2) == "incomprehensible\n  x");
}

}  // namespace mmusim::tb::number_text_test
