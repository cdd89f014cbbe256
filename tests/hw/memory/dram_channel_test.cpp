// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/dram_channel.hpp"

#include "hw/base/random.hpp"
#include "tests/hw/memory/small_dram.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <ostream>

namespace mmusim::hw {

// Found through the type's namespace.
[[nodiscard]] static constexpr auto enumerator_names(RowOutcome) {
    return std::array<std::string_view, 3>{"hit", "miss", "conflict"};
}

}  // namespace mmusim::hw

namespace mmusim::hw::dram_channel_test {

namespace {

using tests::small_dram;
using Burst = DramChannel::Burst;

Burst read_of(std::uint32_t bank, std::uint64_t row, std::uint64_t column = 0) {
    return {.place = {.bank = bank, .row = row, .column = column}};
}

Burst write_of(std::uint32_t bank, std::uint64_t row, std::uint64_t column = 0) {
    return {.place = {.bank = bank, .row = row, .column = column}, .writes = true};
}

// Which burst was served, and when its command was given.
struct Service {
    std::size_t tag;
    std::uint64_t data_end;
    RowOutcome outcome;

    bool operator==(const Service&) const = default;
};

std::ostream& operator<<(std::ostream& stream, const Service& service) {
    return stream << service.tag << " at " << service.data_end << ": " << name_of(service.outcome);
}

constexpr auto hit = RowOutcome::hit;
constexpr auto miss = RowOutcome::miss;
constexpr auto conflict = RowOutcome::conflict;

// Lets the channel do what it can until its queues are empty, only in the cycles it names.
std::vector<Service> drain(DramChannel& channel, Cycles from) {
    std::vector<Service> services;
    Cycles now = from;
    while (const std::optional<Cycles> next = channel.next_step(now)) {
        REQUIRE(*next >= now);
        now = *next;
        if (const std::optional<DramChannel::Served> served = channel.step(now)) {
            services.push_back({.tag = served->burst.tag,
                                .data_end = served->data_end.value,
                                .outcome = *served->burst.outcome});
        }
    }
    return services;
}

std::vector<Service> services_of(const DramParameters& parameters,
                                 const std::vector<Burst>& bursts) {
    DramChannel channel(parameters, parameters.timing);
    for (std::size_t number = 0; number < bursts.size(); ++number) {
        Burst burst = bursts[number];
        burst.tag = number;
        channel.enqueue(burst);
    }
    return drain(channel, Cycles{0});
}

TEST_CASE("who finds the row open goes first under fr_fcfs, and nobody under fcfs") {
    const std::vector<Burst> bursts{read_of(0, 0), read_of(0, 1), read_of(0, 0, 1)};
    DramParameters parameters = small_dram();

    parameters.scheduler = DramScheduling::fr_fcfs;
    // Reads at 5 and 13; the row is closed at 19, the next opened at 26 and read at 31.
    CHECK(services_of(parameters, bursts) ==
          std::vector<Service>{{0, 12, miss}, {2, 20, hit}, {1, 38, conflict}});

    parameters.scheduler = DramScheduling::fcfs;
    // Closed at 11, opened at 18, read at 23; closed at 29, opened at 36, read at 41.
    CHECK(services_of(parameters, bursts) ==
          std::vector<Service>{{0, 12, miss}, {1, 30, conflict}, {2, 48, conflict}});
}

TEST_CASE("other banks open their rows while one is waited for, but not under fcfs") {
    const std::vector<Burst> bursts{read_of(0, 0), read_of(1, 0)};
    DramParameters parameters = small_dram();
    // Opened at 0 and 2, read at 5 and 9.
    CHECK(services_of(parameters, bursts) == std::vector<Service>{{0, 12, miss}, {1, 16, miss}});
    // Opened at 6, read at 11.
    parameters.scheduler = DramScheduling::fcfs;
    CHECK(services_of(parameters, bursts) == std::vector<Service>{{0, 12, miss}, {1, 18, miss}});
}

TEST_CASE("a closed row policy closes a row with the last access that waits for it") {
    DramParameters parameters = small_dram();
    parameters.row_policy = RowPolicy::closed;
    DramChannel channel(parameters, parameters.timing);
    channel.enqueue(read_of(0, 0));
    channel.enqueue(read_of(0, 0, 1));
    CHECK(drain(channel, Cycles{0}) == std::vector<Service>{{0, 12, miss}, {0, 20, hit}});
    Burst later = read_of(0, 0);
    later.ready = Cycles{100};
    channel.enqueue(later);
    CHECK(drain(channel, Cycles{100}) == std::vector<Service>{{0, 112, miss}});

    parameters.row_policy = RowPolicy::open;
    DramChannel open(parameters, parameters.timing);
    open.enqueue(read_of(0, 0));
    CHECK(drain(open, Cycles{0}) == std::vector<Service>{{0, 12, miss}});
    open.enqueue(later);
    CHECK(drain(open, Cycles{100}) == std::vector<Service>{{0, 107, hit}});
}

std::vector<std::size_t> order_of(const std::vector<Service>& services) {
    std::vector<std::size_t> tags;
    tags.reserve(services.size());
    for (const Service& service : services) {
        tags.push_back(service.tag);
    }
    return tags;
}

TEST_CASE("reads come before writes while few writes wait") {
    const std::vector<Service> services =
        services_of(small_dram(), {read_of(0, 0), write_of(1, 0), write_of(2, 0), read_of(3, 0)});
    CHECK(order_of(services) == std::vector<std::size_t>{0, 3, 1, 2});
}

TEST_CASE("with as many writes as the high mark they are drained down to the low one") {
    const std::vector<Service> services =
        services_of(small_dram(),
                    {read_of(0, 0), read_of(2, 0), write_of(1, 0), write_of(3, 0), write_of(5, 0)});
    CHECK(order_of(services) == std::vector<std::size_t>{2, 3, 0, 1, 4});
}

TEST_CASE("a queue has room for its entries, and each direction has its own") {
    DramParameters parameters = small_dram();
    parameters.read_queue_entries = 1;
    DramChannel channel(parameters, parameters.timing);
    CHECK(channel.has_room(false));
    channel.enqueue(read_of(0, 0));
    CHECK_FALSE(channel.has_room(false));
    CHECK(channel.has_room(true));
    CHECK_FALSE(channel.holds_write_of(read_of(0, 7).place));
    channel.enqueue(write_of(0, 7));
    CHECK(channel.holds_write_of(read_of(0, 7).place));
    CHECK_FALSE(channel.holds_write_of(read_of(0, 7, 1).place));
    CHECK_FALSE(channel.holds_write_of(read_of(0, 0).place));
}

TEST_CASE("nothing is waiting, so nothing has to be done: not even a refresh") {
    DramParameters parameters = small_dram();
    parameters.timing.refresh_interval_cycles = Cycles{1000};
    DramChannel channel(parameters, parameters.timing);
    CHECK_FALSE(channel.next_step(Cycles{0}));
    Burst late = read_of(0, 0);
    late.ready = Cycles{1010};  // in the midst of a refresh, which ends at 1050
    channel.enqueue(late);
    CHECK(drain(channel, Cycles{1010}) == std::vector<Service>{{0, 1062, miss}});
    CHECK(channel.statistics(Cycles{1062}).refreshes == 2);
    channel.reset_statistics(Cycles{1062});
    CHECK(channel.statistics(Cycles{1999}).refreshes == 0);
    CHECK(channel.statistics(Cycles{2000}).refreshes == 2);
}

TEST_CASE("of a random stream every burst is served once, and the bus carries one at a time") {
    for (const DramScheduling scheduler : {DramScheduling::fcfs, DramScheduling::fr_fcfs}) {
        DramParameters parameters = small_dram();
        parameters.scheduler = scheduler;
        parameters.timing.refresh_interval_cycles = Cycles{500};
        DramChannel channel(parameters, parameters.timing);
        Random random(6);
        std::vector<std::uint64_t> ends;
        Cycles now;
        std::size_t sent = 0;
        while (sent < 3000 || channel.next_step(now)) {
            const bool writes = random.below(2) == 0;
            if (sent < 3000 && channel.has_room(writes)) {
                Burst burst = read_of(static_cast<std::uint32_t>(random.below(8)), random.below(3),
                                      random.below(4));
                burst.place.rank = static_cast<std::uint32_t>(random.below(2));
                burst.writes = writes;
                burst.arrival = now;
                channel.enqueue(burst);
                ++sent;
            }
            now = channel.next_step(now).value_or(now);
            if (const auto served = channel.step(now)) {
                ends.push_back(served->data_end.value);
            }
        }
        std::sort(ends.begin(), ends.end());
        bool overlap = false;
        for (std::size_t number = 1; number < ends.size(); ++number) {
            overlap = overlap || ends[number] - ends[number - 1] < 4;
        }
        CHECK_FALSE(overlap);
        CHECK(ends.size() == 3000);
        const DramStatistics statistics = channel.statistics(now);
        CHECK(statistics.read_bursts + statistics.write_bursts == 3000);
        CHECK(statistics.row_hits + statistics.row_misses + statistics.row_conflicts == 3000);
        CHECK(statistics.activates >= statistics.row_misses + statistics.row_conflicts);
        // Every row that was opened was closed, but for those open at the end.
        CHECK(statistics.precharges <= statistics.activates);
        CHECK(statistics.activates - statistics.precharges <= 16);
    }
}

}  // namespace
}  // namespace mmusim::hw::dram_channel_test
