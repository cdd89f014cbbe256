// SPDX-License-Identifier: Apache-2.0
// Compaction as programs meet it: a huge page is wanted, enough frames are free, and no block is.
#include "sw/reclaim/compactor.hpp"

#include "sw/operating_system.hpp"
#include "tests/sw/checked_machine.hpp"
#include "tests/sw/hardware_walk.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <map>
#include <vector>

namespace mmusim::sw::compactor_test {

namespace {

using namespace mmusim::literals;
using tests::CheckedMachine;

constexpr PhysicalAddress base{0x8000'0000};
constexpr std::uint64_t frames_per_block = 512;
constexpr std::uint64_t blocks = 4;
constexpr std::uint64_t huge_bytes = frames_per_block * page_bytes;
constexpr Rights read_write{.read = true, .write = true};

OsParameters parameters_of(HugePages thp, HugePageDefrag defrag) {
    OsParameters parameters;
    parameters.implicit_mapping = false;
    parameters.thp = thp;
    parameters.thp_defrag = defrag;
    return parameters;
}

// A program in a memory of four blocks.
struct Bench {
    explicit Bench(const OsParameters& parameters)
        : os(parameters, {}, base, blocks * huge_bytes, machine) {
        machine.boot(os);
        process = os.create_process("process").value();
        machine.contents().programs().make_process(process);
        context = os.switch_to(process);
    }

    PageSpan map(const MapRequest& request) {
        const VirtualAddress start = std::get<VirtualAddress>(os.calls().map(process, request));
        const PageSpan span{.start = start, .end = start + request.bytes};
        machine.contents().programs().map(process, os.regions_of(process, span).front());
        return span;
    }

    // Anonymous memory that is small pages, or may be a huge one.
    PageSpan map_anonymous(std::uint64_t bytes, Advice advice) {
        const PageSpan span = map({.bytes = bytes, .rights = read_write});
        REQUIRE_FALSE(os.calls().advise(process, span, advice));
        return span;
    }

    void write_each_page(PageSpan span) {
        for (VirtualAddress page = span.start; page < span.end; page = page + page_bytes) {
            machine.access(process, page, AccessType::write);
        }
    }

    void forget(VirtualAddress page) {
        const PageSpan span{.start = page, .end = page + page_bytes};
        REQUIRE_FALSE(os.calls().advise(process, span, Advice::dontneed));
        machine.contents().programs().dontneed(process, span);
    }

    [[nodiscard]] PhysicalPageNumber frame_of(VirtualAddress page) {
        return page_number_of(tests::hardware_walk(machine, {}, context, page, AccessType::read)
                                  ->physical_address(page));
    }
    [[nodiscard]] std::uint64_t block_of(VirtualAddress page) {
        return (frame_of(page).value - page_number_of(base).value) / frames_per_block;
    }

    // The pages of the span, by the block in which they lie.
    [[nodiscard]] std::map<std::uint64_t, std::vector<VirtualAddress>> by_block(PageSpan span) {
        std::map<std::uint64_t, std::vector<VirtualAddress>> pages;
        for (VirtualAddress page = span.start; page < span.end; page = page + page_bytes) {
            pages[block_of(page)].push_back(page);
        }
        return pages;
    }

    [[nodiscard]] CompactionStatistics compaction() const { return os.statistics().compaction; }

    CheckedMachine machine{hw::PagingParameters{}};
    OperatingSystem os;
    ProcessId process;
    hw::TranslationContext context;
};

// How many of a program's pages are left in each block but the first, of as many as there were. The
// first holds the page tables, and most of its pages stay: those that go leave single free frames,
// where other page tables find their place.
constexpr std::array<std::uint64_t, blocks> left_in{0, 5, 3, 7};

std::vector<VirtualAddress> scatter(Bench& bench) {
    constexpr std::uint64_t pages_of_three_and_a_bit = 1'600;
    const PageSpan span =
        bench.map_anonymous(pages_of_three_and_a_bit * page_bytes, Advice::nohugepage);
    for (VirtualAddress page = span.start; page < span.end; page = page + huge_bytes) {
        bench.machine.access(bench.process, page, AccessType::write);  // makes its table
    }
    bench.write_each_page(span);
    std::vector<VirtualAddress> left;
    for (const auto& [block, pages] : bench.by_block(span)) {
        std::uint64_t index = 0;
        for (const VirtualAddress page : pages) {
            const bool stays = block == 0 ? index % 8 != 0 : index < left_in.at(block);
            if (stays) {
                left.push_back(page);
            } else {
                bench.forget(page);
            }
            ++index;
        }
    }
    return left;
}

}  // namespace

TEST_CASE("pages move for a huge page where the parameters say so") {
    struct Row {
        HugePages thp;
        HugePageDefrag defrag;
        Advice advice;
        bool moves;
    };
    const std::vector<Row> rows{
        {HugePages::always, HugePageDefrag::never, Advice::hugepage, false},
        {HugePages::always, HugePageDefrag::madvise, Advice::normal, false},
        {HugePages::always, HugePageDefrag::madvise, Advice::hugepage, true},
        {HugePages::always, HugePageDefrag::always, Advice::normal, true},
        {HugePages::madvise, HugePageDefrag::madvise, Advice::hugepage, true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.thp, row.defrag, row.advice);
        Bench bench(parameters_of(row.thp, row.defrag));
        scatter(bench);
        const PageSpan huge = bench.map_anonymous(huge_bytes, row.advice);
        bench.write_each_page(huge);

        const std::uint64_t expected = row.moves ? 1 : 0;
        CHECK(bench.compaction().stall == expected);
        CHECK(bench.compaction().success == expected);
        CHECK(bench.compaction().fail == 0);
        CHECK(bench.os.statistics().thp.fault_alloc == expected);
        CHECK(bench.os.statistics().thp.fault_fallback == (row.moves ? 0 : 1));
    }
}

TEST_CASE("the block that is the cheapest to empty becomes the huge page, its pages go elsewhere") {
    Bench bench(parameters_of(HugePages::always, HugePageDefrag::always));
    const std::vector<VirtualAddress> left = scatter(bench);
    std::vector<PhysicalPageNumber> before;
    std::transform(left.begin(), left.end(), std::back_inserter(before),
                   [&bench](VirtualAddress page) { return bench.frame_of(page); });
    const PageSpan huge = bench.map_anonymous(huge_bytes, Advice::hugepage);
    bench.machine.reset_counts();
    REQUIRE(bench.machine.access(bench.process, huge.start, AccessType::write).faults == 1);

    constexpr std::uint64_t cheapest = 2;
    CHECK(bench.block_of(huge.start) == cheapest);
    CHECK(bench.block_of({huge.end.value - page_bytes}) == cheapest);
    CHECK(bench.compaction().pages_moved == left_in.at(cheapest));
    CHECK(bench.machine.counts().copies == left_in.at(cheapest));
    CHECK(bench.machine.counts().fences.size() == left_in.at(cheapest));
    CHECK(bench.machine.counts().clears >= frames_per_block);
    for (std::size_t index = 0; index < left.size(); ++index) {
        CAPTURE(left[index]);
        const bool was_there =
            (before[index].value - page_number_of(base).value) / frames_per_block == cheapest;
        CHECK((bench.frame_of(left[index]) == before[index]) == !was_there);
        CHECK(bench.block_of(left[index]) != cheapest);
        // What was stored there is judged by the machine.
        CHECK(bench.machine.access(bench.process, left[index], AccessType::read).faults == 0);
    }
    const FrameStatistics frames = bench.os.statistics().frames;
    CHECK(frames.anonymous == left.size() + frames_per_block);
    CHECK(frames.total == frames.free + frames.page_table + frames.anonymous + frames.file);
    CHECK(bench.os.anonymous_frames_in_table() == frames.anonymous);
}

TEST_CASE("a page that moves is seen by all who map it, and found in its cache") {
    OsParameters parameters = parameters_of(HugePages::always, HugePageDefrag::always);
    parameters.readahead_pages = 1;
    Bench bench(parameters);
    const std::vector<VirtualAddress> left = scatter(bench);
    constexpr std::uint64_t bytes = 100 * page_bytes;
    Objects& objects = bench.os.objects();
    tb::ContentsOracle& programs = bench.machine.contents().programs();
    const ObjectId file = objects.make_file("file", bytes);
    const ObjectId shared = objects.make_shared_memory("shared", bytes);
    programs.make_file(file, bytes, objects[file].first_storage_page);
    programs.make_shared_memory(shared);
    const auto map_object = [&](ObjectId object) {
        return bench.map(
            {.bytes = bytes, .rights = read_write, .sharing = Sharing::shared, .object = object});
    };
    const std::array<PageSpan, 2> spans{map_object(file), map_object(shared)};
    const ProcessId child = std::get<ProcessId>(bench.os.fork(bench.process, "child"));
    programs.fork(bench.process, child);
    // Page tables first, which stay where they are.
    for (const PageSpan span : spans) {
        bench.machine.access(bench.process, span.start, AccessType::write);
        bench.machine.access(child, span.start, AccessType::read);
    }
    for (const PageSpan span : spans) {
        bench.write_each_page(span);
    }

    const PageSpan huge = bench.map_anonymous(huge_bytes, Advice::hugepage);
    REQUIRE(bench.machine.access(bench.process, huge.start, AccessType::write).faults == 1);
    REQUIRE(bench.compaction().success == 1);

    for (const ProcessId program : {bench.process, child}) {
        for (const VirtualAddress page : left) {
            REQUIRE(bench.machine.access(program, page, AccessType::read).faults == 0);
        }
        for (const PageSpan span : spans) {
            for (VirtualAddress page = span.start; page < span.end; page = page + page_bytes) {
                bench.machine.access(program, page, AccessType::read);
            }
        }
    }
    CHECK(bench.os.statistics().page_cache.reads == 100);
    bench.os.exit(child);
    bench.os.exit(bench.process);
    CHECK(bench.os.statistics().frames.anonymous == 0);
    CHECK(bench.os.statistics().frames.page_table == 0);
    CHECK(bench.os.statistics().frames.file == 200);
}

TEST_CASE("a page that moves is found by those who know its place in swap") {
    OsParameters parameters = parameters_of(HugePages::always, HugePageDefrag::always);
    parameters.swap.size_bytes = 1_MiB;
    Bench bench(parameters);
    const std::vector<VirtualAddress> left = scatter(bench);
    // Pages of the first block leave, and their frames go to others.
    const std::vector<VirtualAddress> swapped(left.begin(), left.begin() + 100);
    for (const VirtualAddress page : swapped) {
        const PageSpan span{.start = page, .end = page + page_bytes};
        REQUIRE_FALSE(bench.os.calls().advise(bench.process, span, Advice::pageout));
    }
    const ProcessId child = std::get<ProcessId>(bench.os.fork(bench.process, "child"));
    bench.machine.contents().programs().fork(bench.process, child);
    bench.write_each_page(bench.map_anonymous(200 * page_bytes, Advice::nohugepage));
    // They come back to other blocks, and stay what their places in swap hold.
    for (const VirtualAddress page : swapped) {
        bench.machine.access(bench.process, page, AccessType::read);
    }
    REQUIRE(bench.os.statistics().swap.reads == swapped.size());

    const PageSpan huge = bench.map_anonymous(huge_bytes, Advice::hugepage);
    REQUIRE(bench.machine.access(bench.process, huge.start, AccessType::write).faults == 1);
    REQUIRE(bench.compaction().success == 1);
    for (const VirtualAddress page : swapped) {
        REQUIRE(bench.machine.access(child, page, AccessType::read).faults == 1);
    }
    CHECK(bench.os.statistics().swap.reads == swapped.size());
}

TEST_CASE("what the rest of the system has can move for a huge page, and is no program's") {
    OsParameters parameters = parameters_of(HugePages::always, HugePageDefrag::always);
    parameters.fragmentation_percent = 100;
    parameters.fragmentation_movable = true;
    Bench bench(parameters);
    constexpr std::uint64_t total = blocks * (frames_per_block - 1);
    CHECK(bench.os.statistics().frames.total == total);
    const PageSpan huge = bench.map_anonymous(huge_bytes, Advice::normal);
    REQUIRE(bench.machine.access(bench.process, huge.start, AccessType::write).faults == 1);

    CHECK(bench.compaction().success == 1);
    CHECK(bench.compaction().pages_moved == 1);
    const FrameStatistics frames = bench.os.statistics().frames;
    CHECK(frames.total == total);
    CHECK(frames.anonymous == frames_per_block);
    CHECK(frames.total == frames.free + frames.page_table + frames.anonymous + frames.file);
}

TEST_CASE("where nothing can move compaction fails, and the next wishes go by") {
    OsParameters parameters = parameters_of(HugePages::always, HugePageDefrag::always);
    parameters.fragmentation_percent = 100;
    Bench bench(parameters);
    const auto wish = [&] {
        const PageSpan huge = bench.map_anonymous(huge_bytes, Advice::normal);
        bench.machine.access(bench.process, huge.start, AccessType::write);
        return bench.compaction().stall;
    };
    CHECK(wish() == 1);
    CHECK(wish() == 1);
    CHECK(wish() == 2);
    CHECK(bench.compaction().fail == 2);
    CHECK(bench.compaction().success == 0);
    CHECK(bench.os.statistics().thp.fault_alloc == 0);
    CHECK(bench.os.statistics().thp.fault_fallback == 3);
}

TEST_CASE("where too few frames are free there is no compaction") {
    OsParameters parameters = parameters_of(HugePages::always, HugePageDefrag::always);
    parameters.user_frames = 600;
    Bench bench(parameters);
    const PageSpan small = bench.map_anonymous(100 * page_bytes, Advice::nohugepage);
    bench.write_each_page(small);
    const PageSpan huge = bench.map_anonymous(huge_bytes, Advice::normal);
    bench.machine.access(bench.process, huge.start, AccessType::write);

    CHECK(bench.compaction().stall == 0);
    CHECK(bench.os.statistics().thp.fault_fallback == 1);
}

TEST_CASE("looking for a block costs time once, each page that moves its frame and its copy") {
    OsParameters parameters = parameters_of(HugePages::always, HugePageDefrag::always);
    parameters.compaction_cycles = Cycles{1};
    parameters.frame_allocation_cycles = Cycles{100};
    parameters.frame_copy_cycles = Cycles{10'000};
    Bench bench(parameters);
    scatter(bench);
    const PageSpan huge = bench.map_anonymous(huge_bytes, Advice::normal);
    bench.machine.reset_counts();
    bench.machine.access(bench.process, huge.start, AccessType::write);

    constexpr std::uint64_t moved = left_in.at(2);
    const auto& spent = bench.machine.counts().spent.stages;
    const std::uint64_t allocation = spent[Stage::fault_allocate].value;
    CHECK(allocation % 100 == 1);
    CHECK(allocation / 100 >= moved + 1);  // and for page tables
    CHECK(spent[Stage::fault_copy].value == moved * 10'000);
}

}  // namespace mmusim::sw::compactor_test
