// SPDX-License-Identifier: Apache-2.0
#include "hw/cache/waiting_requests.hpp"

#include "hw/base/random.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <list>
#include <vector>

namespace mmusim::hw::waiting_requests_test {
namespace {

struct Request {
    LineNumber line;
    int name = 0;

    bool operator==(const Request&) const = default;
};

using Requests = std::vector<Request>;

Requests taken_from(WaitingRequests<Request>& waiting) {
    Requests taken;
    waiting.take_first_line([&](const Request& request) { taken.push_back(request); });
    return taken;
}

using Seconds = std::chrono::duration<double>;

/// For each of so many lines that come one after the other, are asked for and leave again.
Seconds time_of_a_line(std::uint64_t lines) {
    WaitingRequests<Request> waiting;
    const auto begin = std::chrono::steady_clock::now();
    for (std::uint64_t line = 0; line < lines; ++line) {
        REQUIRE_FALSE(waiting.contains({line}));
        waiting.add({{line}, 0});
    }
    while (!waiting.empty()) {
        waiting.take_first_line([](const Request&) {});
    }
    return Seconds(std::chrono::steady_clock::now() - begin) / static_cast<double>(lines);
}

}  // namespace

TEST_CASE("requests leave in their order, those of one line together") {
    WaitingRequests<Request> waiting;
    for (const Request& request : Requests{{{7}, 1}, {{8}, 2}, {{7}, 3}, {{9}, 4}, {{7}, 5}}) {
        waiting.add(request);
    }

    CHECK(waiting.first() == Request{{7}, 1});
    CHECK(taken_from(waiting) == Requests{{{7}, 1}, {{7}, 3}, {{7}, 5}});
    CHECK_FALSE(waiting.contains({7}));
    CHECK(waiting.contains({9}));
    CHECK(taken_from(waiting) == Requests{{{8}, 2}});
    CHECK(taken_from(waiting) == Requests{{{9}, 4}});
    CHECK(waiting.empty());
}

TEST_CASE("a line that was taken can wait again") {
    WaitingRequests<Request> waiting;
    waiting.add({{7}, 1});
    waiting.add({{8}, 2});
    CHECK(taken_from(waiting) == Requests{{{7}, 1}});

    waiting.add({{7}, 3});

    CHECK(taken_from(waiting) == Requests{{{8}, 2}});
    CHECK(taken_from(waiting) == Requests{{{7}, 3}});
}

// As many as a huge page has, and more. Searching the list would take 1,000 times as long.
TEST_CASE("a line among a hundred thousand waits about as quickly as one among a hundred") {
    CHECK(time_of_a_line(100'000) < 50 * time_of_a_line(100));
}

TEST_CASE("requests at random wait as in a plain list") {
    Random random(1);
    WaitingRequests<Request> waiting;
    std::list<Request> list;
    for (int name = 0; name < 20'000; ++name) {
        if (list.empty() || random.below(5) < 3) {
            const Request request{{random.below(40)}, name};
            waiting.add(request);
            list.push_back(request);
        } else {
            Requests expected;
            const LineNumber line = list.front().line;
            list.remove_if([&](const Request& request) {
                if (request.line == line) {
                    expected.push_back(request);
                }
                return request.line == line;
            });
            REQUIRE(taken_from(waiting) == expected);
        }
        const LineNumber asked{random.below(40)};
        const bool is_there = std::any_of(list.begin(), list.end(), [&](const Request& request) {
            return request.line == asked;
        });
        REQUIRE(waiting.contains(asked) == is_there);
        REQUIRE(waiting.empty() == list.empty());
    }
}

}  // namespace mmusim::hw::waiting_requests_test
