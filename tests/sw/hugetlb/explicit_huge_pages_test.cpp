// SPDX-License-Identifier: Apache-2.0
// Mappings that ask for huge pages (MAP_HUGETLB), by the rules of mm/hugetlb.c and hugetlb_reserv.
#include "sw/hugetlb/explicit_huge_pages.hpp"

#include "sw/operating_system.hpp"
#include "tests/sw/checked_machine.hpp"
#include "tests/sw/hardware_walk.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace mmusim::sw::explicit_huge_pages_test {

namespace {

using namespace mmusim::literals;
using tests::CheckedMachine;

constexpr PhysicalAddress base{0x8000'0000};
constexpr PageSize size_2mib{21};
constexpr PageSize size_4mib{22};
constexpr PageSize size_1gib{30};
constexpr Rights read_only{.read = true};
constexpr Rights read_write{.read = true, .write = true};

OsParameters with_pages(std::uint64_t pages_2mib, std::uint64_t pages_1gib = 0) {
    OsParameters parameters;
    parameters.implicit_mapping = false;
    parameters.zero_page = true;
    parameters.hugetlb = {.pages_2mib = pages_2mib, .pages_1gib = pages_1gib};
    return parameters;
}

struct Program {
    ProcessId id;
    hw::TranslationContext context;
};

// One program at first.
struct Bench {
    explicit Bench(const OsParameters& parameters, const hw::PagingParameters& paging_mode = {})
        : paging(paging_mode),
          machine(paging),
          os(parameters, paging, base, parameters.hugetlb.pages_1gib > 0 ? 4_GiB : 64_MiB,
             machine) {
        machine.boot(os);
        first = started(os.create_process("first").value());
        machine.contents().programs().make_process(first.id);
    }

    Program started(ProcessId id) { return {.id = id, .context = os.switch_to(id)}; }

    Program fork(const Program& parent) {
        const ProcessId child = std::get<ProcessId>(os.fork(parent.id, "child"));
        machine.contents().programs().fork(parent.id, child);
        return started(child);
    }

    void exit(const Program& program) {
        os.exit(program.id);
        machine.contents().programs().exit(program.id);
    }

    [[nodiscard]] std::variant<VirtualAddress, CallError> try_to_map(
        std::uint64_t bytes, PageSize size, std::optional<VirtualAddress> at = std::nullopt) {
        return os.calls().map(first.id,
                              {.bytes = bytes, .rights = read_write, .at = at, .page_size = size});
    }

    PageSpan map(std::uint64_t bytes, PageSize size = size_2mib,
                 Sharing sharing = Sharing::private_, bool populate = false) {
        std::optional<ObjectId> object;
        if (sharing == Sharing::shared) {
            object = os.objects().make_shared_memory("shared", bytes);
            machine.contents().programs().make_shared_memory(*object);
        }
        const VirtualAddress start =
            std::get<VirtualAddress>(os.calls().map(first.id, {.bytes = bytes,
                                                               .rights = read_write,
                                                               .sharing = sharing,
                                                               .object = object,
                                                               .populate = populate,
                                                               .page_size = size}));
        const Region region = *os.region_at(first.id, start);
        machine.contents().programs().map(first.id, region);
        return region.span();
    }

    CheckedMachine::Access write(const Program& program, VirtualAddress address) {
        return machine.access(program.id, address, AccessType::write);
    }
    CheckedMachine::Access read(const Program& program, VirtualAddress address) {
        return machine.access(program.id, address, AccessType::read);
    }

    [[nodiscard]] std::uint64_t faults_of(FaultKind kind) const {
        return os.fault_statistics().by_kind[kind];
    }
    [[nodiscard]] HugetlbStatistics pools() const { return os.statistics().hugetlb; }
    [[nodiscard]] PageSize page_size_at(const Program& program, VirtualAddress address) {
        return tests::hardware_walk(machine, paging, program.context, address, AccessType::read)
            ->size;
    }

    hw::PagingParameters paging;
    CheckedMachine machine;
    OperatingSystem os;
    Program first;
};

constexpr std::uint64_t frames_2mib = 512;

}  // namespace

TEST_CASE("a page of 1 GiB is one fault and one leaf, whatever of it is touched") {
    Bench bench(with_pages(0, 2));
    const PageSpan span = bench.map(1_GiB, size_1gib);
    bench.machine.reset_counts();

    CHECK(bench.write(bench.first, span.start + 5 * page_bytes).faults == 1);
    CHECK(bench.write(bench.first, span.start + 700_MiB).faults == 0);
    CHECK(bench.read(bench.first, {span.end.value - 8}).faults == 0);
    CHECK(bench.machine.counts().clears == 1_GiB / page_bytes);
    CHECK(bench.page_size_at(bench.first, span.start + 123_MiB) == size_1gib);
    CHECK(bench.os.process_statistics().front().page_table_pages == 1);
    CHECK(bench.os.process_statistics().front().hugetlb_pages == 1_GiB / page_bytes);
    CHECK(bench.os.process_statistics().front().rss_pages == 0);
    CHECK(bench.os.statistics().frames.anonymous == 0);
}

TEST_CASE("mappings are rounded up, lie on a boundary, and are refused by these rules") {
    struct Row {
        std::uint64_t bytes;
        PageSize size;
        std::optional<VirtualAddress> at;
        std::optional<CallError> error;
    };
    constexpr VirtualAddress on_2mib{0x7020'0000};
    const std::vector<Row> rows{
        {2_MiB, size_2mib, std::nullopt, std::nullopt},
        {1, size_2mib, std::nullopt, std::nullopt},
        {4_MiB, size_2mib, std::nullopt, std::nullopt},
        {4_MiB + 1, size_2mib, std::nullopt, CallError::enomem},  // the pool has two
        {2_MiB, size_2mib, on_2mib, std::nullopt},
        {2_MiB, size_2mib, on_2mib + page_bytes, CallError::einval},
        {0, size_2mib, std::nullopt, CallError::einval},
        {2_MiB, size_1gib, std::nullopt, CallError::enomem},  // of these it has none
        {2_MiB, size_4mib, std::nullopt, CallError::einval},  // Sv39 has no such page
        {2_MiB, base_page_size, std::nullopt, CallError::einval},
    };
    for (const Row& row : rows) {
        CAPTURE(row.bytes, row.size.bytes());
        Bench bench(with_pages(2));
        const auto mapped = bench.try_to_map(row.bytes, row.size, row.at);
        if (row.error) {
            REQUIRE(std::get<CallError>(mapped) == *row.error);
            CHECK(bench.os.regions_of(bench.first.id).empty());
            CHECK(bench.pools().reserved == 0);
            continue;
        }
        const VirtualAddress start = std::get<VirtualAddress>(mapped);
        CHECK(start == row.at.value_or(VirtualAddress{0x4000'0000}));
        const Region region = *bench.os.region_at(bench.first.id, start);
        CHECK(region.end.value % size_2mib.bytes() == 0);
        CHECK(region.end.value - start.value >= row.bytes);
        CHECK(bench.pools().reserved == region.pages());
    }
}

TEST_CASE("a page of Sv32 is of 4 MiB") {
    OsParameters parameters = with_pages(0);
    parameters.hugetlb.pages_4mib = 1;
    Bench bench(parameters, {.mode = hw::PagingMode::sv32});
    CHECK(std::get<CallError>(bench.try_to_map(2_MiB, size_2mib)) == CallError::einval);
    const PageSpan span = bench.map(1, size_4mib);
    CHECK(bench.write(bench.first, span.start + 3_MiB).faults == 1);
    CHECK(bench.write(bench.first, span.start).faults == 0);
    CHECK(bench.page_size_at(bench.first, span.start) == size_4mib);
}

TEST_CASE("a page is promised with the mapping, taken at the fault, free when it is unmapped") {
    Bench bench(with_pages(3));
    const PageSpan span = bench.map(4_MiB);
    CHECK(bench.pools().total == 3 * frames_2mib);
    CHECK(bench.pools().free == 3 * frames_2mib);
    CHECK(bench.pools().reserved == 2 * frames_2mib);
    CHECK(bench.write(bench.first, span.start).faults == 1);
    CHECK(bench.pools().free == 2 * frames_2mib);
    CHECK(bench.pools().reserved == frames_2mib);
    REQUIRE_FALSE(bench.os.calls().unmap(bench.first.id, span));
    CHECK(bench.pools().free == 3 * frames_2mib);
    CHECK(bench.pools().reserved == 0);
}

TEST_CASE("a page that was read first is writable after one more fault") {
    Bench bench(with_pages(1));
    const PageSpan span = bench.map(2_MiB);
    CHECK(bench.read(bench.first, span.start).faults == 1);
    CHECK(bench.write(bench.first, span.start).faults == 1);
    CHECK(bench.write(bench.first, span.start + 1_MiB).faults == 0);
    CHECK(bench.faults_of(FaultKind::anonymous_zero) == 1);
    CHECK(bench.faults_of(FaultKind::cow_reuse) == 1);
}

TEST_CASE("populated pages are there") {
    Bench bench(with_pages(2));
    const PageSpan span = bench.map(4_MiB, size_2mib, Sharing::private_, true);
    CHECK(bench.write(bench.first, span.start).faults == 0);
    CHECK(bench.write(bench.first, span.start + 2_MiB).faults == 0);
    CHECK(bench.faults_of(FaultKind::anonymous_zero) == 2);
}

TEST_CASE("after a fork a write copies the whole page, and the last owner keeps it") {
    Bench bench(with_pages(2));
    const PageSpan span = bench.map(2_MiB);
    bench.write(bench.first, span.start);
    bench.write(bench.first, span.start + 1_MiB);
    const Program child = bench.fork(bench.first);
    bench.machine.reset_counts();

    CHECK(bench.read(child, span.start + 1_MiB).faults == 0);
    CHECK(bench.write(child, span.start).faults == 1);
    CHECK(bench.machine.counts().copies == frames_2mib);
    CHECK(bench.write(bench.first, span.start).faults == 1);
    CHECK(bench.machine.counts().copies == frames_2mib);
    CHECK(bench.read(child, span.start + 1_MiB).faults == 0);
    CHECK(bench.faults_of(FaultKind::cow_copy) == 1);
    CHECK(bench.faults_of(FaultKind::cow_reuse) == 1);
    bench.exit(child);
    CHECK(bench.pools().free == frames_2mib);
}

TEST_CASE("a child for whose copy there is no page gets a bus error") {
    Bench bench(with_pages(1));
    const PageSpan span = bench.map(2_MiB);
    bench.write(bench.first, span.start);
    const Program child = bench.fork(bench.first);
    CHECK(bench.write(child, span.start).signal == Signal::bus_adrerr);
    CHECK(bench.read(child, span.start).faults == 0);
}

TEST_CASE("who was promised the page keeps it when there is none for a copy, the child loses it") {
    Bench bench(with_pages(1));
    const PageSpan span = bench.map(2_MiB);
    bench.write(bench.first, span.start);
    const Program child = bench.fork(bench.first);
    CHECK(bench.write(bench.first, span.start).faults == 1);
    CHECK(bench.faults_of(FaultKind::cow_reuse) == 1);
    CHECK(bench.read(child, span.start).signal == Signal::bus_adrerr);

    // Also when there is a page again: it would not hold what was lost.
    REQUIRE_FALSE(bench.os.calls().unmap(bench.first.id, span));
    CHECK(bench.pools().free == frames_2mib);
    CHECK(bench.read(child, span.start).signal == Signal::bus_adrerr);
}

TEST_CASE("a child has no promise: it gets what is promised to nobody") {
    Bench bench(with_pages(2));
    const PageSpan span = bench.map(4_MiB);
    const Program child = bench.fork(bench.first);
    CHECK(bench.write(child, span.start).signal == Signal::bus_adrerr);
    CHECK(bench.write(bench.first, span.start).faults == 1);
    CHECK(bench.write(bench.first, span.start + 2_MiB).faults == 1);
}

TEST_CASE("shared pages are one for all, and are there as long as anybody maps them") {
    Bench bench(with_pages(2));
    const PageSpan span = bench.map(4_MiB, size_2mib, Sharing::shared);
    CHECK(bench.pools().reserved == 2 * frames_2mib);
    const Program child = bench.fork(bench.first);
    CHECK(bench.write(child, span.start).faults == 1);
    CHECK(bench.read(bench.first, span.start).faults == 1);
    CHECK(bench.write(bench.first, span.start).faults == 0);
    CHECK(bench.faults_of(FaultKind::file_minor) == 2);
    CHECK(bench.pools().free == frames_2mib);
    bench.exit(bench.first);
    CHECK(bench.read(child, span.start).faults == 0);
    CHECK(bench.pools().free == frames_2mib);
    CHECK(bench.pools().reserved == frames_2mib);
    bench.exit(child);
    CHECK(bench.pools().free == 2 * frames_2mib);
    CHECK(bench.pools().reserved == 0);
}

TEST_CASE("no call cuts a page") {
    Bench bench(with_pages(3));
    const PageSpan span = bench.map(6_MiB);
    bench.write(bench.first, span.start);
    SystemCalls& calls = bench.os.calls();
    const ProcessId id = bench.first.id;
    const PageSpan begins_inside{.start = span.start + page_bytes, .end = span.start + 2_MiB};
    const PageSpan ends_inside{.start = span.start, .end = span.start + page_bytes};
    for (const PageSpan part : {begins_inside, ends_inside}) {
        CHECK(calls.unmap(id, part) == CallError::einval);
        CHECK(calls.protect(id, part, read_only) == CallError::einval);
        CHECK(std::get<CallError>(calls.move(id, part, std::nullopt)) == CallError::einval);
        CHECK(calls.advise(id, part, Advice::random) == CallError::einval);
        CHECK(calls.resize(id, part, 2_MiB) == CallError::einval);
        CHECK(std::get<CallError>(
                  calls.map(id, {.bytes = page_bytes, .rights = read_only, .at = part.start})) ==
              CallError::enomem);
        CHECK_FALSE(calls.lock(id, part));
        CHECK_FALSE(calls.unlock(id, part));
    }
    CHECK(calls.advise(id, begins_inside, Advice::dontneed) == CallError::einval);
    CHECK_FALSE(calls.advise(id, ends_inside, Advice::dontneed));  // no whole page: nothing
    CHECK(bench.read(bench.first, span.start).faults == 0);
    CHECK(bench.os.regions_of(id).size() == 1);
}

TEST_CASE("what these pages do not know is refused") {
    Bench bench(with_pages(1));
    const PageSpan span = bench.map(2_MiB);
    SystemCalls& calls = bench.os.calls();
    CHECK(calls.advise(bench.first.id, span, Advice::free) == CallError::einval);
    CHECK(calls.advise(bench.first.id, span, Advice::pageout) == CallError::einval);
    CHECK(calls.resize(bench.first.id, span, 4_MiB) == CallError::einval);
    CHECK_FALSE(calls.resize(bench.first.id, span, 1));  // rounded up to what there is
    CHECK_FALSE(calls.advise(bench.first.id, span, Advice::hugepage));
    CHECK_FALSE(calls.advise(bench.first.id, span, Advice::willneed));
}

TEST_CASE("whole pages can be unmapped, given back, protected and made fewer") {
    Bench bench(with_pages(4));
    const PageSpan span = bench.map(8_MiB);
    SystemCalls& calls = bench.os.calls();
    const ProcessId id = bench.first.id;
    const auto page = [&](std::uint64_t number) { return span.start + number * 2_MiB; };
    const auto one = [&](std::uint64_t number) {
        return PageSpan{.start = page(number), .end = page(number + 1)};
    };
    for (std::uint64_t number = 0; number < 4; ++number) {
        bench.write(bench.first, page(number));
    }

    REQUIRE_FALSE(calls.protect(id, one(0), read_only));
    CHECK(bench.write(bench.first, page(0)).signal == Signal::segv_accerr);
    CHECK(bench.read(bench.first, page(0)).faults == 0);
    REQUIRE_FALSE(calls.protect(id, one(0), Rights{}));
    CHECK(bench.read(bench.first, page(0)).signal == Signal::segv_accerr);
    REQUIRE_FALSE(calls.protect(id, one(0), read_write));
    CHECK(bench.read(bench.first, page(0) + 1_MiB).faults == 0);
    CHECK(bench.write(bench.first, page(0)).faults == 1);  // nobody else has it, but it asks

    REQUIRE_FALSE(calls.advise(id, one(1), Advice::dontneed));
    bench.machine.contents().programs().dontneed(id, one(1));
    CHECK(bench.read(bench.first, page(1)).faults == 1);

    REQUIRE_FALSE(calls.unmap(id, one(2)));
    bench.machine.contents().programs().unmap(id, one(2));
    CHECK(bench.read(bench.first, page(2)).signal == Signal::segv_maperr);
    CHECK(bench.pools().free == frames_2mib);

    REQUIRE_FALSE(calls.resize(id, {.start = page(0), .end = page(2)}, 2_MiB));
    bench.machine.contents().programs().unmap(id, one(1));
    CHECK(bench.pools().free == 2 * frames_2mib);
    bench.exit(bench.first);
    CHECK(bench.pools().free == 4 * frames_2mib);
    CHECK(bench.os.statistics().frames.page_table == 0);
}

TEST_CASE("pages move as they are, with their promises") {
    Bench bench(with_pages(2));
    const PageSpan span = bench.map(4_MiB);
    bench.write(bench.first, span.start + page_bytes);
    const ProcessId id = bench.first.id;
    CHECK(std::get<CallError>(bench.os.calls().move(id, span, span.end + page_bytes)) ==
          CallError::einval);
    const VirtualAddress to =
        std::get<VirtualAddress>(bench.os.calls().move(id, span, std::nullopt));
    bench.machine.contents().programs().move(id, span, to);
    CHECK(to.value % 2_MiB == 0);
    CHECK(bench.read(bench.first, to + page_bytes).faults == 0);
    CHECK(bench.write(bench.first, to + 2_MiB).faults == 1);
    CHECK(bench.read(bench.first, span.start).signal == Signal::segv_maperr);
    CHECK(bench.pools().reserved == 0);
    CHECK(bench.pools().free == 0);
    bench.exit(bench.first);
    CHECK(bench.pools().free == 2 * frames_2mib);
}

TEST_CASE("a mapping of small pages over huge ones takes their place, and the other way round") {
    Bench bench(with_pages(2));
    const PageSpan huge = bench.map(4_MiB);
    bench.write(bench.first, huge.start);
    const ProcessId id = bench.first.id;
    tb::ContentsOracle& programs = bench.machine.contents().programs();

    REQUIRE(std::get<VirtualAddress>(bench.os.calls().map(
                id, {.bytes = 4_MiB, .rights = read_write, .at = huge.start})) == huge.start);
    programs.map(id, *bench.os.region_at(id, huge.start));
    CHECK(bench.pools().free == 2 * frames_2mib);
    CHECK(bench.pools().reserved == 0);
    CHECK(bench.write(bench.first, huge.start).faults == 1);
    CHECK(bench.write(bench.first, huge.start + page_bytes).faults == 1);

    REQUIRE(std::get<VirtualAddress>(bench.try_to_map(2_MiB, size_2mib, huge.start)) == huge.start);
    programs.map(id, *bench.os.region_at(id, huge.start));
    CHECK(bench.write(bench.first, huge.start).faults == 1);
    CHECK(bench.write(bench.first, huge.start + page_bytes).faults == 0);
    CHECK(bench.write(bench.first, huge.start + 3_MiB).faults == 1);
    bench.exit(bench.first);
    CHECK(bench.os.statistics().frames.page_table == 0);
    CHECK(bench.os.statistics().frames.anonymous == 0);
}

}  // namespace mmusim::sw::explicit_huge_pages_test
