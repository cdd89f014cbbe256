// SPDX-License-Identifier: Apache-2.0
// What an array evicts: laws of the policies, and orders measured on real cores.
#include "hw/base/random.hpp"
#include "hw/tlb/tlb_array.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <set>
#include <string>
#include <vector>

namespace mmusim::hw::tlb_array_replacement_test {
namespace {

using Pages = std::vector<std::uint64_t>;

constexpr Asid asid{1};
constexpr std::uint64_t any_seed = 1;

// first, first + 1 … last, or downwards.
Pages pages_from(std::uint64_t first, std::uint64_t last) {
    Pages pages(std::max(first, last) - std::min(first, last) + 1);
    std::iota(pages.begin(), pages.end(), std::min(first, last));
    if (first > last) {
        std::reverse(pages.begin(), pages.end());
    }
    return pages;
}

Pages operator+(Pages pages, const Pages& more) {
    pages.insert(pages.end(), more.begin(), more.end());
    return pages;
}

Pages times(unsigned count, const Pages& pages) {
    Pages result;
    for (unsigned round = 0; round < count; ++round) {
        result = result + pages;
    }
    return result;
}

/// An array of 4 KiB pages, and what accesses of pages do to it.
class Accesses {
  public:
    explicit Accesses(const TlbParameters& parameters)
        : array_(parameters, {base_page_size}, any_seed) {}

    void make(const Pages& pages) {
        for (const std::uint64_t page : pages) {
            if (array_.lookup({page}, asid)) {
                continue;
            }
            ++misses_;
            const TlbArray::FillResult filled =
                array_.fill({page}, asid, {.physical_page = {page}});
            if (filled.evicted) {
                evicted_.push_back(filled.evicted->virtual_page.value);
            }
            if (retries_) {
                REQUIRE(array_.lookup({page}, asid));
            }
        }
    }

    /// From now on a miss looks up again after its fill, as cores do that replay.
    void retry() { retries_ = true; }
    void fence() { array_.invalidate({}); }

    [[nodiscard]] std::uint64_t misses() const { return misses_; }
    [[nodiscard]] const Pages& evicted() const { return evicted_; }
    [[nodiscard]] std::set<std::uint64_t> contents() const {
        std::set<std::uint64_t> pages;
        for (const TlbArray::Entry& entry : array_.entries()) {
            pages.insert(entry.virtual_page.value);
        }
        return pages;
    }

  private:
    TlbArray array_;
    bool retries_ = false;
    std::uint64_t misses_ = 0;
    Pages evicted_;
};

// CVA6's first level (openhwgroup/cva6, core/cva6_mmu/cva6_tlb.sv): 16 entries in a tree that only
// hits touch; its fill is followed by a hit, because the request tries again. An invalid entry has
// no preference.
TlbParameters cva6_tlb() {
    return {.sets = 1,
            .ways = 16,
            .replacement = Replacement::tree_plru,
            .fill_counts_as_use = false,
            .empty_ways_first = false};
}

TEST_CASE("the evictions of CVA6 as measured on its Verilog") {
    Pages page_0_after_every_new_page;
    for (std::uint64_t page = 1; page < 20; ++page) {
        page_0_after_every_new_page = page_0_after_every_new_page + Pages{page, 0};
    }
    struct Row {
        std::string name;
        Pages accesses;
        Pages evicted;
    };
    const auto row = GENERATE_COPY(
        Row{"each once is first in, first out", pages_from(0, 33), pages_from(0, 17)},
        Row{"one page more than entries, three rounds: every access misses",
            times(3, pages_from(0, 16)), times(2, pages_from(0, 16)) + Pages{0}},
        Row{"even pages touched",
            pages_from(0, 15) + Pages{0, 2, 4, 6, 8, 10, 12, 14} + pages_from(16, 23),
            {1, 0, 3, 2, 5, 4, 7, 6}},
        Row{"touched backwards", pages_from(0, 15) + pages_from(15, 0) + pages_from(16, 32),
            pages_from(15, 0) + Pages{16}},
        Row{"page 0 after every new page: 9 of 16 ways are ever used",
            Pages{0} + page_0_after_every_new_page, pages_from(1, 11)});
    CAPTURE(row.name);
    Accesses cva6(cva6_tlb());
    cva6.retry();

    cva6.make(row.accesses);

    CHECK(cva6.evicted() == row.evicted);
}

TEST_CASE("a fence empties CVA6's ways and leaves its tree alone") {
    Accesses cva6(cva6_tlb());
    cva6.retry();
    cva6.make(pages_from(0, 8));  // the tree's next way is that of the tenth page
    cva6.fence();
    cva6.make(pages_from(100, 115));
    CHECK(cva6.evicted().empty());
    cva6.make({200});
    CHECK(cva6.evicted() == Pages{100});
}

TEST_CASE("a tree without preference for empty ways evicts although some are empty") {
    // 0 and 8 are used in turns; each new page then goes where they point, never elsewhere.
    const Pages accesses{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9};
    TlbParameters parameters = cva6_tlb();
    Accesses without(parameters);
    without.retry();
    without.make(accesses);
    CHECK(without.evicted() == Pages{1});

    parameters.empty_ways_first = true;
    Accesses with(parameters);
    with.retry();
    with.make(accesses);
    CHECK(with.evicted().empty());
}

TEST_CASE("without a use by the fill nor by a retry, one way takes every new page") {
    Accesses array({.sets = 1,
                    .ways = 4,
                    .replacement = Replacement::lru,
                    .fill_counts_as_use = false,
                    .empty_ways_first = false});
    array.make({0, 1, 2, 3});
    CHECK(array.evicted() == Pages{0, 1, 2});
    CHECK(array.contents() == std::set<std::uint64_t>{3});
}

// Wally's TLBs (openhwgroup/cvw, src/mmu/tlb/tlblru.sv): the lowest entry whose bit is clear,
// valid or not; the bits are cleared all at once.
TEST_CASE("nru without preference for empty ways fills from the lowest entry up") {
    Accesses wally(
        {.sets = 1, .ways = 4, .replacement = Replacement::nru, .empty_ways_first = false});
    wally.make({0, 1, 2, 3});  // the fourth clears all bits
    wally.make({0, 4});        // sets the first; the second is the lowest clear one
    CHECK(wally.evicted() == Pages{1});
    wally.make({2, 5, 6});  // 5 sets the last bit and clears all
    CHECK(wally.evicted() == Pages{1, 3, 0});
}

Pages random_pages(std::uint64_t seed, std::size_t count, std::uint64_t hot, std::uint64_t all) {
    Random random(seed);
    Pages pages;
    std::generate_n(std::back_inserter(pages), count,
                    [&] { return random.below(random.below(3) > 0 ? hot : all); });
    return pages;
}

TEST_CASE("lru: a set with more ways holds all that one with fewer holds, and never misses more") {
    const auto sets = GENERATE(as<std::uint32_t>{}, 1, 4, 7);
    const auto index = GENERATE(IndexHash::modulo, IndexHash::xor_fold);
    const Pages accesses = random_pages(8, 2000, 40, 200) + times(4, pages_from(0, 60));
    std::vector<Accesses> arrays;
    for (std::uint32_t ways = 1; ways <= 24; ++ways) {
        arrays.emplace_back(TlbParameters{.sets = sets, .ways = ways, .index = index});
    }
    for (const std::uint64_t page : accesses) {
        for (Accesses& array : arrays) {
            array.make({page});
        }
    }
    for (std::size_t i = 1; i < arrays.size(); ++i) {
        CAPTURE(i);
        CHECK(arrays[i].misses() <= arrays[i - 1].misses());
    }
    CHECK(arrays.back().misses() < arrays.front().misses());
}

TEST_CASE("lru: at every moment the contents include those of a smaller one") {
    std::vector<Accesses> arrays;
    for (std::uint32_t ways = 1; ways <= 12; ++ways) {
        arrays.emplace_back(TlbParameters{.sets = 2, .ways = ways});
    }
    for (const std::uint64_t page : random_pages(9, 1000, 16, 60)) {
        for (Accesses& array : arrays) {
            array.make({page});
        }
        for (std::size_t i = 1; i < arrays.size(); ++i) {
            const std::set<std::uint64_t> larger = arrays[i].contents();
            const std::set<std::uint64_t> smaller = arrays[i - 1].contents();
            REQUIRE(std::includes(larger.begin(), larger.end(), smaller.begin(), smaller.end()));
        }
    }
}

// Belady, Nelson and Shedler, "An anomaly in space-time characteristics of certain programs running
// in a paging machine", 1969.
TEST_CASE("fifo: Belady's anomaly, where more entries miss more") {
    const Pages accesses{1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};
    const auto misses_with = [&](std::uint32_t ways, Replacement policy) {
        Accesses array({.sets = 1, .ways = ways, .replacement = policy});
        array.make(accesses);
        return array.misses();
    };
    CHECK(misses_with(3, Replacement::fifo) == 9);
    CHECK(misses_with(4, Replacement::fifo) == 10);
    CHECK(misses_with(3, Replacement::lru) == 10);
    CHECK(misses_with(4, Replacement::lru) == 8);
}

TEST_CASE("the index decides which pages meet in a set") {
    // 16 pages 16 apart, in 16 sets of one way.
    const auto misses_with = [](IndexHash index) {
        Accesses array({.sets = 16, .ways = 1, .index = index});
        Pages pages;
        for (std::uint64_t page = 0; page < 16; ++page) {
            pages.push_back(page * 16);
        }
        array.make(times(3, pages));
        return array.misses();
    };
    CHECK(misses_with(IndexHash::modulo) == 48);
    CHECK(misses_with(IndexHash::xor_fold) == 16);
}

}  // namespace
}  // namespace mmusim::hw::tlb_array_replacement_test
