// SPDX-License-Identifier: Apache-2.0
#include "sw/faults/fault_handler.hpp"

#include "hw/paging/parameters.hpp"
#include "sw/operating_system.hpp"
#include "tests/support/counting_machine.hpp"
#include "tests/sw/hardware_walk.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace mmusim::sw::fault_handler_test {

namespace {

using hw::FaultCause;
using hw::PageFlags;
using hw::PageTableEntry;
using hw::PagingMode;
using tests::CountingMachine;

constexpr PhysicalPageNumber zero_frame{0x80000};

// Costs of which no sum of a few is another.
constexpr OsParameters costs{.fault_entry_cycles = {1},
                             .region_lookup_cycles = {10},
                             .frame_allocation_cycles = {100},
                             .frame_clear_cycles = {1'000},
                             .page_table_cycles = {10'000},
                             .fence_cycles = {100'000},
                             .fault_return_cycles = {1'000'000},
                             .implicit_mapping = false};

// One region per set of rights.
constexpr VirtualAddress none_page{0x1'0000};
constexpr VirtualAddress r_page{0x2'0000};
constexpr VirtualAddress rw_page{0x3'0000};
constexpr VirtualAddress w_page{0x4'0000};
constexpr VirtualAddress rx_page{0x5'0000};
constexpr VirtualAddress x_page{0x6'0000};
constexpr VirtualAddress rwx_page{0x7'0000};
constexpr VirtualAddress hole{0x8'0000};

struct BenchOptions {
    bool zero_page = false;
    PagingMode mode = PagingMode::sv39;
    hw::AdUpdate ad_update = hw::AdUpdate::hardware;
    std::uint64_t frame_count = 20;
    std::uint64_t data_frame_limit = 0;
};

OsParameters parameters_of(const BenchOptions& options) {
    OsParameters parameters = costs;
    parameters.zero_page = options.zero_page;
    parameters.user_frames = options.data_frame_limit;
    return parameters;
}

// One process whose turn it is, in a memory of so many frames beside the page of zeros.
struct Bench {
    explicit Bench(const BenchOptions& options)
        : paging{.mode = options.mode, .ad_update = options.ad_update},
          os(parameters_of(options), paging, zero_frame.address(),
             (options.frame_count + (options.zero_page ? 1 : 0)) * page_bytes, machine),
          process(os.create_process("process").value()),
          context(os.switch_to(process)) {
        machine.reset_counts();
        map(none_page, {});
        map(r_page, {.read = true});
        map(rw_page, {.read = true, .write = true});
        map(w_page, {.write = true});
        map(rx_page, {.read = true, .execute = true});
        map(x_page, {.execute = true});
        map(rwx_page, read_write_execute);
    }

    FaultOutcome fault(VirtualAddress address, AccessType type,
                       FaultCause cause = FaultCause::page_fault) {
        machine.reset_counts();
        return std::get<FaultOutcome>(
            os.handle_fault(process, {.address = address, .type = type, .cause = cause}));
    }

    [[nodiscard]] std::optional<hw::TranslatedPage> walk(VirtualAddress address, AccessType type) {
        return tests::hardware_walk(machine, paging, context, address, type);
    }

    // Where the leaf of an address lies whose tables are there.
    [[nodiscard]] PhysicalAddress leaf_location(VirtualAddress address) const {
        const hw::PagingFormat& format = hw::format_of(paging.mode);
        PhysicalPageNumber table = context.root;
        for (unsigned level = format.levels - 1; level > 0; --level) {
            table = machine.entry_at(format.entry_address(table, level, address)).page_number();
        }
        return format.entry_address(table, 0, address);
    }
    [[nodiscard]] PageTableEntry leaf(VirtualAddress address) const {
        return machine.entry_at(leaf_location(address));
    }

    void set_leaf_flags(VirtualAddress address, PageFlags flags) {
        machine.poke(leaf_location(address),
                     PageTableEntry::make(leaf(address).page_number(), flags));
    }

    [[nodiscard]] ProcessStatistics statistics() const { return os.process_statistics().front(); }
    [[nodiscard]] FrameStatistics frames() const { return os.statistics().frames; }

    hw::PagingParameters paging;
    CountingMachine machine;
    OperatingSystem os;
    ProcessId process;
    hw::TranslationContext context;

  private:
    void map(VirtualAddress start, Rights rights) {
        os.map(process, {.start = start, .end = start + 0x1'0000, .rights = rights});
    }
};

constexpr PageFlags flags_of(unsigned bits) {
    return {static_cast<std::uint8_t>(bits)};
}

constexpr std::uint8_t v = PageFlags::valid_bit;
constexpr std::uint8_t r = PageFlags::read_bit;
constexpr std::uint8_t w = PageFlags::write_bit;
constexpr std::uint8_t x = PageFlags::execute_bit;
constexpr std::uint8_t u = PageFlags::user_bit;
constexpr std::uint8_t a = PageFlags::accessed_bit;
constexpr std::uint8_t d = PageFlags::dirty_bit;

void check_no_state_changed(const Bench& bench) {
    CHECK(bench.machine.counts().reads == 0);
    CHECK(bench.machine.counts().writes == 0);
    CHECK(bench.machine.counts().clears == 0);
    CHECK(bench.machine.counts().fences.empty());
    CHECK(bench.statistics().rss_pages == 0);
    CHECK(bench.statistics().page_table_pages == 1);
}

void check_one_fence_of(const Bench& bench, VirtualAddress address) {
    REQUIRE(bench.machine.counts().fences.size() == 1);
    CHECK(bench.machine.counts().fences.front().address == address);
    CHECK(bench.machine.counts().fences.front().asid == bench.context.asid);
}

}  // namespace

TEST_CASE("an access that may not be made ends in a signal and changes nothing") {
    struct Row {
        VirtualAddress address;
        AccessType type;
        FaultKind kind;
        Signal signal;
    };
    constexpr auto read = AccessType::read;
    constexpr auto write = AccessType::write;
    constexpr auto fetch = AccessType::fetch;
    const Row row = GENERATE_COPY(values<Row>({
        {hole, read, FaultKind::unmapped, Signal::segv_maperr},
        {hole, write, FaultKind::unmapped, Signal::segv_maperr},
        {hole, fetch, FaultKind::unmapped, Signal::segv_maperr},
        {{0xffff'ffff'ffff'f000}, read, FaultKind::unmapped, Signal::segv_maperr},
        {{0x0100'0000'0000'0000}, read, FaultKind::unmapped, Signal::segv_maperr},
        {none_page, read, FaultKind::protection, Signal::segv_accerr},
        {none_page, write, FaultKind::protection, Signal::segv_accerr},
        {none_page, fetch, FaultKind::protection, Signal::segv_accerr},
        {r_page, write, FaultKind::protection, Signal::segv_accerr},
        {r_page, fetch, FaultKind::protection, Signal::segv_accerr},
        {rw_page, fetch, FaultKind::protection, Signal::segv_accerr},
        {w_page, fetch, FaultKind::protection, Signal::segv_accerr},
        {rx_page, write, FaultKind::protection, Signal::segv_accerr},
        {x_page, read, FaultKind::protection, Signal::segv_accerr},
        {x_page, write, FaultKind::protection, Signal::segv_accerr},
    }));
    Bench bench({.zero_page = GENERATE(false, true)});

    const FaultOutcome outcome = bench.fault(row.address, row.type);

    CHECK(outcome == FaultOutcome{.kind = row.kind, .signal = row.signal});
    CHECK(outcome.fault_class() == FaultClass::invalid);
    CHECK(bench.machine.counts().spent.total() == Cycles{1'000'011});
    check_no_state_changed(bench);
}

TEST_CASE("an access fault of the walk is a bus error, whatever the region") {
    Bench bench({});

    const FaultOutcome outcome = bench.fault(rwx_page, AccessType::read, FaultCause::access_fault);

    CHECK(outcome == FaultOutcome{.kind = FaultKind::protection, .signal = Signal::bus_adrerr});
    CHECK(outcome.fault_class() == FaultClass::invalid);
    CHECK(bench.machine.counts().spent.total() == Cycles{1'000'001});
    check_no_state_changed(bench);
}

TEST_CASE("the first touch of an anonymous page maps a cleared frame with the region's rights") {
    struct Row {
        VirtualAddress address;
        AccessType type;
        unsigned flags;
    };
    const Row row = GENERATE_COPY(values<Row>({
        {r_page, AccessType::read, v | u | r | a},
        {rw_page, AccessType::read, v | u | r | w | a | d},
        {rw_page, AccessType::write, v | u | r | w | a | d},
        {w_page, AccessType::read, v | u | r | w | a | d},
        {w_page, AccessType::write, v | u | r | w | a | d},
        {rx_page, AccessType::read, v | u | r | x | a},
        {rx_page, AccessType::fetch, v | u | r | x | a},
        {x_page, AccessType::fetch, v | u | x | a},
        {rwx_page, AccessType::fetch, v | u | r | w | x | a | d},
    }));
    Bench bench({});

    const FaultOutcome outcome = bench.fault(row.address + 0x123, row.type);

    CHECK(outcome == FaultOutcome{.kind = FaultKind::anonymous_zero});
    CHECK(outcome.fault_class() == FaultClass::minor);
    CHECK(bench.leaf(row.address).flags() == flags_of(row.flags));
    CHECK(bench.statistics().rss_pages == 1);
    CHECK(bench.frames().anonymous == 1);
    CHECK(bench.machine.counts().fences.empty());

    const auto page = bench.walk(row.address, row.type);
    REQUIRE(page);
    CHECK(bench.machine.entry_at(page->physical_page.address()) == PageTableEntry{});
}

TEST_CASE("with the zero page, a first read or fetch shares it read-only and takes no frame") {
    struct Row {
        VirtualAddress address;
        AccessType type;
        unsigned flags;
    };
    const Row row = GENERATE_COPY(values<Row>({
        {r_page, AccessType::read, v | u | r | a},
        {rw_page, AccessType::read, v | u | r | a},
        {w_page, AccessType::read, v | u | r | a},
        {rx_page, AccessType::fetch, v | u | r | x | a},
        {x_page, AccessType::fetch, v | u | x | a},
        {rwx_page, AccessType::read, v | u | r | x | a},
    }));
    Bench bench({.zero_page = true});

    const FaultOutcome outcome = bench.fault(row.address, row.type);

    CHECK(outcome == FaultOutcome{.kind = FaultKind::zero_page});
    CHECK(outcome.fault_class() == FaultClass::minor);
    CHECK(bench.leaf(row.address) == PageTableEntry::make(zero_frame, flags_of(row.flags)));
    CHECK(bench.statistics().rss_pages == 0);
    CHECK(bench.frames().anonymous == 0);
    CHECK(bench.machine.counts().fences.empty());
    CHECK(bench.walk(row.address, row.type));
    CHECK_FALSE(bench.walk(row.address, AccessType::write));
}

TEST_CASE("with the zero page, a first write takes a frame at once") {
    Bench bench({.zero_page = true});

    CHECK(bench.fault(rw_page, AccessType::write).kind == FaultKind::anonymous_zero);
    CHECK(bench.machine.counts().fences.empty());
    CHECK(bench.leaf(rw_page).page_number() != zero_frame);
}

TEST_CASE("a write to the zero page replaces it by a frame of its own, and fences that page") {
    Bench bench({.zero_page = true});
    REQUIRE(bench.fault(rw_page, AccessType::read).kind == FaultKind::zero_page);

    const FaultOutcome outcome = bench.fault(rw_page + 8, AccessType::write);

    CHECK(outcome == FaultOutcome{.kind = FaultKind::anonymous_zero});
    check_one_fence_of(bench, rw_page + 8);
    CHECK(bench.leaf(rw_page).flags() == flags_of(v | u | r | w | a | d));
    CHECK(bench.leaf(rw_page).page_number() != zero_frame);
    CHECK(bench.statistics().rss_pages == 1);
    CHECK(bench.walk(rw_page, AccessType::write));
}

TEST_CASE("a fault reads one entry per level, and writes and clears what it makes") {
    struct Row {
        PagingMode mode;
        std::uint64_t levels;
    };
    const Row row = GENERATE(values<Row>({{PagingMode::sv32, 2},
                                          {PagingMode::sv39, 3},
                                          {PagingMode::sv48, 4},
                                          {PagingMode::sv57, 5}}));
    Bench bench({.mode = row.mode});
    const CountingMachine::Counts& counts = bench.machine.counts();

    // In an empty space: every table below the root, and the page.
    bench.fault(rw_page, AccessType::write);
    CHECK(counts.reads == row.levels);
    CHECK(counts.writes == row.levels);
    CHECK(counts.clears == row.levels);

    // Beside it: the page alone.
    bench.fault(rw_page + 0x1000, AccessType::write);
    CHECK(counts.reads == row.levels);
    CHECK(counts.writes == 1);
    CHECK(counts.clears == 1);

    CHECK(bench.statistics().page_table_pages == row.levels);
    CHECK(bench.frames().page_table == row.levels);
    CHECK(bench.frames().anonymous == 2);
}

TEST_CASE("each phase costs what the parameters say, frames of tables included") {
    const auto spent = [](const Bench& bench, Stage stage) {
        return bench.machine.counts().spent.stages[stage].value;
    };
    Bench bench({.zero_page = true});

    SECTION("the first page of an empty space: two tables and a page") {
        bench.fault(rw_page, AccessType::write);
        CHECK(spent(bench, Stage::fault_entry) == 1);
        CHECK(spent(bench, Stage::fault_lookup) == 10);
        CHECK(spent(bench, Stage::fault_allocate) == 300);
        CHECK(spent(bench, Stage::fault_clear) == 3'000);
        CHECK(spent(bench, Stage::fault_page_table) == 10'000);
        CHECK(spent(bench, Stage::fault_fence) == 0);
        CHECK(spent(bench, Stage::fault_return) == 1'000'000);
        CHECK(bench.machine.counts().spent.total() == Cycles{1'013'311});
    }
    SECTION("its neighbour: a page") {
        bench.fault(rw_page, AccessType::write);
        bench.fault(rw_page + 0x1000, AccessType::write);
        CHECK(bench.machine.counts().spent.total() == Cycles{1'011'111});
    }
    SECTION("a read of untouched memory beside it: nothing but an entry") {
        bench.fault(rw_page, AccessType::write);
        bench.fault(rw_page + 0x1000, AccessType::read);
        CHECK(bench.machine.counts().spent.total() == Cycles{1'010'011});
    }
    SECTION("a write to the zero page: a page and a fence") {
        bench.fault(rw_page, AccessType::read);
        bench.fault(rw_page, AccessType::write);
        CHECK(bench.machine.counts().spent.total() == Cycles{1'111'111});
    }
    SECTION("the phases follow each other in their order") {
        bench.fault(rw_page, AccessType::read);
        bench.fault(rw_page, AccessType::write);
        const std::vector<Stage> expected{
            Stage::fault_entry, Stage::fault_lookup, Stage::fault_page_table, Stage::fault_allocate,
            Stage::fault_clear, Stage::fault_fence,  Stage::fault_return};
        CHECK(bench.machine.counts().stages == expected);
    }
}

TEST_CASE("a page whose A or D bit alone forbids the access gets it set and fenced (Svade)") {
    struct Row {
        AccessType type;
        unsigned before;
        unsigned after;
    };
    const Row row = GENERATE_COPY(values<Row>({
        {AccessType::read, v | u | r | w, v | u | r | w | a},
        {AccessType::write, v | u | r | w, v | u | r | w | a | d},
        {AccessType::write, v | u | r | w | a, v | u | r | w | a | d},
        {AccessType::read, v | u | r | w | d, v | u | r | w | a | d},
    }));
    Bench bench({.ad_update = hw::AdUpdate::fault});
    bench.fault(rw_page, AccessType::write);
    bench.set_leaf_flags(rw_page, flags_of(row.before));
    REQUIRE_FALSE(bench.walk(rw_page, row.type));

    const FaultOutcome outcome = bench.fault(rw_page, row.type);

    CHECK(outcome == FaultOutcome{.kind = FaultKind::ad_update});
    CHECK(outcome.fault_class() == FaultClass::minor);
    CHECK(bench.leaf(rw_page).flags() == flags_of(row.after));
    CHECK(bench.machine.counts().writes == 1);
    check_one_fence_of(bench, rw_page);
    CHECK(bench.walk(rw_page, row.type));
    CHECK(bench.statistics().rss_pages == 1);
}

TEST_CASE("what the handler maps needs no second fault for its A and D bits (Svade)") {
    const auto zero_page = GENERATE(false, true);
    const auto type = GENERATE(AccessType::read, AccessType::write, AccessType::fetch);
    Bench bench({.zero_page = zero_page, .ad_update = hw::AdUpdate::fault});

    bench.fault(rwx_page, type);

    CHECK(bench.walk(rwx_page, type));
}

TEST_CASE("a fault on a page that already permits the access is answered by a fence alone") {
    Bench bench({});
    bench.fault(rw_page, AccessType::write);

    const FaultOutcome outcome = bench.fault(rw_page, AccessType::write);

    CHECK(outcome == FaultOutcome{.kind = FaultKind::spurious});
    CHECK(outcome.fault_class() == FaultClass::minor);
    CHECK(bench.machine.counts().writes == 0);
    check_one_fence_of(bench, rw_page);
    CHECK(bench.statistics().rss_pages == 1);
}

TEST_CASE("an entry that forbids what its region allows is brought up to date") {
    Bench bench({.zero_page = true});

    SECTION("a page of its own becomes writable where it is") {
        bench.fault(rw_page, AccessType::write);
        const PhysicalPageNumber frame = bench.leaf(rw_page).page_number();
        bench.set_leaf_flags(rw_page, flags_of(v | u | r | a));

        CHECK(bench.fault(rw_page, AccessType::write).kind == FaultKind::cow_reuse);

        CHECK(bench.leaf(rw_page) == PageTableEntry::make(frame, flags_of(v | u | r | w | a | d)));
        check_one_fence_of(bench, rw_page);
        CHECK(bench.statistics().rss_pages == 1);
    }
    SECTION("the zero page becomes executable but never writable") {
        bench.fault(rwx_page, AccessType::read);
        bench.set_leaf_flags(rwx_page, flags_of(v | u | r | a));

        CHECK(bench.fault(rwx_page, AccessType::fetch).kind == FaultKind::spurious);

        CHECK(bench.leaf(rwx_page) ==
              PageTableEntry::make(zero_frame, flags_of(v | u | r | x | a)));
        check_one_fence_of(bench, rwx_page);
    }
}

TEST_CASE("without a frame the process is killed, and nothing half-made is visible") {
    // The root is one of the frames; Sv39 then needs two tables and the page.
    const auto frame_count = GENERATE(std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3});
    Bench bench({.frame_count = frame_count});

    const FaultOutcome outcome = bench.fault(rw_page, AccessType::write);

    CHECK(outcome == FaultOutcome{.kind = FaultKind::out_of_memory, .signal = Signal::kill});
    CHECK(outcome.fault_class() == FaultClass::invalid);
    CHECK(bench.statistics().rss_pages == 0);
    CHECK(bench.statistics().page_table_pages == frame_count);
    CHECK(bench.frames().page_table == frame_count);
    CHECK(bench.frames().anonymous == 0);
    CHECK_FALSE(bench.walk(rw_page, AccessType::read));
    // The attempt that failed was an attempt too.
    CHECK(bench.machine.counts().spent.stages[Stage::fault_allocate] == Cycles{100 * frame_count});
    CHECK(bench.machine.counts().spent.stages[Stage::fault_clear] ==
          Cycles{1'000 * (frame_count - 1)});
}

TEST_CASE("a zero page that cannot be replaced for want of a frame stays as it was") {
    Bench bench({.zero_page = true, .frame_count = 3});
    REQUIRE(bench.fault(rw_page, AccessType::read).kind == FaultKind::zero_page);
    const PageTableEntry before = bench.leaf(rw_page);

    CHECK(bench.fault(rw_page, AccessType::write).kind == FaultKind::out_of_memory);

    CHECK(bench.leaf(rw_page) == before);
    CHECK(bench.machine.counts().fences.empty());
}

TEST_CASE("the limit on data frames stops pages, not page tables") {
    Bench bench({.data_frame_limit = 2});
    REQUIRE_FALSE(bench.fault(rw_page, AccessType::write).signal);
    REQUIRE_FALSE(bench.fault(rw_page + 0x1000, AccessType::write).signal);

    CHECK(bench.fault(rw_page + 0x2000, AccessType::write).kind == FaultKind::out_of_memory);
    CHECK(bench.frames().anonymous == 2);
    CHECK(bench.frames().free > 0);
}

TEST_CASE("counts by class are the counts by kind, each kind in one class") {
    struct Row {
        FaultKind kind;
        std::uint64_t count;
    };
    // Counts of which no sum of a few is another.
    const std::vector<Row> minor{
        {FaultKind::anonymous_zero, 1},     {FaultKind::zero_page, 10},
        {FaultKind::file_minor, 100},       {FaultKind::file_mkwrite, 1'000},
        {FaultKind::cow_copy, 10'000},      {FaultKind::cow_reuse, 100'000},
        {FaultKind::swap_cache, 1'000'000}, {FaultKind::ad_update, 10'000'000},
        {FaultKind::spurious, 100'000'000}};
    const std::vector<Row> major{{FaultKind::file_major, 2}, {FaultKind::swap_in, 20}};
    const std::vector<Row> invalid{{FaultKind::protection, 3},
                                   {FaultKind::unmapped, 30},
                                   {FaultKind::beyond_file, 300},
                                   {FaultKind::read_error, 3'000},
                                   {FaultKind::out_of_memory, 30'000}};
    FaultCounts counts;
    for (const auto& rows : {minor, major, invalid}) {
        for (const Row& row : rows) {
            counts[row.kind] = row.count;
        }
    }

    const FaultStatistics statistics = fault_statistics_of(counts);

    CHECK(statistics.minor == 111'111'111);
    CHECK(statistics.major == 22);
    CHECK(statistics.invalid == 33'333);
    CHECK(statistics.by_kind == counts);
}

}  // namespace mmusim::sw::fault_handler_test
