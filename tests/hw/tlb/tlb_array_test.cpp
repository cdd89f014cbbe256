// SPDX-License-Identifier: Apache-2.0
#include "hw/tlb/tlb_array.hpp"

#include "hw/base/random.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <list>

namespace mmusim::hw::tlb_array_test {
namespace {

using Entry = TlbArray::Entry;
using Hit = TlbArray::Hit;

constexpr PageSize small_page{12};
constexpr PageSize napot_page{16};
constexpr PageSize large_page{21};
constexpr PageSize huge_page{30};
const std::vector<PageSize> all_sizes{small_page, napot_page, large_page, huge_page};

constexpr std::uint64_t seed = 5;

TranslatedPage page_of(std::uint64_t physical, PageSize size = small_page, bool global = false) {
    return {.physical_page = {physical}, .size = size, .flags = {0xdf}, .global = global};
}

// What a lookup finds where pages of one size hold the address, and where those of two do.
Hit hit_of(const TranslatedPage& page) {
    return {.page = page, .overlapped = false};
}
Hit overlapped_hit_of(const TranslatedPage& page) {
    return {.page = page, .overlapped = true};
}

TEST_CASE("a page is found under its own ASID only, a global one under every ASID") {
    TlbArray array({.sets = 4, .ways = 2}, all_sizes, seed);
    array.fill({0x10}, {1}, page_of(0x80));
    array.fill({0x11}, {1}, page_of(0x81, small_page, true));

    CHECK(array.lookup({0x10}, {1}) == hit_of(page_of(0x80)));
    CHECK_FALSE(array.lookup({0x10}, {2}));
    CHECK(array.lookup({0x11}, {1}) == hit_of(page_of(0x81, small_page, true)));
    CHECK(array.lookup({0x11}, {2}) == hit_of(page_of(0x81, small_page, true)));
    CHECK(array.lookup({0x11}, {0xffff}) == hit_of(page_of(0x81, small_page, true)));
}

TEST_CASE("one fill of a large page answers for all of it, and for nothing beside it") {
    struct Row {
        PageSize size;
        std::uint64_t first;
        std::uint64_t last;
    };
    const auto row = GENERATE(Row{small_page, 0x40000, 0x40000}, Row{napot_page, 0x40010, 0x4001f},
                              Row{large_page, 0x40200, 0x403ff}, Row{huge_page, 0x80000, 0xbffff});
    TlbArray array({.sets = 16, .ways = 4}, all_sizes, seed);

    array.fill({(row.first + row.last + 1) / 2}, {1}, page_of(0x99, row.size));

    CHECK_FALSE(array.lookup({row.first - 1}, {1}));
    CHECK(array.lookup({row.first}, {1}));
    CHECK(array.lookup({row.last}, {1}));
    CHECK_FALSE(array.lookup({row.last + 1}, {1}));
    CHECK(array.entries() ==
          std::vector<Entry>{
              {.virtual_page = {row.first}, .asid = {1}, .page = page_of(0x99, row.size)}});
}

TEST_CASE("where two sizes hold an address, the smaller answers whole, and the lookup tells") {
    TlbArray array({.sets = 4, .ways = 2}, all_sizes, seed);
    array.fill({0x207}, {1}, page_of(0x55));
    array.fill({0x200}, {1}, page_of(0xa00, large_page));

    CHECK(array.lookup({0x207}, {1}) == overlapped_hit_of(page_of(0x55)));
    CHECK(array.lookup({0x208}, {1}) == hit_of(page_of(0xa00, large_page)));
    CHECK_FALSE(array.lookup({0x207}, {2}));

    array.fill({0x205}, {1}, page_of(0x3f0, napot_page));
    CHECK(array.lookup({0x207}, {1}) == overlapped_hit_of(page_of(0x55)));
    CHECK(array.lookup({0x208}, {1}) == overlapped_hit_of(page_of(0x3f0, napot_page)));
    CHECK(array.lookup({0x210}, {1}) == hit_of(page_of(0xa00, large_page)));
}

TEST_CASE("of two sizes that hold an address, a fence of it removes both") {
    TlbArray array({.sets = 4, .ways = 2}, all_sizes, seed);
    array.fill({0x207}, {1}, page_of(0x55));
    array.fill({0x200}, {1}, page_of(0xa00, large_page));

    CHECK(array.invalidate({.address = VirtualPageNumber{0x207}.address()}) == 2);
    CHECK_FALSE(array.lookup({0x207}, {1}));
    CHECK_FALSE(array.lookup({0x208}, {1}));
}

TEST_CASE("a hit that overlaps is a use of the page that answers only") {
    TlbArray array({.sets = 1, .ways = 3}, all_sizes, seed);
    array.fill({0x200}, {1}, page_of(0xa00, large_page));
    array.fill({0x207}, {1}, page_of(0x55));
    array.fill({1}, {1}, page_of(1));
    CHECK(array.lookup({0x207}, {1}));

    CHECK(array.fill({2}, {1}, page_of(2)).evicted->page == page_of(0xa00, large_page));
}

TEST_CASE("a page is never entered twice: the second fill brings the first up to date") {
    TlbArray array({.sets = 1, .ways = 3}, all_sizes, seed);
    array.fill({1}, {1}, page_of(1));
    array.fill({0x200}, {1}, page_of(0xa00, large_page));
    array.fill({2}, {1}, page_of(2));

    const TlbArray::FillResult again = array.fill({0x3ff}, {1}, page_of(0xc00, large_page));
    CHECK_FALSE(again.entered);
    CHECK_FALSE(again.evicted);
    CHECK(array.entries() ==
          std::vector<Entry>{
              {.virtual_page = {1}, .asid = {1}, .page = page_of(1)},
              {.virtual_page = {0x200}, .asid = {1}, .page = page_of(0xc00, large_page)},
              {.virtual_page = {2}, .asid = {1}, .page = page_of(2)}});
    // The second fill was a use.
    CHECK(array.fill({3}, {1}, page_of(3)).evicted->virtual_page == VirtualPageNumber{1});
    CHECK(array.fill({4}, {1}, page_of(4)).evicted->virtual_page == VirtualPageNumber{2});
}

TEST_CASE("an array does not enter pages of sizes that it does not hold") {
    TlbArray array({.sets = 4, .ways = 1}, {small_page}, seed);

    CHECK_FALSE(array.fill({0x200}, {1}, page_of(0xa00, large_page)).entered);
    CHECK_FALSE(array.lookup({0x200}, {1}));
    CHECK(array.entries().empty());
    CHECK(array.fill({0x200}, {1}, page_of(0xa00)).entered);
}

TEST_CASE("a page's set is its page number modulo the sets, in units of its own size") {
    TlbArray array({.sets = 48, .ways = 1}, all_sizes, seed);
    array.fill({5}, {1}, page_of(1));

    CHECK_FALSE(array.fill({6}, {1}, page_of(2)).evicted);
    CHECK(array.fill({5 + 48}, {1}, page_of(3)).evicted ==
          Entry{.virtual_page = {5}, .asid = {1}, .page = page_of(1)});
    // 2 MiB page number 53 is in set 5 as well.
    CHECK(array.fill({53 * 512 + 3}, {1}, page_of(0x200, large_page)).evicted ==
          Entry{.virtual_page = {53}, .asid = {1}, .page = page_of(3)});
}

TEST_CASE("empty ways are taken first, the lowest before the others") {
    TlbArray array({.sets = 1, .ways = 3}, all_sizes, seed);
    array.fill({1}, {1}, page_of(1));
    array.fill({2}, {1}, page_of(2));
    array.fill({3}, {1}, page_of(3));
    CHECK(array.invalidate({.address = VirtualPageNumber{2}.address()}) == 1);
    CHECK(array.lookup({1}, {1}));

    CHECK_FALSE(array.fill({4}, {1}, page_of(4)).evicted);
    CHECK(array.entries()[1].virtual_page == VirtualPageNumber{4});
    CHECK(array.fill({5}, {1}, page_of(5)).evicted->virtual_page == VirtualPageNumber{3});
}

TEST_CASE("a refresh replaces what is known of a page that is present, and nothing else") {
    TlbArray array({.sets = 4, .ways = 2}, all_sizes, seed);
    array.fill({0x10}, {1}, page_of(0x80));
    TranslatedPage clean = page_of(0x80);
    clean.flags = {0x5f};

    array.refresh({0x10}, {1}, clean);
    array.refresh({0x11}, {1}, page_of(0x81));
    array.refresh({0x10}, {2}, page_of(0x82));

    CHECK(array.entries() ==
          std::vector<Entry>{{.virtual_page = {0x10}, .asid = {1}, .page = clean}});
}

TEST_CASE("a page that is refreshed belongs to the spaces of the new translation") {
    constexpr Asid owner{1};
    constexpr Asid other{2};
    TlbArray array({.sets = 4, .ways = 2}, all_sizes, seed);
    array.fill({0x10}, owner, page_of(0x80, small_page, true));
    array.fill({0x11}, owner, page_of(0x81));
    REQUIRE(array.lookup({0x10}, other));

    array.refresh({0x10}, owner, page_of(0x82));
    array.refresh({0x11}, owner, page_of(0x83, small_page, true));

    CHECK(array.lookup({0x10}, owner) == hit_of(page_of(0x82)));
    CHECK_FALSE(array.lookup({0x10}, other));
    CHECK(array.lookup({0x11}, other) == hit_of(page_of(0x83, small_page, true)));
    CHECK(array.invalidate({.asid = owner}) == 1);
    CHECK(array.lookup({0x11}, owner));
}

TEST_CASE("a fence removes what it names: any address or one, any ASID or one") {
    struct Row {
        std::string name;
        Fence fence;
        std::vector<std::uint64_t> kept;  // the virtual pages that stay
    };
    constexpr VirtualAddress inside_large{0x207'abc};
    constexpr VirtualAddress global_large{0x407'abc};
    const auto row = GENERATE_COPY(
        Row{"everything", {}, {}},
        Row{"one ASID; global pages stay", {.asid = Asid{1}}, {0x400, 0x11, 0x13}},
        Row{"another ASID", {.asid = Asid{2}}, {0x200, 0x400, 0x10, 0x13}},
        Row{"one address of a small page, in all spaces",
            {.address = VirtualPageNumber{0x10}.address()},
            {0x200, 0x400, 0x11, 0x13}},
        Row{"any address inside a large page",
            {.address = inside_large},
            {0x400, 0x10, 0x11, 0x13}},
        Row{"a global page by address", {.address = global_large}, {0x200, 0x10, 0x11, 0x13}},
        Row{"an address in one space",
            {.address = inside_large, .asid = Asid{1}},
            {0x400, 0x10, 0x11, 0x13}},
        Row{"an address in another space",
            {.address = inside_large, .asid = Asid{2}},
            {0x200, 0x400, 0x10, 0x11, 0x13}},
        Row{"a global page by address and ASID stays",
            {.address = global_large, .asid = Asid{1}},
            {0x200, 0x400, 0x10, 0x11, 0x13}},
        Row{"an address that nobody holds",
            {.address = VirtualPageNumber{0x77}.address()},
            {0x200, 0x400, 0x10, 0x11, 0x13}});
    TlbArray array({.sets = 16, .ways = 4}, all_sizes, seed);
    array.fill({0x200}, {1}, page_of(0xa00, large_page));
    array.fill({0x400}, {1}, page_of(0xc00, large_page, true));
    array.fill({0x10}, {1}, page_of(0x80));
    array.fill({0x11}, {2}, page_of(0x81));
    array.fill({0x13}, {3}, page_of(0x83, small_page, true));

    const std::uint64_t removed = array.invalidate(row.fence);

    CAPTURE(row.name);
    std::vector<std::uint64_t> kept;
    for (const Entry& entry : array.entries()) {
        kept.push_back(entry.virtual_page.value);
    }
    std::vector<std::uint64_t> expected = row.kept;
    std::sort(kept.begin(), kept.end());
    std::sort(expected.begin(), expected.end());
    CHECK(kept == expected);
    CHECK(removed == 5 - expected.size());
}

// The same as plainly as can be: sets are vectors of optional entries, and the order of
// replacement is a list of ways, the next victim first.
class ListTlb {
  public:
    ListTlb(std::size_t sets, std::size_t ways, std::vector<PageSize> sizes, bool uses_count)
        : sizes_(std::move(sizes)), uses_count_(uses_count), sets_(sets) {
        for (Set& set : sets_) {
            set.ways.resize(ways);
            for (std::size_t way = 0; way < ways; ++way) {
                set.order.push_back(way);
            }
        }
    }

    std::optional<Hit> lookup(VirtualPageNumber page, Asid asid) {
        const std::vector<Place> places = find(page, asid);
        if (places.empty()) {
            return std::nullopt;
        }
        const Place& smallest = places.front();
        if (uses_count_) {
            make_newest(smallest);
        }
        return Hit{.page = smallest.set->ways[smallest.way]->page, .overlapped = places.size() > 1};
    }

    // `victim`: what a policy of chance has chosen, or null.
    std::optional<Entry> fill(VirtualPageNumber page, Asid asid, const TranslatedPage& translated,
                              const Entry* victim) {
        Place place{&set_of(page, translated.size), 0};
        std::vector<std::optional<Entry>>& ways = place.set->ways;
        auto chosen = std::find(ways.begin(), ways.end(), std::nullopt);
        if (chosen == ways.end() && victim != nullptr) {
            chosen = std::find(ways.begin(), ways.end(), *victim);
        }
        place.way = chosen == ways.end()
                        ? place.set->order.front()
                        : static_cast<std::size_t>(std::distance(ways.begin(), chosen));
        const std::optional<Entry> evicted = ways[place.way];
        ways[place.way] = Entry{.virtual_page = first_page(page, translated.size),
                                .asid = translated.global ? Asid{} : asid,
                                .page = translated};
        make_newest(place);
        return evicted;
    }

    void refresh(VirtualPageNumber page, Asid asid, const TranslatedPage& translated) {
        const std::vector<Place> places = find(page, asid);
        if (places.empty()) {
            return;
        }
        TranslatedPage& smallest = places.front().set->ways[places.front().way]->page;
        if (smallest.size == translated.size) {
            smallest = translated;
        }
    }

    std::uint64_t invalidate(const Fence& fence) {
        std::uint64_t removed = 0;
        for (Set& set : sets_) {
            for (std::optional<Entry>& way : set.ways) {
                if (way && names(fence, *way)) {
                    way.reset();
                    ++removed;
                }
            }
        }
        return removed;
    }

    [[nodiscard]] std::vector<Entry> entries() const {
        std::vector<Entry> result;
        for (const Set& set : sets_) {
            for (const std::optional<Entry>& way : set.ways) {
                if (way) {
                    result.push_back(*way);
                }
            }
        }
        return result;
    }

  private:
    struct Set {
        std::vector<std::optional<Entry>> ways;
        std::list<std::size_t> order;
    };
    struct Place {
        Set* set;
        std::size_t way;
    };

    static VirtualPageNumber first_page(VirtualPageNumber page, PageSize size) {
        const std::uint64_t pages = size.bytes() / page_bytes;
        return {page.value / pages * pages};
    }

    static bool names(const Fence& fence, const Entry& entry) {
        if (fence.asid && (entry.page.global || entry.asid != *fence.asid)) {
            return false;
        }
        return !fence.address ||
               first_page(page_number_of(*fence.address), entry.page.size) == entry.virtual_page;
    }

    Set& set_of(VirtualPageNumber page, PageSize size) {
        return sets_[page.value / (size.bytes() / page_bytes) % sets_.size()];
    }

    // Everything that holds the page, smallest first.
    std::vector<Place> find(VirtualPageNumber page, Asid asid) {
        std::vector<Place> places;
        for (const PageSize size : sizes_) {
            Set& set = set_of(page, size);
            for (std::size_t way = 0; way < set.ways.size(); ++way) {
                const std::optional<Entry>& entry = set.ways[way];
                if (entry && entry->page.size == size &&
                    entry->virtual_page == first_page(page, size) &&
                    (entry->page.global || entry->asid == asid)) {
                    places.push_back({&set, way});
                }
            }
        }
        return places;
    }

    static void make_newest(const Place& place) {
        place.set->order.remove(place.way);
        place.set->order.push_back(place.way);
    }

    std::vector<PageSize> sizes_;
    bool uses_count_;
    std::vector<Set> sets_;
};

// Some 2000 pages of eight address spaces. Every sixteenth 1 GiB is global, because a page must not
// be global in one space and private in another.
class RandomPages {
  public:
    struct Draw {
        VirtualPageNumber page;
        Asid asid;
        TranslatedPage translated;
    };

    [[nodiscard]] Draw next() {
        const bool often = random_.below(2) == 0;
        const std::uint64_t region = random_.below(often ? 2 : 32);
        const VirtualPageNumber page{region << 18U | random_.below(4) << 9U |
                                     random_.below(16) << 4U | random_.below(4)};
        const PageSize size = size_at(random_.below(16));
        return {.page = page,
                .asid = {static_cast<std::uint16_t>(random_.below(often ? 2 : 8))},
                .translated = page_of(random_.below(1U << 20U), size, region % 16 == 0)};
    }

    [[nodiscard]] Fence fence() {
        const Draw draw = next();
        Fence result;
        if (random_.below(8) > 0) {
            result.address = draw.page.address() + random_.below(page_bytes);
        }
        if (random_.below(2) > 0) {
            result.asid = draw.asid;
        }
        return result;
    }

    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }

  private:
    static PageSize size_at(std::uint64_t number) {
        if (number == 0) {
            return huge_page;
        }
        return number < 3 ? large_page : number < 6 ? napot_page : small_page;
    }

    Random random_{41};
};

TEST_CASE("on a long random stream an array does what a plain list does") {
    struct Geometry {
        std::uint32_t sets;
        std::uint32_t ways;
    };
    const auto geometry = GENERATE(Geometry{16, 4}, Geometry{1, 16}, Geometry{48, 3},
                                   Geometry{64, 1}, Geometry{128, 12});
    const auto policy = GENERATE(Replacement::lru, Replacement::fifo, Replacement::random);
    CAPTURE(geometry.sets, geometry.ways, policy);
    TlbArray array({.sets = geometry.sets, .ways = geometry.ways, .replacement = policy}, all_sizes,
                   seed);
    ListTlb list(geometry.sets, geometry.ways, all_sizes, policy == Replacement::lru);
    RandomPages pages;
    std::uint64_t hits = 0;
    std::uint64_t overlapped = 0;
    std::uint64_t evictions = 0;
    std::uint64_t removed = 0;

    for (int round = 0; round < 20'000; ++round) {
        const RandomPages::Draw draw = pages.next();
        const std::optional<Hit> found = array.lookup(draw.page, draw.asid);
        REQUIRE(found == list.lookup(draw.page, draw.asid));
        if (found) {
            ++hits;
            overlapped += found->overlapped ? 1 : 0;
            array.refresh(draw.page, draw.asid, draw.translated);
            list.refresh(draw.page, draw.asid, draw.translated);
        } else {
            const TlbArray::FillResult filled = array.fill(draw.page, draw.asid, draw.translated);
            const bool by_chance = policy == Replacement::random && filled.evicted;
            const Entry* const victim = by_chance ? &*filled.evicted : nullptr;
            REQUIRE(filled.entered);
            REQUIRE(filled.evicted == list.fill(draw.page, draw.asid, draw.translated, victim));
            evictions += filled.evicted ? 1 : 0;
        }
        if (pages.below(50) == 0) {
            const Fence fence = pages.fence();
            const std::uint64_t now_removed = array.invalidate(fence);
            REQUIRE(now_removed == list.invalidate(fence));
            removed += now_removed;
        }
        if (round % 500 == 0) {
            REQUIRE(array.entries() == list.entries());
        }
    }

    // The stream was worth it.
    CHECK(hits > 1000);
    CHECK(overlapped > 50);
    CHECK(evictions > 1000);
    CHECK(removed > 300);
}

TEST_CASE("random replacement is the same for the same seed, and not for every seed") {
    const auto victims_with = [](std::uint64_t with_seed) {
        TlbArray array({.sets = 1, .ways = 16, .replacement = Replacement::random}, all_sizes,
                       with_seed);
        std::vector<std::uint64_t> victims;
        for (std::uint64_t page = 0; page < 200; ++page) {
            const TlbArray::FillResult filled = array.fill({page}, {1}, page_of(page));
            if (filled.evicted) {
                victims.push_back(filled.evicted->virtual_page.value);
            }
        }
        return victims;
    };

    CHECK(victims_with(1) == victims_with(1));
    CHECK(victims_with(1) != victims_with(2));
}

}  // namespace
}  // namespace mmusim::hw::tlb_array_test
