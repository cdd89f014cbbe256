// SPDX-License-Identifier: Apache-2.0
#include "hw/tlb/miss_classifier.hpp"

#include "hw/base/random.hpp"
#include "tests/support/naive_miss_judge.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace mmusim::hw::miss_classifier_test {
namespace {

constexpr PageSize small_page{12};
constexpr PageSize large_page{21};
constexpr PageSize huge_page{30};
const std::vector<PageSize> all_sizes{small_page, large_page, huge_page};

constexpr std::uint64_t pages_in_large = 512;

// A miss that is answered at once.
void miss(MissClassifier& classifier, std::uint64_t page, std::optional<PageSize> size = small_page,
          bool counted = true, Asid asid = {1}) {
    classifier.answered(classifier.miss({page}, asid, counted), size);
}

constexpr std::optional<PageSize> fault = std::nullopt;
constexpr bool not_counted = false;

TEST_CASE("the first lookup of a page is compulsory, in each address space") {
    MissClassifier classifier(4, all_sizes);
    miss(classifier, 1);
    miss(classifier, 2);
    miss(classifier, 1, small_page, true, {2});
    CHECK(classifier.kinds() == MissKinds{.compulsory = 3});
}

TEST_CASE("what as many entries without sets would hold is a conflict, what not is capacity") {
    MissClassifier classifier(2, all_sizes);
    for (const std::uint64_t page : {1U, 2U, 1U, 3U}) {
        miss(classifier, page);
    }
    CHECK(classifier.kinds() == MissKinds{.compulsory = 3, .capacity = 0, .conflict = 1});
    miss(classifier, 2);  // 1 and 3 were the last two
    CHECK(classifier.kinds() == MissKinds{.compulsory = 3, .capacity = 1, .conflict = 1});
    miss(classifier, 3);
    CHECK(classifier.kinds() == MissKinds{.compulsory = 3, .capacity = 1, .conflict = 2});
}

TEST_CASE("each miss that is counted is told, once it is judged, with the page that it was") {
    MissClassifier classifier(1, all_sizes);
    std::vector<MissClassifier::JudgedMiss> told;
    classifier.set_listener(
        [&](const MissClassifier::JudgedMiss& judged) { told.push_back(judged); });
    miss(classifier, 5, large_page);
    miss(classifier, 5, large_page, not_counted);
    const MissClassifier::Ticket waiting = classifier.miss({1024}, {1}, true);
    miss(classifier, 7, fault);
    REQUIRE(told.size() == 1);  // the third waits for the second
    classifier.answered(waiting, small_page);
    REQUIRE(told.size() == 3);
    CHECK(told[0].page == VirtualPageNumber{5});
    CHECK(told[0].size == large_page);
    CHECK(told[0].asid == Asid{1});
    CHECK(told[0].kind == MissKind::compulsory);
    CHECK(told[1].size == small_page);
    CHECK(told[2].page == VirtualPageNumber{7});
    CHECK(told[2].size == large_page);  // which was known to be there
    CHECK(told[2].kind == MissKind::capacity);
}

TEST_CASE("a hit is a use as well") {
    MissClassifier classifier(2, all_sizes);
    miss(classifier, 1);
    miss(classifier, 2);
    classifier.hit({1}, {1}, small_page);
    miss(classifier, 3);
    miss(classifier, 1);
    CHECK(classifier.kinds() == MissKinds{.compulsory = 3, .conflict = 1});
}

TEST_CASE("a retry is not counted, but what it looked up is known") {
    MissClassifier classifier(2, all_sizes);
    miss(classifier, 1, small_page, not_counted);
    CHECK(classifier.kinds() == MissKinds{});
    miss(classifier, 1);
    CHECK(classifier.kinds() == MissKinds{.conflict = 1});
}

TEST_CASE("a page is one page wherever in it the lookups are") {
    MissClassifier classifier(2, all_sizes);
    miss(classifier, 0, large_page);
    miss(classifier, pages_in_large - 1, large_page);
    miss(classifier, pages_in_large, large_page);
    CHECK(classifier.kinds() == MissKinds{.compulsory = 2, .conflict = 1});
}

TEST_CASE("pages of two sizes at one address are two pages") {
    MissClassifier classifier(2, all_sizes);
    miss(classifier, 7, small_page);
    miss(classifier, 7, large_page);
    miss(classifier, 7, small_page);
    CHECK(classifier.kinds() == MissKinds{.compulsory = 2, .conflict = 1});
}

TEST_CASE("a page of a size that the TLB does not hold takes no entry") {
    MissClassifier classifier(1, {small_page});
    miss(classifier, 1, small_page);
    miss(classifier, 4 * pages_in_large, large_page);
    miss(classifier, 1, small_page);
    miss(classifier, 4 * pages_in_large, large_page);
    CHECK(classifier.kinds() == MissKinds{.compulsory = 2, .capacity = 1, .conflict = 1});
}

TEST_CASE("a fault that a retry turns into a large page was of that page") {
    MissClassifier classifier(2, all_sizes);
    miss(classifier, 3, fault);
    miss(classifier, 3, large_page, not_counted);
    CHECK(classifier.kinds() == MissKinds{.compulsory = 1});
    // One entry is the large page's; the other is free, so nothing makes the large page leave.
    miss(classifier, 5 * pages_in_large, small_page);
    miss(classifier, 9, large_page);
    CHECK(classifier.kinds() == MissKinds{.compulsory = 2, .conflict = 1});
    // And a fault in a page that is known is of that one.
    miss(classifier, 11, fault);
    CHECK(classifier.kinds() == MissKinds{.compulsory = 2, .conflict = 2});
}

TEST_CASE("an address that always faults is looked up first only once") {
    MissClassifier classifier(2, all_sizes);
    miss(classifier, 3, fault);
    miss(classifier, 3, fault);
    CHECK(classifier.kinds() == MissKinds{.compulsory = 1, .conflict = 1});
}

TEST_CASE("misses under way are judged in the order of their lookups, however they are answered") {
    MissClassifier classifier(2, all_sizes);
    const MissClassifier::Ticket first = classifier.miss({1}, {1}, true);
    const MissClassifier::Ticket second = classifier.miss({1}, {1}, true);
    classifier.hit({2}, {1}, small_page);
    const MissClassifier::Ticket third = classifier.miss({3}, {1}, true);
    classifier.answered(third, small_page);
    classifier.answered(second, small_page);
    CHECK(classifier.kinds() == MissKinds{});
    classifier.answered(first, small_page);
    CHECK(classifier.kinds() == MissKinds{.compulsory = 2, .conflict = 1});
    miss(classifier, 1);
    CHECK(classifier.kinds() == MissKinds{.compulsory = 2, .capacity = 1, .conflict = 1});
}

TEST_CASE("counts start again from zero, and what is known stays known") {
    MissClassifier classifier(2, all_sizes);
    miss(classifier, 1);
    classifier.reset_kinds();
    CHECK(classifier.kinds() == MissKinds{});
    miss(classifier, 1);
    CHECK(classifier.kinds() == MissKinds{.conflict = 1});
}

TEST_CASE("any mix of hits, misses, retries and sizes is judged as by searching lists") {
    const auto [seed, entries] =
        GENERATE(table<std::uint64_t, std::size_t>({{1, 1}, {2, 7}, {3, 64}, {4, 5000}}));
    INFO("seed " << seed);
    Random random(seed);
    MissClassifier classifier(entries, all_sizes);
    tests::NaiveMissJudge naive(entries);
    std::vector<std::pair<MissClassifier::Ticket, PageSize>> under_way;
    for (int step = 0; step < 20'000; ++step) {
        const Asid asid{static_cast<std::uint16_t>(random.below(3))};
        const PageSize size = all_sizes[random.below(3)];
        // Each size has addresses of its own, so that what an address is in never changes.
        const std::uint64_t page = (std::uint64_t{size.log2_bytes} << 24U) +
                                   random.below(random.below(2) == 0 ? 40 : 2000) *
                                       (std::uint64_t{1} << size.page_number_bits_inside());
        const bool found = random.below(2) == 0;
        const bool counted = random.below(5) != 0;
        naive.look_up(asid, {page}, size, !found && counted);
        if (found) {
            classifier.hit({page}, asid, size);
        } else {
            under_way.emplace_back(classifier.miss({page}, asid, counted), size);
        }
        while (under_way.size() > random.below(6)) {
            const std::size_t answered = random.below(under_way.size());
            classifier.answered(under_way[answered].first, under_way[answered].second);
            under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(answered));
        }
    }
    for (const auto& [ticket, size] : under_way) {
        classifier.answered(ticket, size);
    }
    CHECK(classifier.kinds() == naive.kinds);
    CHECK(naive.kinds.capacity + naive.kinds.conflict > 0);
}

}  // namespace
}  // namespace mmusim::hw::miss_classifier_test
