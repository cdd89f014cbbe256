// SPDX-License-Identifier: Apache-2.0
// What counts in vmstat, and what does not.
#include "sw/vm_statistics.hpp"

#include "hw/paging/parameters.hpp"
#include "sw/operating_system.hpp"
#include "tests/support/counting_machine.hpp"
#include "tests/sw/hardware_walk.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>
#include <variant>

namespace mmusim::sw::vm_statistics_test {

namespace {

using namespace mmusim::literals;

constexpr PhysicalAddress base{0x8000'0000};
constexpr VirtualAddress here{0x4000'0000};
constexpr Rights read_write{.read = true, .write = true};
constexpr std::uint64_t kib_per_page = 4;

OsParameters without_implicit_mapping(OsParameters parameters) {
    parameters.implicit_mapping = false;
    return parameters;
}

struct Bench {
    explicit Bench(const OsParameters& parameters, std::uint64_t memory_bytes = 4_MiB)
        : os(without_implicit_mapping(parameters), paging, base, memory_bytes, machine),
          id(os.create_process("process").value()) {}

    void map(std::uint64_t bytes, std::optional<ObjectId> object = {}) {
        REQUIRE(std::holds_alternative<VirtualAddress>(os.calls().map(
            id, {.bytes = bytes, .rights = read_write, .object = object, .at = here})));
    }

    // Until the access is made or refused.
    void touch(std::uint64_t page, AccessType type) {
        const hw::TranslationContext context = os.switch_to(id);
        const VirtualAddress address = here + page * page_bytes;
        bool refused = false;
        while (!refused && !tests::hardware_walk(machine, paging, context, address, type)) {
            const FaultProgress progress = os.handle_fault(id, {.address = address, .type = type});
            const auto* const outcome = std::get_if<FaultOutcome>(&progress);
            refused = outcome != nullptr && outcome->signal.has_value();
        }
    }
    void read(std::uint64_t page) { touch(page, AccessType::read); }
    void write(std::uint64_t page) { touch(page, AccessType::write); }

    [[nodiscard]] VmStatistics vmstat() const { return os.statistics().vmstat; }

    hw::PagingParameters paging;
    tests::CountingMachine machine;
    OperatingSystem os;
    ProcessId id;
};

}  // namespace

TEST_CASE("frames that are given out and given back count, page tables too") {
    Bench bench({});
    CHECK(bench.vmstat().pgalloc == 1);
    bench.map(2 * page_bytes);
    bench.write(0);
    bench.write(1);
    CHECK(bench.vmstat().pgalloc == 1 + 2 + 2);
    CHECK(bench.vmstat().pgfree == 0);
    bench.os.exit(bench.id);
    CHECK(bench.vmstat().pgfree == 5);
}

TEST_CASE("a fault counts if a region permits the access, also where it comes to nothing") {
    Bench bench({});
    const ObjectId file = bench.os.objects().make_file("file", page_bytes);
    bench.map(2 * page_bytes, file);
    bench.read(0);
    CHECK(bench.vmstat().pgfault == 1);
    CHECK(bench.vmstat().pgmajfault == 1);
    bench.read(1);  // beyond the end of the file
    CHECK(bench.vmstat().pgfault == 2);
    bench.read(2);  // in no region
    bench.touch(0, AccessType::fetch);
    CHECK(bench.vmstat().pgfault == 2);
    CHECK(bench.vmstat().pgmajfault == 1);
}

TEST_CASE("with two frames and three pages, pages leave and come back") {
    Bench bench({.user_frames = 2,
                 .page_replacement = PageReplacementPolicy::fifo,
                 .swap = {.size_bytes = 1_MiB}});
    bench.map(3 * page_bytes);
    bench.write(0);
    bench.write(1);
    bench.write(2);
    const VmStatistics once = bench.vmstat();
    CHECK(once.pswpout == 1);
    CHECK(once.pgpgout == kib_per_page);
    CHECK(once.pgsteal == 1);
    CHECK(once.pgscan == 1);
    CHECK(once.workingset_refault_anon == 0);

    bench.read(0);
    const VmStatistics twice = bench.vmstat();
    CHECK(twice.pswpin == 1);
    CHECK(twice.pgpgin == kib_per_page);
    CHECK(twice.pgsteal == 2);
    CHECK(twice.workingset_refault_anon == 1);
    CHECK(twice.workingset_refault_file == 0);
}

TEST_CASE("a page of a file that left for others is a refault, the first read of it is none") {
    Bench bench(
        {.user_frames = 1, .page_replacement = PageReplacementPolicy::fifo, .readahead_pages = 1});
    const ObjectId file = bench.os.objects().make_file("file", 2 * page_bytes);
    bench.map(2 * page_bytes, file);
    bench.read(0);
    bench.read(1);
    CHECK(bench.vmstat().pgsteal == 1);
    CHECK(bench.vmstat().workingset_refault_file == 0);
    bench.read(0);
    CHECK(bench.vmstat().workingset_refault_file == 1);
    CHECK(bench.vmstat().workingset_refault_anon == 0);
    CHECK(bench.vmstat().pgpgin == 3 * kib_per_page);
    CHECK(bench.vmstat().pswpin == 0);
}

TEST_CASE("huge pages count when they are given, denied and split") {
    Bench bench({.thp = HugePages::always}, 8_MiB);
    bench.map(8_MiB);
    bench.write(0);
    CHECK(bench.vmstat().thp_fault_alloc == 1);
    CHECK(bench.vmstat().pgalloc == 1 + 2 + 512);
    for (std::uint64_t page = 512; page < 512 * 4; page += 512) {
        bench.write(page);
    }
    CHECK(bench.vmstat().thp_fault_alloc + bench.vmstat().thp_fault_fallback == 4);
    CHECK(bench.vmstat().thp_fault_fallback > 0);
    CHECK(bench.vmstat().thp_split_pmd == 0);

    REQUIRE_FALSE(bench.os.calls().unmap(bench.id, {.start = here, .end = here + page_bytes}));
    CHECK(bench.vmstat().thp_split_pmd == 1);
    CHECK(bench.vmstat().thp_split_page == 1);
}

TEST_CASE("a huge page that is unmapped as a whole is not split") {
    Bench bench({.thp = HugePages::always}, 8_MiB);
    bench.map(2_MiB);
    bench.write(0);
    REQUIRE_FALSE(bench.os.calls().unmap(bench.id, {.start = here, .end = here + 2_MiB}));
    CHECK(bench.vmstat().thp_split_pmd == 0);
    CHECK(bench.vmstat().thp_split_page == 0);
    CHECK(bench.vmstat().pgfree >= 512);
}

TEST_CASE("counters start again from zero, and what has left is still known") {
    Bench bench(
        {.user_frames = 1, .page_replacement = PageReplacementPolicy::fifo, .readahead_pages = 1});
    const ObjectId file = bench.os.objects().make_file("file", 2 * page_bytes);
    bench.map(2 * page_bytes, file);
    bench.read(0);
    bench.read(1);
    bench.os.reset_statistics();
    const VmStatistics zero = bench.vmstat();
    for_each_field<VmStatistics>([&](const auto& field) {
        INFO(field.name);
        CHECK(zero.*field.member == 0);
    });
    bench.read(0);
    CHECK(bench.vmstat().workingset_refault_file == 1);
}

}  // namespace mmusim::sw::vm_statistics_test
