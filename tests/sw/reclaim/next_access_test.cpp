// SPDX-License-Identifier: Apache-2.0
#include "sw/reclaim/next_access.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace mmusim::sw::next_access_test {

namespace {

constexpr std::optional<std::uint64_t> never;

// A future by the process's number and the page's.
class KnownFuture final : public PageFuture {
  public:
    using Key = std::pair<std::uint32_t, std::uint64_t>;

    explicit KnownFuture(std::map<Key, std::uint64_t> distances)
        : distances_(std::move(distances)) {}

    [[nodiscard]] std::optional<std::uint64_t> next_access(ProcessId process,
                                                           VirtualPageNumber page) const override {
        const auto found = distances_.find({process.value, page.value});
        return found == distances_.end() ? never : std::optional(found->second);
    }

  private:
    std::map<Key, std::uint64_t> distances_;
};

}  // namespace

TEST_CASE("a page is wanted when the first of those that map it wants it") {
    const Processes processes;
    const KnownFuture future({{{0, 7}, 50}, {{1, 9}, 20}, {{2, 5}, 3}});
    Frame frame{.mappings = {{.process = {0}, .page = {7}}, {.process = {1}, .page = {9}}}};

    CHECK(next_access(frame, processes, future) == 20);

    frame.huge_mappings = {{.process = {2}, .page = {5}}};
    CHECK(next_access(frame, processes, future) == 3);

    frame.huge_mappings = {};
    frame.mappings = {{.process = {3}, .page = {7}}};
    CHECK(next_access(frame, processes, future) == never);
}

TEST_CASE("a page of a file is wanted by whoever has it in a region") {
    constexpr ObjectId file{4};
    Processes processes;
    const auto map = [&](std::uint64_t first_page, std::uint64_t object_page) {
        Process& process = processes.add("process", {});
        process.space.regions.insert({.start = VirtualPageNumber{first_page}.address(),
                                      .end = VirtualPageNumber{first_page + 4}.address(),
                                      .rights = {.read = true},
                                      .object = file,
                                      .object_page = object_page});
    };
    map(100, 0);
    map(200, 2);
    const KnownFuture future({{{0, 103}, 50}, {{1, 201}, 20}, {{1, 203}, 10}, {{1, 204}, 1}});
    const auto wanted = [&](ObjectId object, std::uint64_t page) {
        return next_access({.object_page = ObjectPage{.object = object, .page = page}}, processes,
                           future);
    };

    CHECK(wanted(file, 3) == 20);
    CHECK(wanted(file, 5) == 10);
    CHECK(wanted(file, 6) == never);
    CHECK(wanted(file, 1) == never);
    CHECK(wanted({3}, 3) == never);
}

}  // namespace mmusim::sw::next_access_test
