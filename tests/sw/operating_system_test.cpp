// SPDX-License-Identifier: Apache-2.0
#include "sw/operating_system.hpp"

#include "hw/base/problems.hpp"
#include "tests/support/counting_machine.hpp"
#include "tests/sw/hardware_walk.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mmusim::sw::operating_system_test {

namespace {

using namespace mmusim::literals;
using hw::PagingMode;
using hw::PagingParameters;
using tests::CountingMachine;

constexpr PhysicalAddress base{0x8000'0000};
constexpr VirtualAddress page{0x1000};

constexpr hw::PageFault write_to(VirtualAddress address) {
    return {.address = address, .type = AccessType::write};
}

constexpr hw::PageFault read_of(VirtualAddress address) {
    return {.address = address, .type = AccessType::read};
}

struct Bench {
    explicit Bench(const OsParameters& parameters = {}, const PagingParameters& paging = {},
                   std::uint64_t size_bytes = 1_MiB)
        : os(parameters, paging, base, size_bytes, machine) {}

    FaultOutcome fault(ProcessId process, const hw::PageFault& fault) {
        return std::get<FaultOutcome>(os.handle_fault(process, fault));
    }

    ProcessId new_process() { return os.create_process("process").value(); }

    [[nodiscard]] const std::vector<Fence>& fences() const { return machine.counts().fences; }

    CountingMachine machine;
    OperatingSystem os;
};

bool is_full(const Fence& fence) {
    return !fence.address && !fence.asid;
}

}  // namespace

TEST_CASE("a new machine's frames are all free, and nothing was asked of it") {
    const Bench bench;

    CHECK(bench.os.statistics().frames.total == 256);
    CHECK(bench.os.statistics().frames.free == 256);
    CHECK(bench.machine.counts().clears == 0);
    CHECK(bench.os.process_statistics().empty());
}

TEST_CASE("the zero page is not among the frames of processes") {
    Bench bench({.zero_page = true});
    CHECK(bench.os.statistics().frames.total == 255);

    const ProcessId process = bench.new_process();
    CHECK(bench.os.switch_to(process).root == page_number_of(base) + 1);
    bench.fault(process, read_of(page));

    CHECK(bench.os.process_statistics().front().rss_pages == 0);
    bench.os.exit(process);
    CHECK(bench.os.statistics().frames.free == 255);
}

TEST_CASE("frames that an Sv32 entry cannot name are left alone") {
    const PagingParameters sv32{.mode = PagingMode::sv32};
    const auto total = [&](std::uint64_t size_bytes) {
        return Bench({}, sv32, size_bytes).os.statistics().frames.total;
    };

    CHECK(total(14_GiB) == 14_GiB / page_bytes);
    CHECK(total(16_GiB) == 14_GiB / page_bytes);
    CHECK(Bench({}, {}, 16_GiB).os.statistics().frames.total == 16_GiB / page_bytes);
}

TEST_CASE("a memory that the format cannot reach at all has no frames") {
    CountingMachine machine;
    OperatingSystem os({.zero_page = true}, {.mode = PagingMode::sv32}, {32_GiB}, 1_GiB, machine);

    CHECK(os.statistics().frames.total == 0);
    CHECK(os.create_process("none") == std::nullopt);
}

TEST_CASE("a process begins with a cleared top table and no pages") {
    Bench bench;

    const ProcessId process = bench.new_process();

    CHECK(bench.machine.counts().clears == 1);
    CHECK(bench.machine.counts().spent.total() == Cycles{0});
    const ProcessStatistics statistics = bench.os.process_statistics().front();
    CHECK(statistics.name == "process");
    CHECK(statistics.page_table_pages == 1);
    CHECK(statistics.rss_pages == 0);
    CHECK(bench.os.statistics().frames.page_table == 1);
    CHECK(bench.machine.entry_at(bench.os.switch_to(process).root.address()) ==
          hw::PageTableEntry{});
}

TEST_CASE("a process runs with the A and D rule and the memory types of the configuration") {
    const auto ad_update = GENERATE(hw::AdUpdate::hardware, hw::AdUpdate::fault);
    const auto svpbmt = GENERATE(false, true);
    Bench bench({}, {.ad_update = ad_update, .svpbmt = svpbmt});

    const hw::TranslationContext context = bench.os.switch_to(bench.new_process());

    CHECK(context.hardware_ad_update == (ad_update == hw::AdUpdate::hardware));
    CHECK(context.page_based_memory_types == svpbmt);
}

TEST_CASE("with the implicit mapping a process may do anything in the user half") {
    const auto mode =
        GENERATE(PagingMode::sv32, PagingMode::sv39, PagingMode::sv48, PagingMode::sv57);
    const auto type = GENERATE(AccessType::read, AccessType::write, AccessType::fetch);
    const PagingParameters paging{.mode = mode};
    Bench bench({}, paging);
    const ProcessId process = bench.new_process();
    const hw::TranslationContext context = bench.os.switch_to(process);
    const VirtualAddress end = hw::format_of(mode).user_half_end();
    const VirtualAddress last{end.value - 1};

    for (const VirtualAddress address : {VirtualAddress{0}, last}) {
        REQUIRE_FALSE(bench.fault(process, {.address = address, .type = type}).signal);
        CHECK(tests::hardware_walk(bench.machine, paging, context, address, type));
    }
    CHECK(bench.fault(process, {.address = end, .type = type}).signal == Signal::segv_maperr);
}

TEST_CASE("without the implicit mapping a process has what is mapped") {
    Bench bench({.implicit_mapping = false});
    const ProcessId process = bench.new_process();
    bench.os.map(process, {.start = page, .end = page + 0x1000, .rights = {.read = true}});

    CHECK_FALSE(bench.fault(process, read_of(page)).signal);
    CHECK(bench.fault(process, write_to(page)).signal == Signal::segv_accerr);
    CHECK(bench.fault(process, read_of(page + 0x1000)).signal == Signal::segv_maperr);
}

TEST_CASE("faults count once, for the process and in the totals") {
    Bench bench({.implicit_mapping = true, .zero_page = true});
    const ProcessId first = bench.new_process();
    const ProcessId second = bench.new_process();

    bench.fault(first, read_of(page));
    bench.fault(first, write_to(page));
    bench.fault(second, write_to(page));
    bench.fault(second, read_of({~std::uint64_t{0}}));

    const FaultStatistics total = bench.os.fault_statistics();
    CHECK(total.minor == 3);
    CHECK(total.major == 0);
    CHECK(total.invalid == 1);
    CHECK(total.by_kind[FaultKind::zero_page] == 1);
    CHECK(total.by_kind[FaultKind::anonymous_zero] == 2);
    CHECK(total.by_kind[FaultKind::unmapped] == 1);

    const std::vector<ProcessStatistics> processes = bench.os.process_statistics();
    REQUIRE(processes.size() == 2);
    CHECK(processes[0].minor == 2);
    CHECK(processes[0].invalid == 0);
    CHECK(processes[0].rss_pages == 1);
    CHECK(processes[0].signal == std::nullopt);
    CHECK(processes[1].minor == 1);
    CHECK(processes[1].invalid == 1);
    CHECK(processes[1].rss_pages == 1);
    CHECK(processes[1].signal == Signal::segv_maperr);
}

TEST_CASE("a process that got a signal is still there until it exits") {
    Bench bench;
    const ProcessId process = bench.new_process();
    REQUIRE(bench.fault(process, read_of({~std::uint64_t{0}})).signal);

    CHECK_FALSE(bench.fault(process, read_of(page)).signal);
    CHECK(bench.os.process_statistics().front().signal == Signal::segv_maperr);
}

TEST_CASE("an exit fences the process's ASID and frees all that it had") {
    Bench bench;
    const ProcessId survivor = bench.new_process();
    const ProcessId process = bench.new_process();
    static_cast<void>(bench.os.switch_to(survivor));
    const Asid asid = bench.os.switch_to(process).asid;
    bench.fault(survivor, write_to(page));
    for (const std::uint64_t address : {0x0ULL, 0x1000ULL, 0x20'0000ULL, 0x3f'ffff'f000ULL}) {
        bench.fault(process, write_to({address}));
    }
    REQUIRE(bench.os.statistics().frames.anonymous == 5);
    bench.machine.reset_counts();

    bench.os.exit(process);

    REQUIRE(bench.fences().size() == 1);
    CHECK(bench.fences().front().address == std::nullopt);
    CHECK(bench.fences().front().asid == asid);
    CHECK(bench.os.statistics().frames.anonymous == 1);
    CHECK(bench.os.statistics().frames.page_table == 3);
    const ProcessStatistics gone = bench.os.process_statistics()[1];
    CHECK(gone.rss_pages == 0);
    CHECK(gone.page_table_pages == 0);
    CHECK(gone.minor == 4);
    CHECK(gone.asid == asid);

    bench.os.exit(survivor);
    CHECK(bench.os.statistics().frames.free == bench.os.statistics().frames.total);
}

TEST_CASE("frames of a process that exited are clean when the next one gets them") {
    Bench bench({}, {}, 4 * page_bytes);
    const ProcessId first = bench.new_process();
    bench.fault(first, write_to(page));
    bench.os.exit(first);

    // A table that was not cleared would still show the first process's page.
    const ProcessId second = bench.new_process();
    const FaultOutcome outcome = bench.fault(second, write_to(page + 0x1000));

    CHECK(outcome == FaultOutcome{.kind = FaultKind::anonymous_zero});
    CHECK_FALSE(tests::hardware_walk(bench.machine, {}, bench.os.switch_to(second), page,
                                     AccessType::read));
}

TEST_CASE("wherever memory runs out, an exit gives back every frame") {
    const auto mode =
        GENERATE(PagingMode::sv32, PagingMode::sv39, PagingMode::sv48, PagingMode::sv57);
    const auto frame_count = GENERATE(range(std::uint64_t{1}, std::uint64_t{14}));
    Bench bench({}, {.mode = mode}, frame_count * page_bytes);
    const ProcessId process = bench.new_process();

    // Far apart, so that each needs tables of its own.
    std::uint64_t handled = 0;
    std::optional<Signal> signal;
    while (!signal) {
        const VirtualAddress address{handled * 0x40'0000};
        signal = bench.fault(process, write_to(address)).signal;
        ++handled;
    }

    CHECK(signal == Signal::kill);
    CHECK(bench.os.statistics().frames.free == 0);
    CHECK(bench.os.process_statistics().front().rss_pages == handled - 1);
    bench.os.exit(process);
    CHECK(bench.os.statistics().frames.free == frame_count);
    CHECK(bench.os.process_statistics().front().signal == Signal::kill);
    CHECK(bench.os.process_statistics().front().page_table_pages == 0);
}

TEST_CASE("when the limit on data frames kills a process, another goes on in its frames") {
    Bench bench({.user_frames = 3});
    const ProcessId greedy = bench.new_process();
    const ProcessId modest = bench.new_process();
    for (std::uint64_t touched = 0; touched < 3; ++touched) {
        REQUIRE_FALSE(bench.fault(greedy, write_to({touched * 0x1000})).signal);
    }
    REQUIRE(bench.fault(greedy, write_to({0x3000})).signal == Signal::kill);
    bench.os.exit(greedy);

    CHECK_FALSE(bench.fault(modest, write_to(page)).signal);
    CHECK(bench.os.statistics().frames.anonymous == 1);
}

TEST_CASE("without a frame for its top table there is no process") {
    Bench bench({}, {}, page_bytes);
    REQUIRE(bench.os.create_process("first"));

    CHECK(bench.os.create_process("second") == std::nullopt);
    CHECK(bench.os.process_statistics().size() == 1);
}

TEST_CASE("a turn is a context switch when it comes from another process") {
    Bench bench;
    const ProcessId first = bench.new_process();
    const ProcessId second = bench.new_process();

    const hw::TranslationContext of_first = bench.os.switch_to(first);
    CHECK(bench.os.statistics().context_switches == 0);
    const hw::TranslationContext of_second = bench.os.switch_to(second);
    CHECK(bench.os.statistics().context_switches == 1);
    CHECK(bench.os.switch_to(second) == of_second);
    CHECK(bench.os.statistics().context_switches == 1);
    CHECK(bench.os.switch_to(first) == of_first);
    CHECK(bench.os.statistics().context_switches == 2);

    CHECK(of_first.privilege == Privilege::user);
    CHECK(of_first.root != of_second.root);
    CHECK(of_first.asid != of_second.asid);
    CHECK(bench.fences().empty());
    CHECK(bench.machine.counts().spent.total() == Cycles{0});
}

TEST_CASE("with more processes than ASIDs a rollover fences everything") {
    Bench bench({}, {.asid_bits = 1});
    const ProcessId first = bench.new_process();
    const ProcessId second = bench.new_process();
    const ProcessId third = bench.new_process();
    static_cast<void>(bench.os.switch_to(first));
    static_cast<void>(bench.os.switch_to(second));
    REQUIRE(bench.os.statistics().asid_rollovers == 0);

    const Asid asid_of_third = bench.os.switch_to(third).asid;
    CHECK(bench.os.statistics().asid_rollovers == 1);
    REQUIRE(bench.fences().size() == 1);
    CHECK(is_full(bench.fences().front()));

    // The new generation still has an identifier left.
    const Asid asid_of_first = bench.os.switch_to(first).asid;
    CHECK(asid_of_first != asid_of_third);
    CHECK(bench.os.statistics().asid_rollovers == 1);

    static_cast<void>(bench.os.switch_to(second));
    CHECK(bench.os.statistics().asid_rollovers == 2);
    CHECK(bench.os.statistics().tlb_invalidations == 2);
}

TEST_CASE("a process whose ASID went to another in a rollover exits without fencing that one") {
    Bench bench({}, {.asid_bits = 1});
    const ProcessId first = bench.new_process();
    static_cast<void>(bench.os.switch_to(first));
    static_cast<void>(bench.os.switch_to(bench.new_process()));
    static_cast<void>(bench.os.switch_to(bench.new_process()));
    bench.machine.reset_counts();

    bench.os.exit(first);

    CHECK(bench.fences().empty());
}

TEST_CASE("the ASID of a process that exited serves the next one without a rollover") {
    Bench bench({}, {.asid_bits = 1});
    const ProcessId first = bench.new_process();
    const Asid asid = bench.os.switch_to(first).asid;
    static_cast<void>(bench.os.switch_to(bench.new_process()));
    bench.os.exit(first);

    CHECK(bench.os.switch_to(bench.new_process()).asid == asid);
    CHECK(bench.os.statistics().asid_rollovers == 0);
}

TEST_CASE("a process that never had a turn exits without a fence") {
    Bench bench;

    bench.os.exit(bench.new_process());

    CHECK(bench.fences().empty());
}

TEST_CASE("without ASIDs every switch fences everything, and none of them is a rollover") {
    Bench bench({}, {.asid_bits = 0});
    const ProcessId first = bench.new_process();
    const ProcessId second = bench.new_process();

    CHECK(bench.os.switch_to(first).asid == Asid{0});
    CHECK(bench.fences().empty());
    CHECK(bench.os.switch_to(second).asid == Asid{0});
    CHECK(bench.os.switch_to(first).asid == Asid{0});
    CHECK(bench.os.switch_to(first).asid == Asid{0});

    REQUIRE(bench.fences().size() == 2);
    CHECK(is_full(bench.fences()[0]));
    CHECK(is_full(bench.fences()[1]));
    CHECK(bench.os.statistics().asid_rollovers == 0);
    CHECK(bench.os.statistics().context_switches == 2);
}

TEST_CASE("the fence of a changed page names the ASID of the running process") {
    Bench bench({.zero_page = true});
    static_cast<void>(bench.os.switch_to(bench.new_process()));
    const ProcessId process = bench.new_process();
    const Asid asid = bench.os.switch_to(process).asid;
    REQUIRE(asid != Asid{0});

    bench.fault(process, read_of(page));
    bench.fault(process, write_to(page));

    REQUIRE(bench.fences().size() == 1);
    CHECK(bench.fences().front().address == page);
    CHECK(bench.fences().front().asid == asid);
    CHECK(bench.os.statistics().tlb_invalidations == 1);
}

TEST_CASE("resetting the statistics keeps the state") {
    Bench bench({.zero_page = true}, {.asid_bits = 1});
    const ProcessId first = bench.new_process();
    static_cast<void>(bench.os.switch_to(first));
    static_cast<void>(bench.os.switch_to(bench.new_process()));
    const ProcessId last = bench.new_process();
    const Asid asid = bench.os.switch_to(last).asid;
    bench.fault(last, read_of(page));
    bench.fault(last, write_to(page));
    bench.fault(last, read_of({~std::uint64_t{0}}));
    const FrameStatistics frames_before = bench.os.statistics().frames;

    bench.os.reset_statistics();

    const OsStatistics os = bench.os.statistics();
    CHECK(os.tlb_invalidations == 0);
    CHECK(os.context_switches == 0);
    CHECK(os.asid_rollovers == 0);
    CHECK(os.frames.free == frames_before.free);
    CHECK(os.frames.anonymous == 1);
    const FaultStatistics faults = bench.os.fault_statistics();
    CHECK(faults.minor + faults.major + faults.invalid == 0);
    CHECK(faults.by_kind == FaultCounts{});
    const ProcessStatistics process = bench.os.process_statistics()[2];
    CHECK(process.asid == asid);
    CHECK(process.minor + process.invalid == 0);
    CHECK(process.rss_pages == 1);
    CHECK(process.page_table_pages == 3);
    CHECK(process.signal == Signal::segv_maperr);

    // The turn is still the same process's.
    static_cast<void>(bench.os.switch_to(last));
    CHECK(bench.os.statistics().context_switches == 0);
    bench.fault(last, write_to(page + 0x1000));
    CHECK(bench.os.fault_statistics().minor == 1);
}

TEST_CASE("naming a process that is not there is a defect of the model") {
    Bench bench;
    const ProcessId process = bench.new_process();
    bench.os.exit(process);

    CHECK_THROWS_AS(bench.os.exit(process), ModelError);
    CHECK_THROWS_AS(bench.fault(process, read_of(page)), ModelError);
    CHECK_THROWS_AS(bench.os.switch_to(ProcessId{5}), ModelError);
}

}  // namespace mmusim::sw::operating_system_test
