// SPDX-License-Identifier: Apache-2.0
#include "hw/base/latency_histogram.hpp"

#include "hw/base/random.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace mmusim::hw::latency_histogram_test {
namespace {

using Bucket = LatencyHistogram::Bucket;

LatencyHistogram histogram_of(const std::vector<std::uint64_t>& latencies) {
    LatencyHistogram histogram;
    for (const std::uint64_t latency : latencies) {
        histogram.record(Cycles{latency});
    }
    return histogram;
}

TEST_CASE("an empty histogram is zero in every respect") {
    const LatencyHistogram empty;

    CHECK(empty.count() == 0);
    CHECK(empty.total() == Cycles{0});
    CHECK(empty.maximum() == Cycles{0});
    CHECK(empty.percentile(500) == Cycles{0});
    CHECK(empty.buckets().empty());
}

TEST_CASE("a histogram counts, sums and knows the longest, however long") {
    const LatencyHistogram histogram = histogram_of({1, 1, 8, 4095, 4096, 1'000'000'000'000});

    CHECK(histogram.count() == 6);
    CHECK(histogram.total() == Cycles{1'000'000'008'201});
    CHECK(histogram.maximum() == Cycles{1'000'000'000'000});
}

TEST_CASE("a percentile is the smallest latency with enough translations at or below it") {
    struct Row {
        std::uint64_t thousandths;
        std::uint64_t latency;
    };
    SECTION("of ten different ones, the fifth is the median") {
        const LatencyHistogram histogram = histogram_of({10, 20, 30, 40, 50, 60, 70, 80, 90, 100});
        for (const Row& row : {Row{1, 10}, Row{100, 10}, Row{101, 20}, Row{500, 50}, Row{501, 60},
                               Row{900, 90}, Row{901, 100}, Row{999, 100}, Row{1000, 100}}) {
            CAPTURE(row.thousandths);
            CHECK(histogram.percentile(row.thousandths) == Cycles{row.latency});
        }
    }
    SECTION("one in a thousand is beyond p99 and at p999 only if it is one of more") {
        std::vector<std::uint64_t> latencies(999, 1);
        latencies.push_back(500);
        CHECK(histogram_of(latencies).percentile(999) == Cycles{1});
        latencies.push_back(500);
        CHECK(histogram_of(latencies).percentile(990) == Cycles{1});
        CHECK(histogram_of(latencies).percentile(999) == Cycles{500});
    }
    SECTION("of one, every percentile is that one") {
        CHECK(histogram_of({7}).percentile(1) == Cycles{7});
        CHECK(histogram_of({7}).percentile(1000) == Cycles{7});
    }
}

TEST_CASE("percentiles agree with a sorted list") {
    Random random(23);
    std::vector<std::uint64_t> latencies(3777);
    for (std::uint64_t& latency : latencies) {
        latency = random.below(10) == 0 ? random.below(100'000) : random.below(40);
    }
    const LatencyHistogram histogram = histogram_of(latencies);
    std::sort(latencies.begin(), latencies.end());

    for (std::uint64_t thousandths = 1; thousandths <= 1000; ++thousandths) {
        const std::uint64_t wanted = (latencies.size() * thousandths + 999) / 1000;
        REQUIRE(histogram.percentile(thousandths) == Cycles{latencies[wanted - 1]});
    }
}

TEST_CASE("buckets double in width, include both ends, and skip what is empty") {
    const LatencyHistogram histogram =
        histogram_of({0, 1, 2, 3, 3, 4, 7, 8, 15, 4095, 4096, 5000, 8191, 8192});

    CHECK(histogram.buckets() == std::vector<Bucket>{{{0}, {0}, 1},
                                                     {{1}, {1}, 1},
                                                     {{2}, {3}, 3},
                                                     {{4}, {7}, 2},
                                                     {{8}, {15}, 2},
                                                     {{2048}, {4095}, 1},
                                                     {{4096}, {8191}, 3},
                                                     {{8192}, {16383}, 1}});
}

TEST_CASE("histograms add up as if all had been recorded in one") {
    LatencyHistogram sum = histogram_of({1, 1, 50, 9000});
    sum += histogram_of({1, 60, 9000, 70000});

    const LatencyHistogram whole = histogram_of({1, 1, 50, 9000, 1, 60, 9000, 70000});
    CHECK(sum.count() == whole.count());
    CHECK(sum.total() == whole.total());
    CHECK(sum.buckets() == whole.buckets());
    CHECK(sum.percentile(500) == Cycles{50});
}

}  // namespace
}  // namespace mmusim::hw::latency_histogram_test
