// SPDX-License-Identifier: Apache-2.0
// Page replacement on strings of references, by the policy alone: so many frames, no costs.
#include "sw/replacement/page_replacement.hpp"

#include "hw/base/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace mmusim::sw::page_replacement_test {
namespace {

using Pages = std::vector<std::uint64_t>;
using Policy = PageReplacementPolicy;

// Demand paging of one process: the smallest memory manager that a policy can have.
class Paging final : PagesInMemory {
  public:
    Paging(Policy policy, std::size_t frames)
        : policy_(make_page_replacement(policy)), frames_(frames) {}

    // Returns the faults.
    std::uint64_t access(const Pages& pages) {
        string_ = pages;
        for (position_ = 0; position_ < string_.size(); ++position_) {
            access(string_[position_]);
        }
        return faults_;
    }

    [[nodiscard]] std::set<std::uint64_t> resident() const {
        std::set<std::uint64_t> pages;
        for (const auto& [frame, page] : page_in_) {
            pages.insert(page);
        }
        return pages;
    }
    void tick() { policy_->tick(*this); }

    // From now on, before each access, one of the pages goes to a frame that never held any.
    void move_pages() { moves_ = true; }

  private:
    void move_one() {
        auto moved = std::next(page_in_.begin(),
                               static_cast<std::ptrdiff_t>(random_.below(page_in_.size())));
        const std::uint64_t from = moved->first;
        const std::uint64_t to = next_frame_++;
        policy_->moved({from}, {to});
        accessed_[to] = accessed_[from];
        auto page = page_in_.extract(moved);
        page.key() = to;
        page_in_.insert(std::move(page));
    }

    void access(std::uint64_t page) {
        if (moves_ && !page_in_.empty()) {
            move_one();
        }
        const auto found = std::find_if(page_in_.begin(), page_in_.end(),
                                        [page](const auto& entry) { return entry.second == page; });
        if (found != page_in_.end()) {
            accessed_[found->first] = true;
            policy_->accessed({found->first});
            return;
        }
        ++faults_;
        const std::uint64_t frame = free_frame();
        page_in_[frame] = page;
        accessed_[frame] = !policy_->load_is_no_access();
        policy_->loaded({frame}, PageKind::anonymous);
        policy_->accessed({frame});
    }

    [[nodiscard]] std::uint64_t free_frame() {
        if (page_in_.size() < frames_) {
            return page_in_.size();
        }
        const PhysicalPageNumber victim = policy_->victim(*this).value();
        policy_->released(victim);
        page_in_.erase(victim.value);
        return victim.value;
    }

    std::uint64_t take_accessed(PhysicalPageNumber frame) override {
        return std::exchange(accessed_[frame.value], false) ? 1 : 0;
    }
    bool may_leave(PhysicalPageNumber /*frame*/) override { return true; }
    bool dirty(PhysicalPageNumber /*frame*/) override { return false; }
    std::optional<std::uint64_t> next_access(PhysicalPageNumber frame) override {
        const auto from = string_.begin() + static_cast<std::ptrdiff_t>(position_);
        const auto next = std::find(from, string_.end(), page_in_.at(frame.value));
        return next == string_.end()
                   ? std::nullopt
                   : std::optional(static_cast<std::uint64_t>(next - string_.begin()));
    }

    std::unique_ptr<PageReplacement> policy_;
    std::size_t frames_;
    Pages string_;
    std::size_t position_ = 0;
    std::map<std::uint64_t, std::uint64_t> page_in_;  // by frame
    std::map<std::uint64_t, bool> accessed_;          // by frame
    std::uint64_t faults_ = 0;
    bool moves_ = false;
    std::uint64_t next_frame_ = 1'000;
    Random random_{1};
};

std::uint64_t faults(Policy policy, std::size_t frames, const Pages& pages) {
    return Paging(policy, frames).access(pages);
}

Pages random_pages(std::uint64_t seed) {
    Random random(seed);
    const std::uint64_t different = 2 + random.below(12);
    Pages pages;
    for (std::uint64_t i = 0; i < 60; ++i) {
        pages.push_back(random.below(different));
    }
    return pages;
}

}  // namespace

// Published answers: FIFO of both Belady strings (9 and 10), of Silberschatz's (15, 12 and 9 with
// three frames). The clock is published with both conventions.
TEST_CASE("the strings of the textbooks have the faults that are known of them") {
    struct Row {
        Pages pages;
        std::size_t frames = 0;
        std::uint64_t fifo = 0;
        std::uint64_t lru = 0;
        std::uint64_t opt = 0;
        std::uint64_t clock = 0;
        std::uint64_t second_chance = 0;
    };
    const Pages belady{1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};
    const Pages belady_from_three{3, 2, 1, 0, 3, 2, 4, 3, 2, 1, 0, 4};
    const Pages silberschatz{7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1};
    const Pages exercise{1, 2, 3, 4, 2, 1, 5, 6, 2, 1, 2, 3, 7, 6, 3, 2, 1, 2, 3, 6};
    const Pages later_exercise{7, 2, 3, 1, 2, 5, 3, 4, 6, 7, 7, 1, 0, 5, 4, 6, 2, 3, 0, 1};
    const Pages stallings{2, 3, 2, 1, 5, 2, 4, 5, 3, 2, 5, 2};
    const Pages two_and_four{0, 4, 1, 4, 2, 4, 3, 4, 2, 4, 0, 4, 1, 4, 2, 4, 3, 4};
    const Pages long_one{2, 5, 10, 1, 2, 2, 6, 9, 1, 2, 10, 2, 6, 1, 2, 1, 6, 9, 5, 1};
    Pages loop;
    for (std::uint64_t i = 0; i < 20; ++i) {
        loop.push_back(i % 5);
    }
    const std::vector<Row> rows{
        {belady, 3, 9, 10, 7, 9, 10},
        {belady, 4, 10, 8, 6, 10, 8},
        {belady_from_three, 3, 9, 10, 7, 9, 10},
        {belady_from_three, 4, 10, 8, 6, 10, 8},
        {silberschatz, 3, 15, 12, 9, 14, 11},
        {silberschatz, 4, 10, 8, 8, 9, 8},
        {exercise, 3, 16, 15, 11, 16, 16},
        {exercise, 4, 14, 10, 8, 14, 10},
        {later_exercise, 3, 17, 18, 13, 18, 18},
        {later_exercise, 4, 17, 17, 11, 17, 17},
        {stallings, 3, 9, 7, 6, 8, 6},
        {stallings, 4, 6, 6, 5, 6, 6},
        {two_and_four, 3, 11, 9, 8, 9, 9},
        {long_one, 3, 16, 15, 10, 16, 13},
        {long_one, 4, 12, 10, 8, 11, 11},
        {loop, 3, 20, 20, 12, 20, 20},
        {loop, 4, 20, 20, 8, 20, 20},
    };
    for (const Row& row : rows) {
        CAPTURE(row.pages, row.frames);
        CHECK(faults(Policy::fifo, row.frames, row.pages) == row.fifo);
        CHECK(faults(Policy::lru, row.frames, row.pages) == row.lru);
        CHECK(faults(Policy::opt, row.frames, row.pages) == row.opt);
        CHECK(faults(Policy::clock, row.frames, row.pages) == row.clock);
        CHECK(faults(Policy::second_chance, row.frames, row.pages) == row.second_chance);
    }
}

TEST_CASE("lru and opt: what is in memory is also in a larger one") {
    for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
        CAPTURE(seed);
        const Pages pages = random_pages(seed);
        for (const Policy policy : {Policy::lru, Policy::opt}) {
            for (std::size_t frames = 1; frames < 8; ++frames) {
                REQUIRE(faults(policy, frames + 1, pages) <= faults(policy, frames, pages));
            }
        }
        Paging small(Policy::lru, 3);
        Paging large(Policy::lru, 5);
        small.access(pages);
        large.access(pages);
        const auto in_small = small.resident();
        const auto in_large = large.resident();
        REQUIRE(std::includes(in_large.begin(), in_large.end(), in_small.begin(), in_small.end()));
    }
}

TEST_CASE("which pages leave does not depend on where they have moved") {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const Pages pages = random_pages(seed);
        for (const std::string_view name : names_of<Policy>) {
            const Policy policy = *enumerator_named<Policy>(name);
            CAPTURE(seed, name);
            Paging still(policy, 4);
            Paging moving(policy, 4);
            moving.move_pages();
            REQUIRE(moving.access(pages) == still.access(pages));
            REQUIRE(moving.resident() == still.resident());
        }
    }
}

TEST_CASE("opt is the least of all") {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        const Pages pages = random_pages(seed);
        for (const std::size_t frames : {2U, 3U, 5U}) {
            const std::uint64_t least = faults(Policy::opt, frames, pages);
            for (const Policy policy : {Policy::fifo, Policy::lru, Policy::clock,
                                        Policy::second_chance, Policy::active_inactive}) {
                CAPTURE(seed, frames, name_of(policy));
                REQUIRE(least <= faults(policy, frames, pages));
            }
        }
    }
}

}  // namespace mmusim::sw::page_replacement_test
