// SPDX-License-Identifier: Apache-2.0
// Calls that scripts can only show in part: the heap, and the beginning of a program.
#include "sw/calls/system_calls.hpp"

#include "sw/operating_system.hpp"
#include "tests/support/counting_machine.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace mmusim::sw::system_calls_test {

namespace {

using namespace mmusim::literals;
using tests::CountingMachine;

constexpr PhysicalAddress base{0x8000'0000};
constexpr Rights read_write{.read = true, .write = true};
constexpr Rights read_execute{.read = true, .execute = true};

struct Bench {
    explicit Bench(const hw::PagingParameters& paging = {})
        : os({.implicit_mapping = false}, paging, base, 8_MiB, machine),
          process(os.create_process("process").value()) {}

    [[nodiscard]] std::optional<CallError> heap_error(std::uint64_t bytes) {
        const auto set = os.calls().set_heap(process, bytes);
        const auto* const error = std::get_if<CallError>(&set);
        return error == nullptr ? std::nullopt : std::optional(*error);
    }
    PageSpan set_heap(std::uint64_t bytes) {
        return std::get<PageSpan>(os.calls().set_heap(process, bytes));
    }
    VirtualAddress map(const MapRequest& request) {
        return std::get<VirtualAddress>(os.calls().map(process, request));
    }
    void write(VirtualAddress address) {
        const FaultProgress progress =
            os.handle_fault(process, {.address = address, .type = AccessType::write});
        REQUIRE(!std::get<FaultOutcome>(progress).signal);
    }
    [[nodiscard]] std::uint64_t resident() const {
        return os.process_statistics().front().rss_pages;
    }

    CountingMachine machine;
    OperatingSystem os;
    ProcessId process;
};

// A program of one page of code, with a heap behind it and a stack at the top.
ExecLayout small_program() {
    return {.regions = {{.start = {0x10000}, .end = {0x11000}, .rights = read_execute},
                        {.start = {0x3f'ffff'0000},
                         .end = {0x40'0000'0000},
                         .rights = read_write,
                         .grows_down = true}},
            .heap_start = {0x11000},
            .entry = {0x10080},
            .code_start = {0x10000},
            .code_end = {0x10400},
            .written_pages = {},
            .read_only_spans = {}};
}

}  // namespace

TEST_CASE("a heap begins where the next region would, in whole pages, and holds its place") {
    Bench bench;
    CHECK(bench.os.heap_of(bench.process) == std::nullopt);

    CHECK(bench.set_heap(5000) == PageSpan{.start = {0x4000'0000}, .end = {0x4000'2000}});
    CHECK(bench.map({.bytes = 4096, .rights = read_write}) == VirtualAddress{0x4040'0000});
    CHECK(bench.set_heap(3 * 4096) == PageSpan{.start = {0x4000'0000}, .end = {0x4000'3000}});
    // One region, though it came in two pieces.
    CHECK(bench.os.regions_of(bench.process).size() == 2);
}

TEST_CASE("what a heap gives up is gone, and zeros when it is there again") {
    Bench bench;
    const VirtualAddress start = bench.set_heap(4 * 4096).start;
    for (std::uint64_t page = 0; page < 4; ++page) {
        bench.write(start + page * page_bytes);
    }
    CHECK(bench.resident() == 4);

    bench.set_heap(4096);
    CHECK(bench.resident() == 1);
    CHECK(bench.os.region_at(bench.process, start + page_bytes) == std::nullopt);

    bench.set_heap(0);
    CHECK(bench.resident() == 0);
    CHECK(bench.os.regions_of(bench.process).empty());
    CHECK(bench.set_heap(4096).start == start);
}

TEST_CASE("a heap that is in the way or larger than memory is refused, and stays as it was") {
    Bench bench;
    const PageSpan heap = bench.set_heap(4096);
    bench.map({.bytes = 4096, .rights = read_write, .at = heap.start + 8 * page_bytes});

    CHECK(bench.heap_error(8 * page_bytes) == std::nullopt);
    CHECK(bench.heap_error(9 * page_bytes) == CallError::enomem);
    CHECK(bench.heap_error(8_MiB) == CallError::enomem);
    CHECK(bench.os.heap_of(bench.process) ==
          PageSpan{.start = heap.start, .end = heap.start + 8 * page_bytes});
}

TEST_CASE("a program takes the place of all that was mapped") {
    Bench bench;
    bench.write(bench.map({.bytes = 4 * 4096, .rights = read_write}));
    const std::uint64_t free_before = bench.os.statistics().frames.free;

    bench.os.exec(bench.process, small_program());

    CHECK(bench.resident() == 0);
    // The page and two tables.
    CHECK(bench.os.statistics().frames.free == free_before + 3);
    CHECK(bench.os.regions_of(bench.process) == small_program().regions);
    CHECK(bench.os.region_at(bench.process, {0x4000'0000}) == std::nullopt);
}

TEST_CASE("a program's heap begins where the program ends") {
    Bench bench;
    bench.os.exec(bench.process, small_program());

    CHECK(bench.os.heap_of(bench.process) == PageSpan{.start = {0x11000}, .end = {0x11000}});
    CHECK(bench.set_heap(4096) == PageSpan{.start = {0x11000}, .end = {0x12000}});
}

TEST_CASE("mappings have the places that they would have without the program, if these are free") {
    Bench bench;
    ExecLayout program = small_program();
    const bool in_the_way = GENERATE(false, true);
    if (in_the_way) {
        program.regions.insert(program.regions.begin() + 1,
                               {.start = {0x4000'1000}, .end = {0x4000'2000}, .rights = {}});
    }
    bench.os.exec(bench.process, program);

    CHECK(bench.map({.bytes = 1_MiB, .rights = read_write}) ==
          VirtualAddress{in_the_way ? 0x4040'0000U : 0x4000'0000U});
}

TEST_CASE("no translation of before is left to a program's process or to others") {
    Bench bench({.asid_bits = 4});
    const Asid before = bench.os.switch_to(bench.process).asid;
    bench.write(bench.map({.bytes = 4096, .rights = read_write}));
    const std::size_t fences = bench.machine.counts().fences.size();

    bench.os.exec(bench.process, small_program());

    REQUIRE(bench.machine.counts().fences.size() > fences);
    const Fence& fence = bench.machine.counts().fences[fences];
    CHECK(fence.asid == before);
    CHECK(!fence.address);
}

TEST_CASE("a child has its parent's heap and can change its own") {
    Bench bench;
    const PageSpan heap = bench.set_heap(4096);
    const auto child = std::get<ProcessId>(bench.os.fork(bench.process, "child"));

    CHECK(bench.os.heap_of(child) == heap);
    CHECK(std::get<PageSpan>(bench.os.calls().set_heap(child, 2 * 4096)).start == heap.start);
    CHECK(bench.os.heap_of(bench.process) == heap);
}

}  // namespace mmusim::sw::system_calls_test
