// SPDX-License-Identifier: Apache-2.0
// Small situations, and what smaps, statm and maps show of them on Linux.
#include "sw/processes/memory_survey.hpp"

#include "hw/paging/parameters.hpp"
#include "sw/operating_system.hpp"
#include "tests/support/counting_machine.hpp"
#include "tests/sw/hardware_walk.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace mmusim::sw::memory_survey_test {

namespace {

using namespace mmusim::literals;

constexpr PhysicalAddress base{0x8000'0000};
constexpr VirtualAddress here{0x4000'0000};
constexpr Rights read_write{.read = true, .write = true};
constexpr std::uint64_t pages_per_huge_page = 512;

OsParameters without_implicit_mapping(OsParameters parameters) {
    parameters.implicit_mapping = false;
    return parameters;
}

constexpr std::uint64_t pages(std::uint64_t count) {
    return count * page_bytes;
}

struct Bench {
    explicit Bench(const OsParameters& parameters = {}, hw::PagingMode mode = hw::PagingMode::sv39,
                   std::uint64_t memory_bytes = 4_MiB)
        : paging{.mode = mode},
          os(without_implicit_mapping(parameters), paging, base, memory_bytes, machine) {}

    ProcessId process(const std::string& name) { return os.create_process(name).value(); }

    ProcessId fork(ProcessId parent) { return std::get<ProcessId>(os.fork(parent, "child")); }

    // At `here`, unless the request names another place.
    void map(ProcessId id, MapRequest request) {
        request.at = request.at.value_or(here);
        REQUIRE(std::holds_alternative<VirtualAddress>(os.calls().map(id, request)));
    }

    void touch(ProcessId id, std::uint64_t page, AccessType type) {
        const hw::TranslationContext context = os.switch_to(id);
        const VirtualAddress address = here + pages(page);
        while (!tests::hardware_walk(machine, paging, context, address, type)) {
            const FaultProgress progress = os.handle_fault(id, {.address = address, .type = type});
            const auto* const outcome = std::get_if<FaultOutcome>(&progress);
            if (outcome != nullptr && outcome->signal) {
                throw std::logic_error("an access of the test is not permitted");
            }
        }
    }
    void read(ProcessId id, std::uint64_t page) { touch(id, page, AccessType::read); }
    void write(ProcessId id, std::uint64_t page) { touch(id, page, AccessType::write); }

    void advise(ProcessId id, std::uint64_t first, std::uint64_t count, Advice advice) {
        REQUIRE_FALSE(os.calls().advise(
            id, {.start = here + pages(first), .end = here + pages(first + count)}, advice));
    }

    [[nodiscard]] ProcessMemory memory(ProcessId id) const {
        return os.process_memory().at(id.value);
    }
    [[nodiscard]] SmapsStatistics smaps(ProcessId id) const { return memory(id).smaps; }

    hw::PagingParameters paging;
    tests::CountingMachine machine;
    OperatingSystem os;
};

}  // namespace

TEST_CASE("pages that a process has written are its own, dirty and anonymous") {
    Bench bench;
    const ProcessId id = bench.process("writer");
    bench.map(id, {.bytes = pages(4), .rights = read_write});
    bench.write(id, 0);
    bench.write(id, 2);

    CHECK(bench.smaps(id) == SmapsStatistics{.size = pages(4),
                                             .rss = pages(2),
                                             .pss = pages(2),
                                             .pss_anon = pages(2),
                                             .private_dirty = pages(2),
                                             .referenced = pages(2),
                                             .anonymous = pages(2)});
    CHECK(bench.memory(id).statm == StatmStatistics{.total = 4, .resident = 2, .data = 4});
}

TEST_CASE("the page of zeros is in no figure") {
    Bench bench({.zero_page = true});
    const ProcessId id = bench.process("reader");
    bench.map(id, {.bytes = pages(4), .rights = read_write});
    bench.read(id, 0);

    CHECK(bench.smaps(id) == SmapsStatistics{.size = pages(4)});
}

TEST_CASE("a fork halves the proportional size, and a copy gives back what it copies") {
    Bench bench;
    const ProcessId parent = bench.process("parent");
    bench.map(parent, {.bytes = pages(2), .rights = read_write});
    bench.write(parent, 0);
    bench.write(parent, 1);
    const ProcessId child = bench.fork(parent);

    for (const ProcessId id : {parent, child}) {
        const SmapsStatistics shared = bench.smaps(id);
        CHECK(shared.rss == pages(2));
        CHECK(shared.pss == pages(1));
        CHECK(shared.pss_anon == pages(1));
        CHECK(shared.shared_dirty == pages(2));
        CHECK(shared.private_dirty == 0);
        CHECK(shared.anonymous == pages(2));
    }

    bench.write(child, 0);
    for (const ProcessId id : {parent, child}) {
        const SmapsStatistics copied = bench.smaps(id);
        CHECK(copied.rss == pages(2));
        CHECK(copied.pss == pages(1) + pages(1) / 2);
        CHECK(copied.shared_dirty == pages(1));
        CHECK(copied.private_dirty == pages(1));
    }
}

TEST_CASE("three owners of a page have a third each") {
    Bench bench;
    const ProcessId first = bench.process("first");
    bench.map(first, {.bytes = pages(1), .rights = read_write});
    bench.write(first, 0);
    const ProcessId second = bench.fork(first);
    const ProcessId third = bench.fork(second);

    for (const ProcessId id : {first, second, third}) {
        CHECK(bench.smaps(id).pss == pages(1) / 3);
    }
    bench.os.exit(second);
    CHECK(bench.smaps(first).pss == pages(1) / 2);
}

TEST_CASE("pages of a file are clean until somebody writes them, and then for all who map them") {
    Bench bench;
    const ObjectId file = bench.os.objects().make_file("library", pages(4));
    bench.os.warm_file(file);
    const ProcessId reader = bench.process("reader");
    bench.map(reader, {.bytes = pages(4), .rights = {.read = true}, .object = file});
    bench.read(reader, 0);

    CHECK(bench.smaps(reader) == SmapsStatistics{.size = pages(4),
                                                 .rss = pages(4),
                                                 .pss = pages(4),
                                                 .pss_file = pages(4),
                                                 .private_clean = pages(4),
                                                 .referenced = pages(4)});
    CHECK(bench.memory(reader).statm == StatmStatistics{.total = 4, .resident = 4, .shared = 4});

    const ProcessId writer = bench.process("writer");
    bench.map(
        writer,
        {.bytes = pages(4), .rights = read_write, .sharing = Sharing::shared, .object = file});
    bench.read(writer, 0);
    CHECK(bench.smaps(reader).shared_clean == pages(4));
    CHECK(bench.smaps(reader).pss == pages(2));

    bench.write(writer, 1);
    for (const ProcessId id : {reader, writer}) {
        CHECK(bench.smaps(id).shared_clean == pages(3));
        CHECK(bench.smaps(id).shared_dirty == pages(1));
    }

    REQUIRE_FALSE(bench.os.sync_file(file));
    for (const ProcessId id : {reader, writer}) {
        CHECK(bench.smaps(id).shared_clean == pages(4));
        CHECK(bench.smaps(id).shared_dirty == 0);
    }
}

TEST_CASE("the private copy of a page of a file is anonymous, and no page of an object") {
    Bench bench;
    const ObjectId file = bench.os.objects().make_file("data", pages(2));
    bench.os.warm_file(file);
    const ProcessId id = bench.process("writer");
    bench.map(id, {.bytes = pages(2), .rights = read_write, .object = file});
    bench.read(id, 0);
    bench.write(id, 1);

    const SmapsStatistics smaps = bench.smaps(id);
    CHECK(smaps.pss_file == pages(1));
    CHECK(smaps.private_clean == pages(1));
    CHECK(smaps.pss_anon == pages(1));
    CHECK(smaps.private_dirty == pages(1));
    CHECK(bench.memory(id).statm ==
          StatmStatistics{.total = 2, .resident = 2, .shared = 1, .data = 2});
}

TEST_CASE("what is in swap is not in memory, and what is read from there is clean") {
    Bench bench({.swap = {.size_bytes = 1_MiB}});
    const ProcessId id = bench.process("swapped");
    bench.map(id, {.bytes = pages(2), .rights = read_write});
    bench.write(id, 0);
    bench.write(id, 1);
    bench.advise(id, 0, 1, Advice::pageout);

    CHECK(bench.smaps(id) == SmapsStatistics{.size = pages(2),
                                             .rss = pages(1),
                                             .pss = pages(1),
                                             .pss_anon = pages(1),
                                             .private_dirty = pages(1),
                                             .referenced = pages(1),
                                             .anonymous = pages(1),
                                             .swap = pages(1)});

    bench.read(id, 0);
    const SmapsStatistics back = bench.smaps(id);
    CHECK(back.swap == 0);
    CHECK(back.private_clean == pages(1));
    CHECK(back.private_dirty == pages(1));

    bench.write(id, 0);
    CHECK(bench.smaps(id).private_dirty == pages(2));
}

TEST_CASE("a huge page counts as its pages, whole, shared and split") {
    Bench bench({.thp = HugePages::always}, hw::PagingMode::sv39, 24_MiB);
    const ProcessId parent = bench.process("parent");
    bench.map(parent, {.bytes = 4_MiB, .rights = read_write});
    bench.write(parent, 0);

    CHECK(bench.smaps(parent) == SmapsStatistics{.size = 4_MiB,
                                                 .rss = 2_MiB,
                                                 .pss = 2_MiB,
                                                 .pss_anon = 2_MiB,
                                                 .private_dirty = 2_MiB,
                                                 .referenced = 2_MiB,
                                                 .anonymous = 2_MiB,
                                                 .anon_huge = 2_MiB});

    const ProcessId child = bench.fork(parent);
    CHECK(bench.smaps(parent).pss == 1_MiB);
    CHECK(bench.smaps(child).pss == 1_MiB);
    CHECK(bench.smaps(child).anon_huge == 2_MiB);
    CHECK(bench.smaps(child).shared_dirty == 2_MiB);

    bench.write(child, 0);
    const std::uint64_t halves = (pages_per_huge_page - 1) * page_bytes / 2;
    for (const ProcessId id : {parent, child}) {
        const SmapsStatistics split = bench.smaps(id);
        CHECK(split.rss == 2_MiB);
        CHECK(split.pss == halves + pages(1));
        CHECK(split.private_dirty == pages(1));
        CHECK(split.shared_dirty == pages(pages_per_huge_page - 1));
        CHECK(split.anon_huge == (id == parent ? 2_MiB : 0));
    }
}

TEST_CASE("explicit huge pages are mapped, but not resident") {
    Bench bench({.hugetlb = {.pages_2mib = 2}}, hw::PagingMode::sv39, 16_MiB);
    const ProcessId parent = bench.process("parent");
    bench.map(parent, {.bytes = 4_MiB, .rights = read_write, .page_size = PageSize{21}});
    bench.write(parent, 0);
    CHECK(bench.smaps(parent) == SmapsStatistics{.size = 4_MiB, .private_hugetlb = 2_MiB});
    CHECK(bench.memory(parent).statm == StatmStatistics{.total = 1024, .data = 1024});
    CHECK(bench.memory(parent).maps.front().name == "/anon_hugepage (deleted)");

    const ProcessId child = bench.fork(parent);
    for (const ProcessId id : {parent, child}) {
        CHECK(bench.smaps(id) == SmapsStatistics{.size = 4_MiB, .shared_hugetlb = 2_MiB});
    }
}

TEST_CASE("shared memory is shared, and what swap has of it belongs to all who map it") {
    Bench bench({.swap = {.size_bytes = 1_MiB}});
    const ObjectId object = bench.os.objects().make_shared_memory("segment", pages(4));
    const MapRequest request{
        .bytes = pages(4), .rights = read_write, .sharing = Sharing::shared, .object = object};
    const ProcessId writer = bench.process("writer");
    const ProcessId reader = bench.process("reader");
    bench.map(writer, request);
    bench.write(writer, 0);
    bench.write(writer, 1);
    bench.advise(writer, 1, 1, Advice::pageout);
    bench.map(reader, request);
    bench.read(reader, 0);

    for (const ProcessId id : {writer, reader}) {
        const SmapsStatistics smaps = bench.smaps(id);
        CHECK(smaps.rss == pages(1));
        CHECK(smaps.pss == pages(1) / 2);
        CHECK(smaps.pss_shmem == pages(1) / 2);
        CHECK(smaps.shared_dirty == pages(1));
        CHECK(smaps.anonymous == 0);
        CHECK(smaps.swap == pages(1));
        CHECK(bench.memory(id).statm == StatmStatistics{.total = 4, .resident = 1, .shared = 1});
    }
    const std::vector<SharedMemoryStatistics> list = bench.os.statistics().shared_memory;
    REQUIRE(list.size() == 1);
    CHECK(list.front().name == "segment");
    CHECK(list.front().bytes == pages(4));
    CHECK(list.front().attached == 2);
    CHECK(list.front().resident_pages == 1);
    CHECK(list.front().swapped_pages == 1);

    bench.os.exit(reader);
    CHECK(bench.os.statistics().shared_memory.front().attached == 1);
}

TEST_CASE("a private mapping of shared memory shows what swap has of the pages it has not copied") {
    Bench bench({.swap = {.size_bytes = 1_MiB}});
    const ObjectId object = bench.os.objects().make_shared_memory("segment", pages(2));
    const ProcessId owner = bench.process("owner");
    bench.map(
        owner,
        {.bytes = pages(2), .rights = read_write, .sharing = Sharing::shared, .object = object});
    bench.write(owner, 0);
    bench.write(owner, 1);
    const ProcessId copier = bench.process("copier");
    bench.map(copier, {.bytes = pages(2), .rights = read_write, .object = object});
    bench.write(copier, 0);
    bench.advise(owner, 0, 2, Advice::pageout);

    CHECK(bench.smaps(owner).swap == pages(2));
    CHECK(bench.smaps(copier).swap == pages(1));
    CHECK(bench.smaps(copier).rss == pages(1));
}

TEST_CASE("locked is the proportional size of locked regions") {
    Bench bench;
    const ProcessId parent = bench.process("parent");
    bench.map(parent, {.bytes = pages(2), .rights = read_write, .locked = true});
    CHECK(bench.smaps(parent).locked == pages(2));

    const ProcessId child = bench.fork(parent);
    CHECK(bench.smaps(parent).locked == pages(1));
    CHECK(bench.smaps(child).locked == 0);
}

TEST_CASE("pages without rights are hidden, not gone") {
    Bench bench;
    const ProcessId id = bench.process("hidden");
    bench.map(id, {.bytes = pages(2), .rights = read_write});
    bench.write(id, 0);
    REQUIRE_FALSE(bench.os.calls().protect(id, {.start = here, .end = here + pages(2)}, Rights{}));
    CHECK(bench.smaps(id).rss == pages(1));
    CHECK(bench.memory(id).statm == StatmStatistics{.total = 2, .resident = 1});
}

TEST_CASE("regions are listed by address, with rights, place in the object, name and pages") {
    Bench bench;
    const ObjectId file = bench.os.objects().make_file("library", pages(8));
    const ProcessId id = bench.process("listed");
    bench.map(
        id, {.bytes = pages(16), .rights = read_write, .at = {{0x7000'0000}}, .grows_down = true});
    bench.map(id, {.bytes = pages(2), .rights = read_write});
    bench.map(id, {.bytes = pages(4),
                   .rights = {.read = true, .execute = true},
                   .sharing = Sharing::shared,
                   .object = file,
                   .offset_bytes = pages(3),
                   .at = {{0x5000'0000}}});
    bench.write(id, 1);

    const std::vector<MappingStatistics> maps = bench.memory(id).maps;
    REQUIRE(maps.size() == 3);
    CHECK(maps[0].start == here.value);
    CHECK(maps[0].end == here.value + pages(2));
    CHECK(maps[0].perms == "rw-p");
    CHECK(maps[0].object == MappedObject::anonymous);
    CHECK(maps[0].name.empty());
    CHECK(maps[0].rss == pages(1));
    CHECK(maps[0].pss == pages(1));
    CHECK(maps[0].line == "40000000-40002000 rw-p 00000000 00:00 0 ");
    CHECK(maps[1].perms == "r-xs");
    CHECK(maps[1].offset == pages(3));
    CHECK(maps[1].object == MappedObject::file);
    CHECK(maps[1].name == "library");
    CHECK(maps[1].rss == 0);
    CHECK(maps[2].name == "[stack]");
    CHECK(maps[2].object == MappedObject::anonymous);
}

TEST_CASE("a process that has exited has no memory, and says so") {
    Bench bench;
    const ProcessId id = bench.process("gone");
    bench.map(id, {.bytes = pages(2), .rights = read_write});
    bench.write(id, 0);
    CHECK_FALSE(bench.memory(id).exited);
    bench.os.exit(id);

    const ProcessMemory memory = bench.memory(id);
    CHECK(memory.exited);
    CHECK(memory.maps.empty());
    CHECK(memory.smaps == SmapsStatistics{});
    CHECK(memory.statm == StatmStatistics{});
    CHECK(memory.page_tables.bytes == 0);
}

TEST_CASE("page tables are counted by level, beside what a flat table would take") {
    Bench bench({}, hw::PagingMode::sv39, 8_MiB);
    const ProcessId id = bench.process("sparse");
    bench.map(id, {.bytes = 6_MiB, .rights = read_write});
    bench.write(id, 0);
    bench.write(id, 2 * pages_per_huge_page);

    using Levels = std::array<std::uint64_t, hw::max_levels>;
    const PageTableStatistics tables = bench.memory(id).page_tables;
    CHECK(tables.pages_by_level == Levels{2, 1, 1});
    CHECK(tables.bytes_by_level == Levels{pages(2), pages(1), pages(1)});
    CHECK(tables.spare_pages == 0);
    CHECK(tables.bytes == pages(4));
    CHECK(tables.flat_bytes == 512_MiB);
    CHECK(tables.flat_span_bytes == (2 * pages_per_huge_page + 1) * 8);
}

TEST_CASE("a flat table of Sv32 has entries of 4 bytes, and a huge page has all of its own") {
    Bench bench({.thp = HugePages::always}, hw::PagingMode::sv32, 64_MiB);
    const ProcessId id = bench.process("huge");
    bench.map(id, {.bytes = 4_MiB, .rights = read_write});
    CHECK(bench.memory(id).page_tables.flat_span_bytes == 0);
    bench.write(id, 0);

    const PageTableStatistics tables = bench.memory(id).page_tables;
    CHECK(tables.pages_by_level == std::array<std::uint64_t, hw::max_levels>{0, 1});
    CHECK(tables.spare_pages == 1);
    CHECK(tables.bytes == pages(2));
    CHECK(tables.flat_bytes == 2_MiB);
    CHECK(tables.flat_span_bytes == 1024 * 4);
}

TEST_CASE("looking at what processes have costs no time and no traffic") {
    Bench bench;
    const ProcessId id = bench.process("looked at");
    bench.map(id, {.bytes = pages(2), .rights = read_write});
    bench.write(id, 0);
    bench.machine.reset_counts();
    static_cast<void>(bench.memory(id));

    CHECK(bench.machine.counts().reads == 0);
    CHECK(bench.machine.counts().writes == 0);
    CHECK(bench.machine.counts().fences.empty());
    CHECK(bench.machine.counts().spent.total() == Cycles{0});
}

}  // namespace mmusim::sw::memory_survey_test
