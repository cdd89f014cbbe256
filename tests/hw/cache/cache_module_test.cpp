// SPDX-License-Identifier: Apache-2.0
#include "hw/cache/cache_module.hpp"

#include "hw/base/random.hpp"
#include "tests/support/memory_requester.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"
#include "tests/support/test_memories.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <set>

namespace mmusim::hw::cache_module_test {
namespace {

using tests::clear_at;
using tests::exchange_at;
using tests::FixedLatencyMemory;
using tests::MemoryRequester;
using tests::read_at;
using tests::Simulation;
using tests::StallingMemory;
using tests::TestMemory;
using tests::without_values_at;
using tests::write_at;
using Answer = MemoryRequester::Answer;

constexpr PhysicalAddress base = TestMemory::base;

// Lines 0, 2, 4 … of the memory are in set 0, the others in set 1.
const CacheParameters small{
    .sets = 2, .ways = 2, .line_bytes = 64, .hit_latency_cycles = {3}, .mshrs = 2};

constexpr PhysicalAddress line(std::uint64_t number) {
    return base + 64 * number;
}

MemoryRequester::Begin written_line(PhysicalAddress address) {
    return without_values_at(tlm::TLM_WRITE_COMMAND, address, 64, MemoryPurpose::write_back);
}

constexpr std::uint64_t seed = 5;

// What reached the next level, when and why.
struct Below {
    std::uint64_t arrival;
    std::uint64_t line;
    MemoryPurpose purpose;

    bool operator==(const Below&) const = default;
};

std::ostream& operator<<(std::ostream& stream, const Below& below) {
    return stream << below.arrival << ": " << name_of(below.purpose) << " of line " << below.line;
}

std::vector<Below> below(const TestMemory& memory) {
    std::vector<Below> result;
    for (const TestMemory::Transaction& transaction : memory.transactions()) {
        result.push_back({.arrival = transaction.arrival.value,
                          .line = (transaction.address.value - base.value) / 64,
                          .purpose = transaction.purpose});
    }
    return result;
}

std::vector<std::uint64_t> answer_cycles(const MemoryRequester& requester) {
    std::vector<std::uint64_t> result;
    for (const Answer& answer : requester.answers()) {
        REQUIRE(answer.came);
        CHECK(answer.timing.total() == answer.duration());
        result.push_back(answer.answered.value);
    }
    return result;
}

void check_conservation(const CacheStatistics& statistics) {
    CHECK(statistics.accesses == statistics.hits + statistics.misses);
    CHECK(statistics.misses ==
          statistics.fills + statistics.mshr_merges + statistics.misses_without_fill);
    CHECK(statistics.write_backs <= statistics.evictions);
}

// A cache over a memory of 20 cycles that answers late, and somebody who asks.
struct CacheBench {
    explicit CacheBench(const CacheParameters& parameters, std::uint64_t below_wait = 0)
        : memory("memory", {{.wait = {below_wait}, .service = {20}}}, simulation.clock()),
          cache("cache", parameters, seed, simulation.clock()),
          requester("requester", simulation) {
        requester.initiator.bind(cache.upstream_target);
        cache.downstream_initiator.bind(memory.upstream_target);
    }

    Simulation simulation;
    StallingMemory memory;
    CacheModule cache;
    MemoryRequester requester;
};

CacheParameters one_frame_large() {
    CacheParameters parameters = small;
    parameters.sets = 64;
    parameters.ways = 1;
    return parameters;
}

void clear_two_frames(CacheBench& bench) {
    bench.requester.ask(0, clear_at(base));
    bench.requester.ask(100, clear_at(base + 0x1000));
}

TEST_CASE("a miss costs the lookup and the next level, a hit the lookup and is known at once") {
    CacheBench bench(small);
    bench.requester.ask(10, read_at(line(0)));
    bench.requester.ask(50, read_at(line(0) + 56));
    bench.simulation.run();

    CHECK(answer_cycles(bench.requester) == std::vector<std::uint64_t>{10 + 3 + 20, 50 + 3});
    const std::vector<Answer> answers = bench.requester.answers();
    CHECK_FALSE(answers[0].at_once);
    CHECK(answers[0].timing == MemoryTiming{.wait = {0}, .service = {23}});
    CHECK(answers[1].at_once);
    CHECK(answers[1].timing == MemoryTiming{.wait = {0}, .service = {3}});
    CHECK(below(bench.memory) == std::vector<Below>{{13, 0, MemoryPurpose::line_fill}});
    CHECK(bench.cache.statistics().hits == 1);
    CHECK(bench.cache.statistics().misses == 1);
    CHECK(bench.cache.statistics().fills == 1);
    CHECK(bench.cache.statistics().service_cycles == Cycles{26});
    check_conservation(bench.cache.statistics());
}

TEST_CASE("a next level that answers at once gives the same cycles") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    CacheModule cache("cache", small, seed, simulation.clock());
    MemoryRequester requester("requester", simulation);
    requester.initiator.bind(cache.upstream_target);
    cache.downstream_initiator.bind(memory.upstream_target);
    requester.ask(10, read_at(line(0)));
    requester.ask(50, read_at(line(0)));
    simulation.run();

    CHECK(answer_cycles(requester) == std::vector<std::uint64_t>{33, 53});
    CHECK(below(memory) == std::vector<Below>{{13, 0, MemoryPurpose::line_fill}});
}

TEST_CASE("a line is there from the cycle on in which its fill arrives") {
    CacheBench bench(small);
    bench.requester.ask(0, read_at(line(0)));   // fills line 0 at 23
    bench.requester.ask(22, read_at(line(0)));  // joins: its own lookup is done at 25
    bench.requester.ask(23, read_at(line(0)));  // hits
    bench.simulation.run();

    CHECK(answer_cycles(bench.requester) == std::vector<std::uint64_t>{23, 25, 26});
    CHECK_FALSE(bench.requester.answers()[1].at_once);
    CHECK(bench.requester.answers()[2].at_once);
    CHECK(bench.cache.statistics().mshr_merges == 1);
    CHECK(bench.cache.statistics().hits == 1);
}

TEST_CASE("misses of one line share its fill and are answered with it") {
    CacheBench bench(small);
    bench.requester.ask(0, read_at(line(0)));
    bench.requester.ask(1, read_at(line(0) + 8));
    bench.requester.ask(20, write_at(line(0) + 16));
    bench.simulation.run();

    CHECK(answer_cycles(bench.requester) == std::vector<std::uint64_t>{23, 23, 23});
    CHECK(below(bench.memory) == std::vector<Below>{{3, 0, MemoryPurpose::line_fill}});
    // Nobody sees more service than the time that it was there.
    CHECK(bench.requester.answers()[1].timing == MemoryTiming{.wait = {0}, .service = {22}});
    CHECK(bench.requester.answers()[2].timing == MemoryTiming{.wait = {0}, .service = {3}});
    CHECK(bench.cache.statistics().mshr_merges == 2);
    CHECK(bench.cache.array().lines() ==
          std::vector<CacheArray::Line>{{.number = {line(0).value / 64}, .dirty = true}});
    check_conservation(bench.cache.statistics());
}

TEST_CASE("waiting below is waiting here") {
    CacheBench bench(small, 7);
    bench.requester.ask(0, read_at(line(0)));
    bench.simulation.run();

    CHECK(answer_cycles(bench.requester) == std::vector<std::uint64_t>{30});
    CHECK(bench.requester.answers()[0].timing == MemoryTiming{.wait = {7}, .service = {23}});
    CHECK(bench.cache.statistics().wait_cycles == Cycles{7});
}

TEST_CASE("a miss beyond the MSHRs waits until one is free, to the cycle") {
    CacheBench bench(small);
    bench.requester.ask(0, read_at(line(0)));   // takes an MSHR until 23
    bench.requester.ask(5, read_at(line(1)));   // the other, until 28
    bench.requester.ask(10, read_at(line(2)));  // waits until 23
    bench.requester.ask(22, read_at(line(3)));  // waits until 28
    bench.simulation.run();

    CHECK(below(bench.memory) == std::vector<Below>{{3, 0, MemoryPurpose::line_fill},
                                                    {8, 1, MemoryPurpose::line_fill},
                                                    {23, 2, MemoryPurpose::line_fill},
                                                    {28, 3, MemoryPurpose::line_fill}});
    CHECK(answer_cycles(bench.requester) == std::vector<std::uint64_t>{23, 28, 43, 48});
    CHECK(bench.requester.answers()[2].timing == MemoryTiming{.wait = {10}, .service = {23}});
    CHECK(bench.requester.answers()[3].timing == MemoryTiming{.wait = {3}, .service = {23}});
    check_conservation(bench.cache.statistics());
}

TEST_CASE("a miss in the cycle before an MSHR is free still pays its own lookup") {
    CacheParameters parameters = small;
    parameters.mshrs = 1;
    CacheBench bench(parameters);
    bench.requester.ask(0, read_at(line(0)));   // until 23
    bench.requester.ask(22, read_at(line(1)));  // looked up until 25; goes down then
    bench.simulation.run();

    CHECK(below(bench.memory) ==
          std::vector<Below>{{3, 0, MemoryPurpose::line_fill}, {25, 1, MemoryPurpose::line_fill}});
    CHECK(bench.requester.answers()[1].timing == MemoryTiming{.wait = {0}, .service = {23}});
}

TEST_CASE("hits pass misses, and newcomers join a line that others wait for") {
    CacheParameters parameters = small;
    parameters.mshrs = 1;
    CacheBench bench(parameters);
    bench.requester.ask(0, read_at(line(0)));    // until 23
    bench.requester.ask(100, read_at(line(1)));  // until 123
    bench.requester.ask(101, read_at(line(3)));  // waits until 123, comes at 143
    bench.requester.ask(102, read_at(line(5)));  // waits until 143, comes at 163
    bench.requester.ask(103, read_at(line(3)));  // comes with line 3
    bench.requester.ask(104, read_at(line(0)));  // a hit
    bench.requester.ask(105, read_at(line(1)));  // joins the fill under way
    bench.simulation.run();

    CHECK(answer_cycles(bench.requester) ==
          std::vector<std::uint64_t>{23, 123, 143, 163, 143, 107, 123});
    CHECK(bench.cache.statistics().fills == 4);
    CHECK(bench.cache.statistics().mshr_merges == 2);
    CHECK(bench.cache.statistics().hits == 1);
    check_conservation(bench.cache.statistics());
}

TEST_CASE("a dirty line is written back after the fill that takes its place has arrived") {
    CacheBench bench(small);
    bench.requester.ask(0, write_at(line(0)));
    bench.requester.ask(100, read_at(line(2)));
    bench.requester.ask(200, read_at(line(4)));  // line 0 gives way
    bench.requester.ask(300, read_at(line(6)));  // line 2 does, and is clean
    bench.simulation.run();

    CHECK(below(bench.memory) == std::vector<Below>{{3, 0, MemoryPurpose::line_fill},
                                                    {103, 2, MemoryPurpose::line_fill},
                                                    {203, 4, MemoryPurpose::line_fill},
                                                    {223, 0, MemoryPurpose::write_back},
                                                    {303, 6, MemoryPurpose::line_fill}});
    CHECK(answer_cycles(bench.requester) == std::vector<std::uint64_t>{23, 123, 223, 323});
    CHECK(bench.cache.statistics().evictions == 2);
    CHECK(bench.cache.statistics().write_backs == 1);
}

TEST_CASE("new statistics count what has yet to reach the next level") {
    CacheBench bench(one_frame_large());
    clear_two_frames(bench);
    // 64 lines have given way; those of the cycles from 103 to 122 are with the next level.
    bench.simulation.observe(Cycles{122}, [&] { bench.cache.reset_statistics(); });
    bench.simulation.run();

    CHECK(bench.cache.statistics().write_backs == 44);
    CHECK(bench.cache.statistics().evictions == 44);
    CHECK(bench.cache.statistics().accesses == 0);
}

TEST_CASE("an exchange makes a line dirty only where it writes") {
    CacheBench bench(small);
    bench.requester.ask(0, exchange_at(line(0), 5, 6));  // memory holds 0
    bench.requester.ask(0, exchange_at(line(1), 0, 6));
    bench.requester.ask(50, exchange_at(line(0), 5, 6));
    bench.simulation.run();

    const std::vector<Answer> answers = bench.requester.answers();
    CHECK_FALSE(answers[0].exchanged);
    CHECK(answers[1].exchanged);
    CHECK_FALSE(answers[2].exchanged);
    CHECK(bench.cache.array().lines() ==
          std::vector<CacheArray::Line>{{.number = {line(0).value / 64}, .dirty = false},
                                        {.number = {line(1).value / 64}, .dirty = true}});
    CHECK(bench.memory.image().read(line(1), 8) == 6);
}

TEST_CASE("values are memory's: what one cache writes its sibling reads in the same cycle") {
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{20}, simulation.clock());
    CacheModule one("one", small, seed, simulation.clock());
    CacheModule two("two", small, seed, simulation.clock());
    MemoryRequester left("left", simulation);
    MemoryRequester right("right", simulation);
    left.initiator.bind(one.upstream_target);
    right.initiator.bind(two.upstream_target);
    one.downstream_initiator.bind(memory.upstream_target);
    two.downstream_initiator.bind(memory.upstream_target);
    right.ask(0, read_at(line(0)));
    left.ask(100, write_at(line(0), 0x1234));
    right.ask(100, read_at(line(0)));
    right.ask(101, exchange_at(line(0), 0x1234, 0x5678));
    left.ask(102, read_at(line(0)));
    right.ask(103, clear_at(base));
    left.ask(104, read_at(line(0)));
    simulation.run();

    CHECK(right.answers()[0].value == 0);
    CHECK(right.answers()[1].value == 0x1234);
    CHECK(right.answers()[2].exchanged);
    CHECK(left.answers()[1].value == 0x5678);
    CHECK(left.answers()[2].value == 0);
}

TEST_CASE("the accesses of a program use lines as any others do and leave the values alone") {
    CacheBench bench(small);
    bench.memory.image().write(line(0) + 56, 0x1234, 8);
    bench.requester.ask(
        0, without_values_at(tlm::TLM_WRITE_COMMAND, line(0) + 58, 11, MemoryPurpose::data_write));
    bench.requester.ask(
        50, without_values_at(tlm::TLM_READ_COMMAND, line(0) + 61, 2, MemoryPurpose::data_read));
    bench.requester.ask(60,
                        without_values_at(tlm::TLM_READ_COMMAND, line(2), 4, MemoryPurpose::fetch));
    bench.requester.ask(90, read_at(line(0) + 56));
    bench.simulation.run();

    // The write needs two lines, the second a cycle later.
    CHECK(answer_cycles(bench.requester) ==
          std::vector<std::uint64_t>{3 + 1 + 20, 50 + 3, 60 + 3 + 20, 90 + 3});
    CHECK(bench.requester.answers()[3].value == 0x1234);
    CHECK(bench.cache.array().lines() ==
          std::vector<CacheArray::Line>{{.number = {line(0).value / 64}, .dirty = true},
                                        {.number = {line(2).value / 64}, .dirty = false},
                                        {.number = {line(1).value / 64}, .dirty = true}});
    CHECK(bench.cache.statistics().by_purpose[MemoryPurpose::data_write] == 1);
    CHECK(bench.cache.statistics().by_purpose[MemoryPurpose::data_read] == 1);
    CHECK(bench.cache.statistics().by_purpose[MemoryPurpose::fetch] == 1);
    check_conservation(bench.cache.statistics());
}

TEST_CASE("clearing a frame needs no fill and writes its lines one a cycle") {
    CacheParameters parameters = small;
    parameters.sets = 64;
    CacheBench bench(parameters);
    bench.requester.ask(0, write_at(line(64)));  // line 64 is in the set of line 0
    bench.requester.ask(100, clear_at(base));
    bench.requester.ask(200, clear_at(base + 0x2000));
    bench.simulation.run();

    CHECK(answer_cycles(bench.requester) ==
          std::vector<std::uint64_t>{23, 100 + 3 + 63, 200 + 3 + 63});
    CHECK(bench.requester.answers()[1].at_once);
    // Set 0 has two ways: line 64 gives way to line 128.
    CHECK(below(bench.memory) == std::vector<Below>{{3, 64, MemoryPurpose::line_fill},
                                                    {203, 64, MemoryPurpose::write_back}});
    CHECK(bench.cache.statistics().accesses == 1 + 2 * 64);
    CHECK(bench.cache.statistics().misses_without_fill == 2UL * 64);
    CHECK(bench.cache.statistics().by_purpose[MemoryPurpose::frame_clear] == 2);
    check_conservation(bench.cache.statistics());
}

TEST_CASE("the lines that a frame drives out reach the next level one a cycle") {
    CacheBench bench(one_frame_large());
    clear_two_frames(bench);
    bench.simulation.run();

    REQUIRE(bench.memory.transactions().size() == 64);
    for (std::uint64_t number = 0; number < 64; ++number) {
        CHECK(below(bench.memory)[number] ==
              Below{103 + number, number, MemoryPurpose::write_back});
    }
}

TEST_CASE("a line that is written whole while it is under way joins the fill") {
    CacheBench bench(small);
    bench.requester.ask(0, read_at(line(0)));
    bench.requester.ask(5, written_line(line(0)));
    bench.requester.ask(30, written_line(line(2)));  // nothing is under way
    bench.simulation.run();

    CHECK(answer_cycles(bench.requester) == std::vector<std::uint64_t>{23, 23, 33});
    CHECK(below(bench.memory) == std::vector<Below>{{3, 0, MemoryPurpose::line_fill}});
    CHECK(bench.cache.statistics().mshr_merges == 1);
    CHECK(bench.cache.statistics().misses_without_fill == 1);
    check_conservation(bench.cache.statistics());
}

TEST_CASE("a transaction over several lines is done with the last of them") {
    CacheBench bench(small);
    bench.requester.ask(0, read_at(line(0) + 60, 8, MemoryPurpose::line_fill));
    bench.requester.ask(50, read_at(line(0) + 60, 8, MemoryPurpose::line_fill));
    bench.requester.ask(100, read_at(line(1) + 60, 8, MemoryPurpose::line_fill));  // half a hit
    bench.simulation.run();

    CHECK(below(bench.memory) == std::vector<Below>{{3, 0, MemoryPurpose::line_fill},
                                                    {4, 1, MemoryPurpose::line_fill},
                                                    {104, 2, MemoryPurpose::line_fill}});
    CHECK(answer_cycles(bench.requester) == std::vector<std::uint64_t>{24, 54, 124});
    CHECK(bench.cache.statistics().accesses == 6);
    CHECK(bench.cache.statistics().hits == 3);
}

TEST_CASE("a write-through cache passes every write on and keeps what only reads bring") {
    CacheParameters parameters = small;
    parameters.write_back = false;
    CacheBench bench(parameters);
    bench.requester.ask(0, write_at(line(0)));    // nothing stays
    bench.requester.ask(100, read_at(line(0)));   // a miss
    bench.requester.ask(200, write_at(line(0)));  // a hit, and goes on
    bench.requester.ask(300, clear_at(base));
    bench.requester.ask(400, read_at(line(0)));  // still there
    bench.simulation.run();

    CHECK(below(bench.memory) == std::vector<Below>{{3, 0, MemoryPurpose::write_through},
                                                    {103, 0, MemoryPurpose::line_fill},
                                                    {203, 0, MemoryPurpose::write_through},
                                                    {303, 0, MemoryPurpose::write_through}});
    CHECK(answer_cycles(bench.requester) == std::vector<std::uint64_t>{23, 123, 223, 323, 403});
    CHECK(bench.cache.statistics().write_throughs == 3);
    CHECK(bench.cache.statistics().misses_without_fill == 1 + 63);
    CHECK(bench.cache.statistics().evictions == 0);
    check_conservation(bench.cache.statistics());
}

TEST_CASE("what lies outside memory is refused after the lookup's time and reaches nobody") {
    CacheBench bench(small);
    bench.requester.ask(0, read_at({0x1000}));
    bench.requester.ask(0, exchange_at({0x1000}, 0, 1));
    bench.requester.ask(0, clear_at({0x1000}));
    bench.requester.ask(
        0, without_values_at(tlm::TLM_WRITE_COMMAND, {0x1000}, 100, MemoryPurpose::data_write));
    bench.requester.ask(50, read_at({base.value + TestMemory::size_bytes}));
    bench.simulation.run();

    for (const Answer& answer : bench.requester.answers()) {
        CHECK(answer.failed);
        CHECK_FALSE(answer.exchanged);
        CHECK(answer.duration() == Cycles{3});
        CHECK(answer.timing == MemoryTiming{.wait = {0}, .service = {3}});
    }
    CHECK(bench.memory.transactions().empty());
    CHECK(bench.cache.statistics().errors == 5);
    CHECK(bench.cache.statistics().transactions == 0);
    CHECK(bench.cache.statistics().accesses == 0);
}

TEST_CASE("a chain of caches costs the sum of its lookups and the memory") {
    Simulation simulation;
    StallingMemory memory("memory", {{.wait = {0}, .service = {100}}}, simulation.clock());
    CacheModule first("first", small, seed, simulation.clock());
    CacheParameters second_parameters{
        .sets = 8, .ways = 2, .line_bytes = 128, .hit_latency_cycles = {10}, .mshrs = 2};
    CacheModule second("second", second_parameters, seed, simulation.clock());
    MemoryRequester requester("requester", simulation);
    requester.initiator.bind(first.upstream_target);
    first.downstream_initiator.bind(second.upstream_target);
    second.downstream_initiator.bind(memory.upstream_target);
    requester.ask(0, write_at(line(0), 7));
    requester.ask(200, read_at(line(1)));  // the other half of the second's line
    requester.ask(300, read_at(line(2)));
    requester.ask(500, read_at(line(4)));  // line 0 goes back to the second
    simulation.run();

    CHECK(answer_cycles(requester) == std::vector<std::uint64_t>{113, 213, 413, 613});
    CHECK(below(memory) == std::vector<Below>{{13, 0, MemoryPurpose::line_fill},
                                              {313, 2, MemoryPurpose::line_fill},
                                              {513, 4, MemoryPurpose::line_fill}});
    CHECK(memory.image().read(line(0), 8) == 7);
    const CacheStatistics& statistics = second.statistics();
    CHECK(statistics.by_purpose[MemoryPurpose::line_fill] == first.statistics().fills);
    CHECK(statistics.by_purpose[MemoryPurpose::write_back] == first.statistics().write_backs);
    CHECK(first.statistics().write_backs == 1);
    CHECK(statistics.hits == 2);
}

TEST_CASE("a cache of no latency over a memory of none answers in the same cycle") {
    CacheParameters parameters = small;
    parameters.hit_latency_cycles = Cycles{0};
    Simulation simulation;
    FixedLatencyMemory memory("memory", Cycles{0}, simulation.clock());
    CacheModule cache("cache", parameters, seed, simulation.clock());
    MemoryRequester requester("requester", simulation);
    requester.initiator.bind(cache.upstream_target);
    cache.downstream_initiator.bind(memory.upstream_target);
    requester.ask(7, read_at(line(0)));
    requester.ask(8, read_at(line(0)));
    simulation.run();

    CHECK(answer_cycles(requester) == std::vector<std::uint64_t>{7, 8});
}

TEST_CASE("the debug transport passes by, uncounted and without a trace in the array") {
    CacheBench bench(small);
    bench.simulation.run();

    MemoryPayload payload;
    CHECK(bench.requester.debug(payload, write_at(line(0), 0x99)) == 8);
    CHECK(bench.requester.debug(payload, read_at(line(0))) == 8);
    CHECK(payload.value() == 0x99);
    CHECK(bench.requester.debug(payload, read_at({0})) == 0);
    CHECK(bench.cache.statistics().accesses == 0);
    CHECK(bench.cache.statistics().errors == 0);
    CHECK(bench.cache.array().lines().empty());
}

// The same rules once more, cycle by cycle and without cleverness, for one memory latency.
class PlainCache {
  public:
    PlainCache(std::uint64_t sets, std::uint64_t ways, std::uint64_t hit, std::uint64_t mshrs,
               std::uint64_t memory)
        : sets_(sets), ways_(ways), hit_(hit), mshrs_(mshrs), memory_(memory) {}

    struct Ask {
        std::uint64_t cycle;
        std::uint64_t line;
        bool writes;
    };

    // When each is answered.
    std::vector<std::uint64_t> run(const std::vector<Ask>& asks) {
        asks_ = asks;
        answers_.resize(asks.size());
        std::size_t next = 0;
        for (std::uint64_t cycle = 0; next < asks.size() || !fills_.empty(); ++cycle) {
            take_fills(cycle);
            for (; next < asks.size() && asks[next].cycle == cycle; ++next) {
                look_up(next);
            }
            start_waiting(cycle);
        }
        return answers_;
    }

    std::uint64_t fetched = 0;
    std::uint64_t joined = 0;
    std::uint64_t written_back = 0;

  private:
    struct Fill {
        std::uint64_t line;
        std::uint64_t arrives;
        std::vector<std::size_t> asks;
    };
    struct Entry {
        std::uint64_t line;
        bool dirty;
    };

    void take_fills(std::uint64_t cycle) {
        // Those that were asked for first come first.
        for (auto fill = fills_.begin(); fill != fills_.end();) {
            if (fill->arrives != cycle) {
                ++fill;
                continue;
            }
            bool dirty = false;
            for (const std::size_t ask : fill->asks) {
                dirty = dirty || asks_[ask].writes;
                answers_[ask] = std::max(cycle, asks_[ask].cycle + hit_);
            }
            std::list<Entry>& set = array_[fill->line % sets_];
            set.push_front({fill->line, dirty});
            if (set.size() > ways_) {
                written_back += set.back().dirty ? 1 : 0;
                set.pop_back();
            }
            fill = fills_.erase(fill);
            start_waiting(cycle);
        }
    }

    void look_up(std::size_t ask) {
        std::list<Entry>& set = array_[asks_[ask].line % sets_];
        const auto entry = std::find_if(set.begin(), set.end(), [&](const Entry& candidate) {
            return candidate.line == asks_[ask].line;
        });
        if (entry != set.end()) {
            entry->dirty = entry->dirty || asks_[ask].writes;
            set.splice(set.begin(), set, entry);
            answers_[ask] = asks_[ask].cycle + hit_;
            return;
        }
        for (Fill& fill : fills_) {
            if (fill.line == asks_[ask].line) {
                fill.asks.push_back(ask);
                ++joined;
                return;
            }
        }
        waiting_.push_back(ask);
        start_waiting(asks_[ask].cycle);
    }

    void start_waiting(std::uint64_t cycle) {
        while (!waiting_.empty() && fills_.size() < mshrs_) {
            const std::uint64_t line = asks_[waiting_.front()].line;
            const std::uint64_t sent = std::max(cycle, asks_[waiting_.front()].cycle + hit_);
            Fill fill{line, sent + memory_, {}};
            for (const std::size_t ask : waiting_) {
                if (asks_[ask].line == line) {
                    fill.asks.push_back(ask);
                }
            }
            std::erase_if(waiting_, [&](std::size_t ask) { return asks_[ask].line == line; });
            ++fetched;
            joined += fill.asks.size() - 1;
            fills_.push_back(fill);
        }
    }

    std::uint64_t sets_;
    std::uint64_t ways_;
    std::uint64_t hit_;
    std::uint64_t mshrs_;
    std::uint64_t memory_;
    std::map<std::uint64_t, std::list<Entry>> array_;
    std::list<Fill> fills_;
    std::list<std::size_t> waiting_;
    std::vector<Ask> asks_;
    std::vector<std::uint64_t> answers_;
};

TEST_CASE("a random stream is answered as by a plain cache, cycle for cycle") {
    const CacheParameters parameters{
        .sets = 3, .ways = 2, .line_bytes = 64, .hit_latency_cycles = {4}, .mshrs = 3};
    CacheBench bench(parameters);
    Random random(11);
    std::vector<PlainCache::Ask> asks;
    std::uint64_t cycle = 0;
    for (unsigned number = 0; number < 4000; ++number) {
        cycle += random.below(9);
        const bool writes = random.below(3) == 0;
        const std::uint64_t where = random.below(12);
        asks.push_back({cycle, where + base.value / 64, writes});
        bench.requester.ask(cycle, writes ? write_at(line(where)) : read_at(line(where)));
    }
    bench.simulation.run();

    PlainCache plain(3, 2, 4, 3, 20);
    const std::vector<std::uint64_t> expected = plain.run(asks);
    const std::vector<std::uint64_t> answered = answer_cycles(bench.requester);
    for (std::size_t number = 0; number < asks.size(); ++number) {
        CAPTURE(number, asks[number].cycle, asks[number].line);
        REQUIRE(answered[number] == expected[number]);
    }
    const CacheStatistics& statistics = bench.cache.statistics();
    CHECK(statistics.fills == plain.fetched);
    CHECK(statistics.mshr_merges == plain.joined);
    CHECK(statistics.write_backs == plain.written_back);
    CHECK(statistics.by_purpose[MemoryPurpose::pte_read] +
              statistics.by_purpose[MemoryPurpose::table_write] ==
          asks.size());
    check_conservation(statistics);
    // The stream meets everything: hits, joining and waiting.
    CHECK(statistics.hits > 500);
    CHECK(statistics.mshr_merges > 100);
    CHECK(statistics.wait_cycles > Cycles{500});
}

TEST_CASE("never more lines are under way than there are MSHRs, and often that many") {
    CacheParameters parameters = small;
    parameters.mshrs = 3;
    CacheBench bench(parameters);
    Random random(4);
    for (std::uint64_t cycle = 0; cycle < 2000; ++cycle) {
        bench.requester.ask(cycle, read_at(line(random.below(1000))));
    }
    bench.simulation.run();

    // Each is under way from its lookup on, three cycles before it reaches the memory.
    std::map<std::uint64_t, int> change;
    for (const TestMemory::Transaction& fill : bench.memory.transactions()) {
        ++change[fill.arrival.value];
        --change[fill.arrival.value + 20];
    }
    int under_way = 0;
    int most = 0;
    for (const auto& [when, difference] : change) {
        under_way += difference;
        most = std::max(most, under_way);
    }
    CHECK(most == 3);
    CHECK(bench.memory.transactions().size() == bench.cache.statistics().fills);
}

}  // namespace
}  // namespace mmusim::hw::cache_module_test
