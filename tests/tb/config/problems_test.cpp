// SPDX-License-Identifier: Apache-2.0
#include "tb/config/resolve.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb::problems_test {

namespace {

[[nodiscard]] Problems problems_of(const ConfigurationLayers& layers) {
    try {
        static_cast<void>(resolve(layers));
    } catch (const ConfigurationError& error) {
        return error.problems();
    }
    return {};
}

[[nodiscard]] Problems problems_with(const std::vector<std::string>& settings) {
    return problems_of({.preset = "plain", .files = {}, .settings = settings});
}

struct WrongSetting {
    std::string setting;
    std::string problem;
};

void check_each(const std::vector<WrongSetting>& table) {
    for (const WrongSetting& row : table) {
        INFO(row.setting);
        CHECK(problems_with({row.setting}) == Problems{row.problem});
    }
}

}  // namespace

TEST_CASE("an unknown key is answered with the nearest known one") {
    check_each({
        {"tlbs.l1d.set=8", "tlbs.l1d.set = 8: no such key; the nearest is tlbs.l1d.sets"},
        {"tlb.l1d.sets=8", "tlb.l1d.sets = 8: no such key; the nearest is tlbs.l1d.sets"},
        {R"(tlb={"l1d": {"sets": 8}})",
         "tlb.l1d.sets = 8: no such key; the nearest is tlbs.l1d.sets"},
        {"fault_entry_cycles=8",
         "fault_entry_cycles = 8: no such key; the nearest is os.fault_entry_cycles"},
        {"cache={}", "cache = an object: no such key; the nearest is caches"},
        {"os.scheduler.slice=1",
         "os.scheduler.slice = 1: no such key; the nearest is os.scheduler"},
        {"=8", " = 8: no such key"},
        {"qqqqqqqqqqqqqqqqqqqqqq=null", "qqqqqqqqqqqqqqqqqqqqqq = null: no such key"},
    });
}

TEST_CASE("a number that a parameter cannot take is answered with those it can") {
    check_each({
        {"tlbs.l1d.sets=0", "tlbs.l1d.sets = 0: must be a whole number from 1 to 1048576"},
        {"tlbs.l1d.sets=-1", "tlbs.l1d.sets = -1: must be a whole number from 1 to 1048576"},
        {"tlbs.l1d.sets=1.5", "tlbs.l1d.sets = 1.5: must be a whole number from 1 to 1048576"},
        {"tlbs.l1d.sets=1e300", "tlbs.l1d.sets = 1e+300: must be a whole number from 1 to 1048576"},
        {"tlbs.l1d.sets=1e999",
         "tlbs.l1d.sets = \"1e999\": must be a whole number from 1 to 1048576"},
        {"tlbs.l1d.sets=NaN", "tlbs.l1d.sets = \"NaN\": must be a whole number from 1 to 1048576"},
        {"tlbs.l1d.sets=\"8\"", "tlbs.l1d.sets = \"8\": must be a whole number from 1 to 1048576"},
        {"tlbs.l1d.sets=4K", "tlbs.l1d.sets = \"4K\": must be a whole number from 1 to 1048576"},
        {"tlbs.l1d.sets=null", "tlbs.l1d.sets = null: must be a whole number from 1 to 1048576"},
        {"tlbs.l1d.sets=[8]", "tlbs.l1d.sets = a list: must be a whole number from 1 to 1048576"},
        {"tlbs.l1d.mshrs=4294967296",
         "tlbs.l1d.mshrs = 4294967296: must be a whole number from 1 to 4294967295"},
        {"seed=18446744073709551616",
         "seed = 1.8446744073709552e+19: must be a whole number from 0 to 18446744073709551615"},
        {"os.fence_cycles=1000000000001",
         "os.fence_cycles = 1000000000001: must be a whole number from 0 to 1000000000000"},
        {"cpu.cores=2", "cpu.cores = 2: must be 1"},
        {"os.fragmentation_percent=101",
         "os.fragmentation_percent = 101: must be a whole number from 0 to 100"},
        {"clock.period_ps=0", "clock.period_ps = 0: must be a whole number from 1 to 1000000000"},
        {"memory.size_bytes=1KiB",
         "memory.size_bytes = \"1KiB\": must be a size from 65536 to 1125899906842624"},
        {"memory.size_bytes=99999999999TiB",
         "memory.size_bytes = \"99999999999TiB\": must be a size from 65536 to 1125899906842624"},
        {"memory.size_bytes=4 KiB",
         "memory.size_bytes = \"4 KiB\": must be a size from 65536 to 1125899906842624"},
    });
}

TEST_CASE("any other value that a parameter cannot take is answered with those it can") {
    check_each({
        {"paging.mode=sv93", "paging.mode = \"sv93\": must be sv32 or sv39 or sv48 or sv57"},
        {"paging.mode=39", "paging.mode = 39: must be sv32 or sv39 or sv48 or sv57"},
        {"cpu.data_path=none", "cpu.data_path = \"none\": must be translate-only or memory"},
        {"os.thp_defrag=defer", "os.thp_defrag = \"defer\": must be never or madvise or always"},
        {"os.zero_page=yes", "os.zero_page = \"yes\": must be true or false"},
        {"os.zero_page=1", "os.zero_page = 1: must be true or false"},
        {"cpu.data_tlb=1", "cpu.data_tlb = 1: must be a name"},
        {R"(tlbs.l1d.page_sizes=["4KiB", "5KiB"])",
         "tlbs.l1d.page_sizes[1] = \"5KiB\": must be a page size, as 4KiB or 2MiB"},
        {"tlbs.l1d.page_sizes=2048",
         "tlbs.l1d.page_sizes = 2048: must be a page size, as 4KiB or 2MiB"},
        {"tlbs.l1d.page_sizes=null",
         "tlbs.l1d.page_sizes = null: must be a page size, as 4KiB or 2MiB"},
        {R"(memory.dram.mapping=["row", "rank", "bank", "channel", "row"])",
         "memory.dram.mapping = a list: must be a list of each of row, rank, bank, channel, "
         "column"},
        {"memory.dram.mapping=row",
         "memory.dram.mapping = \"row\": must be a list of each of row, rank, bank, channel, "
         "column"},
        {"memory.dram.standard=DDR9",
         "memory.dram.standard = \"DDR9\": must be custom or DDR4-2400 or DDR5-4800 or "
         "LPDDR4-3200"},
        {"tlbs.l1d=4", "tlbs.l1d = 4: must be an object of keys and values"},
        {"tlbs=null", "tlbs = null: must be an object of names and their parameters"},
        {"caches=1", "caches = 1: must be an object of names and their parameters"},
        {"os=fast", "os = \"fast\": must be an object of keys and values"},
        {R"(tlbs={"l 1": {}})",
         "tlbs.l 1 = an object: must be named by a letter, then letters, digits and _"},
        {"tlbs.4.sets=1",
         "tlbs.4 = an object: must be named by a letter, then letters, digits and _"},
    });
}

TEST_CASE("parts that do not fit together are named") {
    check_each({
        {"tlbs.l1d.next=l9",
         "tlbs.l1d.next = \"l9\": must name a TLB or the walker; there are: l1d, l1i, l2, walker"},
        {"tlbs.l2.next=l2",
         "tlbs.l2.next = \"l2\": the chain l2 -> l2 is a loop; it must end at the walker"},
        {"tlbs.l2.next=l1d",
         "tlbs.l1d.next = \"l2\": the chain l1d -> l2 -> l1d is a loop; it must end at the walker"},
        {"cpu.fetch_tlb=itlb",
         "cpu.fetch_tlb = \"itlb\": must name a TLB; there are: l1d, l1i, l2"},
        {"cpu.data_tlb=walker",
         "cpu.data_tlb = \"walker\": must name a TLB; there are: l1d, l1i, l2"},
        {"tlbs.walker.sets=1", "tlbs.walker: must have another name; this one means the walker"},
        {R"(tlbs.l2={"sets": 1048576, "ways": 5})",
         "tlbs.l2: 1048576 sets of 5 ways are 5242880 entries; there can be 4194304"},
        {"tlbs.l2.page_sizes=512GiB",
         "tlbs.l2.page_sizes = 512GiB: must be a page size of sv39: 4KiB, 64KiB, 2MiB, 1GiB"},
        {"tlbs.l2.page_sizes=8KiB",
         "tlbs.l2.page_sizes = 8KiB: must be a page size of sv39: 4KiB, 64KiB, 2MiB, 1GiB"},
        {"tlbs.l2.page_sizes=[4096, 4096]", "tlbs.l2.page_sizes = 4KiB: is listed twice"},
        {"caches.l1.next=l9",
         "caches.l1.next = \"l9\": must name a cache or the memory; there are: l1, memory"},
        {"caches.l1.next=l1",
         "caches.l1.next = \"l1\": the chain l1 -> l1 is a loop; it must end at the memory"},
        {"caches.memory.sets=1",
         "caches.memory: must have another name; this one means the memory"},
        {R"(caches.l1={"sets": 16777216, "ways": 2})",
         "caches.l1: 16777216 sets of 2 ways are 33554432 lines; there can be 16777216"},
        {"tlbs.l1d.same_level=true",
         "tlbs.l1d.same_level = true: must be false, since cpu.data_tlb names it: no TLB is above "
         "it"},
        {"caches.l1.line_bytes=96", "caches.l1.line_bytes = 96: must be a power of two"},
        {"walker.memory_port=l1",
         "walker.memory_port = \"l1\": must name a cache or the memory; there are: memory"},
        {"cpu.software_port=walker",
         "cpu.software_port = \"walker\": must name a cache or the memory; there are: memory"},
        {"cpu.fetch_port=l1i",
         "cpu.fetch_port = \"l1i\": must name a cache or the memory; there are: memory"},
        {"cpu.data_port=walker",
         "cpu.data_port = \"walker\": must name a cache or the memory; there are: memory"},
        {"memory.size_bytes=65537",
         "memory.size_bytes = 65537: must be a multiple of 4096, a frame"},
        {"memory.base_address=1", "memory.base_address = 1: must be a multiple of 4096, a frame"},
        {"memory.base_address=0xfffffffffff000",
         "memory.size_bytes = 17179869184: memory from 0xfffffffffff000 on must end within the 56 "
         "physical address bits of sv39"},
        {"memory.base_address=0xfffffffffffff000",
         "memory.size_bytes = 17179869184: memory from 0xfffffffffffff000 on must end within the "
         "56 physical address bits of sv39"},
        {"memory.dram.burst_bytes=48",
         "memory.dram.row_bytes = 8192: must be a multiple of burst_bytes, 48"},
        {"memory.dram.bank_groups=17", "memory.dram.bank_groups = 17: must be at most banks, 16"},
        {"memory.dram.write_high_watermark=65",
         "memory.dram.write_high_watermark = 65: must be at most write_queue_entries, 64"},
        {"memory.dram.write_low_watermark=49",
         "memory.dram.write_low_watermark = 49: must be at most write_high_watermark, 48"},
        {"memory.dram.timing.refresh_interval_cycles=1587",
         "memory.dram.timing.refresh_interval_cycles = 1587: must be more than row_open_cycles, "
         "precharge_cycles and refresh_cycles together, 1587, or 0"},
        {"os.hugetlb.pages_1gib=17",
         "os.hugetlb.pages_1gib = 17: must be at most 16, all of memory"},
        {"os.hugetlb.pages_4mib=1",
         "os.hugetlb.pages_4mib = 1: must be 0 in sv39, whose huge pages are of 2MiB and 1GiB"},
        {"os.user_frames=4194305",
         "os.user_frames = 4194305: must be at most 4194304, all of memory"},
    });
}

TEST_CASE("the memory that is fragmented has a limit") {
    CHECK(problems_with({"memory.size_bytes=1TiB", "os.fragmentation_percent=1"}).empty());
    CHECK(problems_with({"memory.size_bytes=2TiB", "os.fragmentation_percent=1"}) ==
          Problems{"os.fragmentation_percent = 1: must be 0 where memory.size_bytes is more than "
                   "1099511627776"});
}

TEST_CASE("what fits depends on the page-table format") {
    CHECK(problems_with({"paging.mode=sv32"}).empty());
    CHECK(problems_with({"paging.mode=sv32", "paging.asid_bits=10"}) ==
          Problems{"paging.asid_bits = 10: must be at most 9 in sv32"});
    const std::string too_large =
        "memory.size_bytes = 17179873280: memory from 0x0 on must end within the 34 physical "
        "address bits of sv32";
    CHECK(problems_with({"paging.mode=sv32", "memory.size_bytes=17179873280"}) ==
          Problems{too_large});
    CHECK(problems_with({"paging.mode=sv32", "tlbs.l2.page_sizes=64KiB"}) ==
          Problems{"tlbs.l2.page_sizes = 64KiB: must be a page size of sv32: 4KiB, 4MiB"});
    CHECK(problems_with({"paging.mode=sv57", "tlbs.l2.page_sizes=256TiB"}).empty());
    const std::string without_napot =
        "tlbs.l2.page_sizes = 64KiB: must be a page size of sv39 without Svnapot: 4KiB, 2MiB, 1GiB";
    CHECK(problems_with({"paging.svnapot=false", "tlbs.l2.page_sizes=64KiB"}) ==
          Problems{without_napot});
}

TEST_CASE("a setting without a value, and one that begins as JSON but is not, are told apart") {
    CHECK(problems_with({"tlbs.l1d.sets"}) == Problems{"--set tlbs.l1d.sets: expected KEY=VALUE"});
    const Problems syntax = problems_with({"tlbs.l3={sets: 4}"});
    REQUIRE(syntax.size() == 1);
    CHECK_THAT(syntax.front(),
               Catch::StartsWith("--set tlbs.l3:1: syntax error while parsing object key"));
}

TEST_CASE("all problems are told at once, each with the file it is in") {
    const tests::ScratchDirectory directory;
    const auto file =
        directory.file("machine.json", R"({"tlbs": {"l1d": {"sets": 0, "size": 1}}, "sed": 1})");

    CHECK(
        problems_of({.preset = "plain",
                     .files = {file},
                     .settings = {"clock.period_ps=0", "tlbs.l2.next=l9"}}) ==
        Problems{
            file + ": sed = 1: no such key; the nearest is seed",
            file + ": tlbs.l1d.sets = 0: must be a whole number from 1 to 1048576",
            file + ": tlbs.l1d.size = 1: no such key; the nearest is tlbs.l1d.sets",
            "clock.period_ps = 0: must be a whole number from 1 to 1000000000",
            R"(tlbs.l2.next = "l9": must name a TLB or the walker; there are: l1d, l1i, l2, walker)",
        });
}

TEST_CASE("a TLB may have a cache's name, but not what the cache is called among the parts") {
    CHECK(problems_with({"caches.l1d.sets=64", "tlbs.l1d.sets=8"}).empty());
    CHECK(problems_with({"caches.l1d.sets=64", "tlbs.l1d_cache.sets=8"}) ==
          Problems{"tlbs.l1d_cache: must have another name; this one is that of caches.l1d among "
                   "the parts"});
}

TEST_CASE("the message of the error has one line for each problem") {
    CHECK_THROWS_WITH(resolve({.preset = "plain", .settings = {"cpu.cores=0", "seed=x"}}),
                      "cpu.cores = 0: must be 1\n"
                      "seed = \"x\": must be a whole number from 0 to 18446744073709551615");
}

TEST_CASE("a file that is not a configuration is named") {
    const tests::ScratchDirectory directory;
    const auto problem_in = [&](std::string_view text) {
        const Problems problems = problems_of({.files = {directory.file("machine.json", text)}});
        return problems.size() == 1 ? problems.front() : "not one problem";
    };
    const std::string name = (directory.path() / "machine.json").string();

    CHECK(problem_in("[1]") == name + ": a list: must be an object of keys and values");
    CHECK(problem_in("{\"complete\": 1}") == name + ": complete = 1: must be true or false");
    CHECK(problem_in("{\"schema\": \"mmusim-result\"}") ==
          name + ": config: is missing from these results");
    CHECK_THAT(problem_in("{\n  \"seed\": 1,\n  seed\n}"),
               Catch::StartsWith(name + ":3: syntax error while parsing object key"));
    CHECK(problems_of({.files = {directory.path() / "none.json"}}) ==
          Problems{(directory.path() / "none.json").string() +
                   ": cannot be read: No such file or directory"});
    CHECK(problems_of({.files = {directory.path()}}) ==
          Problems{directory.path().string() + ": is a directory, expected a configuration file"});
}

TEST_CASE("two files that cannot be read are both told") {
    CHECK(problems_of({.files = {"/none/a.json", "/none/b.json"}}) ==
          Problems{"/none/a.json: cannot be read: No such file or directory",
                   "/none/b.json: cannot be read: No such file or directory"});
}

TEST_CASE("long and broken text stays one readable line") {
    const std::string noise(100'000, 'x');
    CHECK(problems_with({"paging.mode=" + noise}).front().size() < 200);
    CHECK(problems_with({noise + "=1"}).front().size() < 200);
    CHECK(problems_with({"cpu.data_tlb=\xff\xfe"}) ==
          Problems{"cpu.data_tlb = \"\\ufffd\\ufffd\": must name a TLB; there are: l1d, l1i, l2"});
}

TEST_CASE("deep nesting is a problem like any other") {
    constexpr std::size_t depth = 200'000;
    std::string key = "tlbs";
    for (std::size_t i = 0; i < depth; ++i) {
        key += ".a";
    }
    CHECK(problems_with({key + "=1"}).size() == 1);

    const tests::ScratchDirectory directory;
    const std::string text =
        "{\"seed\": " + std::string(depth, '[') + std::string(depth, ']') + "}";
    CHECK(problems_of({.files = {directory.file("deep.json", text)}}).size() == 1);
}

}  // namespace mmusim::tb::problems_test
