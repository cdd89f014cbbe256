// SPDX-License-Identifier: Apache-2.0
#include "sw/reclaim/compaction_deferral.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <vector>

namespace mmusim::sw::compaction_deferral_test {

namespace {

// How many wishes go by until the next try, the try included.
std::uint64_t wishes_until_time(CompactionDeferral& deferral) {
    std::uint64_t wishes = 1;
    while (!deferral.is_time()) {
        ++wishes;
    }
    return wishes;
}

}  // namespace

TEST_CASE("every failure in a row doubles how many wishes go by, up to 64") {
    CompactionDeferral deferral;
    std::vector<std::uint64_t> wishes;
    for (int failure = 0; failure < 9; ++failure) {
        wishes.push_back(wishes_until_time(deferral));
        deferral.failed();
    }
    CHECK(wishes == std::vector<std::uint64_t>{1, 2, 4, 8, 16, 32, 64, 64, 64});

    CHECK(wishes_until_time(deferral) == 64);
    deferral.succeeded();
    CHECK(wishes_until_time(deferral) == 1);
    CHECK(wishes_until_time(deferral) == 1);
}

}  // namespace mmusim::sw::compaction_deferral_test
