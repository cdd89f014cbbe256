// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/meanings.hpp"

#include "hw/tlb/parameters.hpp"
#include "hw/tlb/statistics.hpp"
#include "hw/walker/statistics.hpp"
#include "sw/statistics.hpp"

#include <catch2/catch.hpp>

namespace mmusim::tb::meanings_test {

TEST_CASE("a figure means what its field list says") {
    CHECK(meanings_of<hw::WalkerStatistics>().of("faulted") == "walks that ended in a fault");
    CHECK(meanings_of<sw::OsStatistics>().of("frames.free") == "frames in nobody's use");
    CHECK(meanings_of<hw::WalkerStatistics>().of("walk_cache.misses") == "lookups that found none");
    CHECK_FALSE(meanings_of<hw::TlbParameters>().of("sets").empty());
    CHECK(meanings_of_stages().of("walker_wait") == "waiting for a free walker");
}

TEST_CASE("a figure of a page size, of a level and of a kind means what all of them mean") {
    CHECK(meanings_of<hw::TlbStatistics>().of("by_page_size.2MiB.fills") ==
          "pages of this size entered");
    CHECK(meanings_of<hw::WalkerStatistics>().of("pte_reads_by_level[2]") ==
          "the same by level of the table; [0] is the last level");
    CHECK(meanings_of<sw::FaultStatistics>().of("by_kind.cow_copy") ==
          "the same faults by what they turned out to be");
}

TEST_CASE("what no field list knows has no meaning") {
    CHECK(meanings_of<hw::WalkerStatistics>().of("unheard_of").empty());
    CHECK(meanings_of<hw::WalkerStatistics>().of("walks.more").empty());
    CHECK(meanings_of<sw::FaultStatistics>().of("by_kind.cow_copy.more").empty());
    CHECK(Meanings().of("walks").empty());
}

}  // namespace mmusim::tb::meanings_test
