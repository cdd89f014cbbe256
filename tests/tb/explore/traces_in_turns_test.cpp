// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/traces_in_turns.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace mmusim::tb::traces_in_turns_test {

namespace {

// So many accesses, in batches of three.
class Numbered final : public AccessSource {
  public:
    explicit Numbered(std::size_t count) : accesses_(count) {}

    std::span<const Access> next_batch() override {
        const std::size_t size = std::min<std::size_t>(3, accesses_.size() - begun_);
        const std::span<const Access> batch = std::span(accesses_).subspan(begun_, size);
        begun_ += size;
        return batch;
    }

  private:
    std::vector<Access> accesses_;
    std::size_t begun_ = 0;
};

// Whose accesses come, a letter for each.
std::string order(const std::vector<std::size_t>& counts, const Turns& turns,
                  std::size_t stop_after = 1000) {
    std::deque<Numbered> sources;
    for (const std::size_t count : counts) {
        sources.emplace_back(count);
    }
    std::vector<std::reference_wrapper<AccessSource>> references(sources.begin(), sources.end());
    std::string taken;
    take_in_turns(references, turns, [&](std::size_t source, std::span<const Access> accesses) {
        taken.append(accesses.size(), static_cast<char>('a' + source));
        return taken.size() < stop_after;
    });
    return taken;
}

}  // namespace

TEST_CASE("sources take turns until all have ended") {
    CHECK(order({5, 7}, {.accesses_per_turn = 2}) == "aabbaabbabbb");
    CHECK(order({5, 7}, {.accesses_per_turn = 4}) == "aaaabbbbabbb");
    CHECK(order({5, 7}, {.accesses_per_turn = 1000}) == "aaaaabbbbbbb");
    CHECK(order({3}, {.accesses_per_turn = 1}) == "aaa");
    CHECK(order({0, 2, 0}, {.accesses_per_turn = 1}) == "bb");
    CHECK(order({}, {.accesses_per_turn = 1}).empty());
}

TEST_CASE("the limit is of all accesses together") {
    CHECK(order({5, 7}, {.accesses_per_turn = 2, .limit = 7}) == "aabbaab");
    CHECK(order({5, 7}, {.accesses_per_turn = 2, .limit = 100}) == "aabbaabbabbb");
}

TEST_CASE("whoever takes can stop") {
    CHECK(order({5, 7}, {.accesses_per_turn = 2}, 3) == "aabb");
}

}  // namespace mmusim::tb::traces_in_turns_test
