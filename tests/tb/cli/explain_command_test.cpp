// SPDX-License-Identifier: Apache-2.0
// The story of one address, against figures that were worked out by hand, and against the figures
// of the whole run: what the stories of all pages tell sums up to them.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mmusim::tests::explain_command_test {

namespace {

using nlohmann::json;

const std::vector<std::string> small_machine{
    "--preset", "plain",           "--set", "tlbs.l1d.sets=2",
    "--set",    "tlbs.l1d.ways=1", "--set", "stats.miss_kinds=true"};

std::vector<std::string> joined(std::vector<std::string> some,
                                const std::vector<std::string>& more) {
    some.insert(some.end(), more.begin(), more.end());
    return some;
}

json story_of(const Workplace& workplace, const std::string& address,
              const std::vector<std::string>& arguments) {
    const Outcome outcome =
        workplace.mmusim(joined({"explain", address, "--json", "-"}, arguments));
    INFO(outcome.errors);
    REQUIRE(outcome.status == 0);
    return json::parse(outcome.output);
}

bool has_line(const Outcome& outcome, const std::string& line) {
    return ('\n' + outcome.output).find('\n' + line + '\n') != std::string::npos;
}

// Two pages that the direct-mapped l1d keeps in one set, and at the end an access that begins in
// the first of them and ends in a third.
const std::string fight =
    " L 40000000,8\n"   // cycle 0: a fault, 28 + 68
    " L 40002000,8\n"   // cycle 96: a fault, 68 + 68; takes the place of the first
    " L 40000000,8\n"   // cycle 232: l2 has it, 8
    " S 40002000,8\n"   // cycle 240: l2 has it, 8
    " L 40000008,8\n"   // cycle 248: l2 has it, 8
    " L 40000ffc,8\n";  // cycle 256: 1

}  // namespace

TEST_CASE("two pages that fight for one set: the story as it is worked out by hand") {
    const Workplace workplace;
    static_cast<void>(workplace.file("fight.lackey", fight));
    const json document =
        story_of(workplace, "0x40000234", joined(small_machine, {"fight.lackey"}));
    CHECK(document.at("schema") == "mmusim-explanation");
    CHECK(document.at("schema_version") == 1);
    CHECK(document.at("address") == "0x40000234");
    REQUIRE(document.at("processes").size() == 1);
    const json& story = document.at("processes").at(0);
    CHECK(story.at("process") == "fight.lackey");
    CHECK(story.at("accesses") == 4);
    CHECK(story.at("translations") == 4);
    CHECK(story.at("breakdown_cycles").at("total") == 96 + 8 + 8 + 1);
    CHECK(story.at("breakdown_cycles").at("pte_read") == 20 + 60);
    CHECK(story.at("classes").at("minor_fault") == json{{"count", 1}, {"cycles", 96}});
    CHECK(story.at("classes").at("l2_hit") == json{{"count", 2}, {"cycles", 16}});
    CHECK(story.at("classes").at("l1_hit") == json{{"count", 1}, {"cycles", 1}});

    const json& l1d = story.at("tlbs").at("l1d");
    CHECK(l1d.at("watched_sets") == json{{{"page_size", "4KiB"}, {"set", 0}, {"pages", 2}}});
    CHECK(l1d.at("lookups") == 5);
    CHECK(l1d.at("hits") == 1);
    CHECK(l1d.at("misses_by_cause").at("first") == 1);
    CHECK(l1d.at("misses_by_cause").at("retry") == 1);
    CHECK(l1d.at("misses_by_cause").at("evicted") == 2);
    CHECK(l1d.at("miss_kinds") == json{{"compulsory", 1}, {"capacity", 0}, {"conflict", 2}});
    REQUIRE(l1d.at("evicted_by").size() == 1);
    CHECK(l1d.at("evicted_by").at(0).at("address") == "0x40002000");
    CHECK(l1d.at("evicted_by").at(0).at("count") == 2);
    CHECK(l1d.at("evicted").at(0).at("address") == "0x40002000");
    CHECK(l1d.at("evicted").at(0).at("count") == 2);
    // In it from 96 to 232, from 240 to 248, and from 256 to the end of the run: the second part of
    // the last access takes 68 cycles up to its fault and 68 after it.
    CHECK(l1d.at("cycles_held") == 136 + 8 + 137);
    CHECK(l1d.at("held_at_end") == true);

    const json& fault = story.at("faults").at("first").at(0);
    CHECK(fault.at("kind") == "anonymous_zero");
    CHECK(fault.at("cycle") == 28);
    CHECK(fault.at("access") == 0);

    const json& walk = story.at("at_end").at("walk");
    REQUIRE(walk.size() == 3);
    CHECK(walk.at(0) == json{{"level", 2},
                             {"address", "0x8"},
                             {"value", "0x0000000000000401"},
                             {"flags", "V-------"},
                             {"leads_to", "leads to table 0x1000"}});
    CHECK(walk.at(2).at("flags") == "VRWXU-AD");
    CHECK(story.at("at_end").at("translation").at("physical_address") == "0x3234");
}

TEST_CASE("the text says the same, for people") {
    const Workplace workplace;
    static_cast<void>(workplace.file("fight.lackey", fight));
    const Outcome outcome = workplace.mmusim(
        joined({"explain", "0x40000234"}, joined(small_machine, {"fight.lackey"})));
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    for (const std::string line :
         {"address: VPN[2] 1, VPN[1] 0, VPN[0] 0, offset 0x234", "Process fight.lackey, ASID 0",
          "region at the end: 0x0-0x4000000000 rwxp anonymous memory",
          "4 of the run's 6 accesses, 66.67 %: read 4",
          "  level 1        0x1000    0x0000000000000801  V-------  leads to table 0x2000",
          "  0x40000234 is at 0x3234, in a 4KiB page at 0x3000",
          "  l1d: missed: first 1, evicted 2, retry 1",
          "  l1d: misses by kind: compulsory 1, conflict 2", "  l1d: evicted by 0x40002000 2",
          "     232  l1d evicts it from set 0, way 0 for 0x40002000",
          "     240  l1d takes it in: set 0, way 0, 4KiB page at 0x3000, in place of 0x40002000"}) {
        INFO(outcome.output);
        INFO(line);
        CHECK(has_line(outcome, line));
    }
}

namespace {

// Pages that get into each other's way, some accesses across two of them.
std::string random_accesses() {
    constexpr unsigned accesses = 400;
    std::uint64_t state = 12345;
    std::string text;
    for (unsigned number = 0; number < accesses; ++number) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        const std::uint64_t page = state >> 40U & 7U;
        const std::uint64_t offset = (state >> 50U & 15U) == 0 ? 0xffcU : state >> 54U & 0xf8U;
        text += fmt::format(" {} {:x},8\n", (state >> 62U & 1U) == 0 ? 'L' : 'S',
                            0x4000'0000U + (page << 12U) + offset);
    }
    return text;
}

using Sums = std::map<std::string, std::uint64_t>;

void add_up(Sums& sums, const json& numbers) {
    for (const auto& [name, value] : numbers.items()) {
        if (value.is_number_unsigned()) {
            sums[name] += value.get<std::uint64_t>();
        }
    }
}

std::uint64_t sum_of(const json& numbers) {
    std::uint64_t sum = 0;
    for (const json& value : numbers) {
        sum += value.get<std::uint64_t>();
    }
    return sum;
}

}  // namespace

TEST_CASE("what the stories of all pages tell sums up to the figures of the run") {
    const std::vector<std::string> machine = GENERATE(
        std::vector<std::string>{}, std::vector<std::string>{"tlbs.l2.inclusion=inclusive"},
        std::vector<std::string>{"tlbs.l2.inclusion=exclusive", "cpu.max_outstanding=4",
                                 "tlbs.l1d.mshrs=4", "tlbs.l2.mshrs=4"});
    std::vector<std::string> arguments =
        joined(small_machine, {"--set", "tlbs.l2.sets=2", "--set", "tlbs.l2.ways=2", "--set",
                               "walk_cache.enabled=true", "--warmup", "50", "random.lackey"});
    for (const std::string& setting : machine) {
        arguments.insert(arguments.begin(), {"--set", setting});
    }
    const Workplace workplace;
    static_cast<void>(workplace.file("random.lackey", random_accesses()));
    REQUIRE(workplace.mmusim(joined({"run", "--json", "run.json"}, arguments)).status == 0);
    const json run = workplace.json_of("run.json");

    Sums sums;
    Sums cycles;
    Sums kinds;
    Sums retries;
    std::map<std::string, Sums> tlb_sums;
    std::map<std::string, Sums> miss_kinds;
    for (unsigned page = 0; page <= 8; ++page) {
        const std::string address = fmt::format("{:#x}", 0x4000'0000U + page * 4096U + 16U);
        const json story = story_of(workplace, address, arguments).at("processes").at(0);
        add_up(sums, {{"translations", story.at("translations")},
                      {"walks", story.at("walker").at("walks")},
                      {"entries_read", story.at("walker").at("entries_read")},
                      {"faults", story.at("faults").at("count")}});
        add_up(cycles, story.at("breakdown_cycles"));
        add_up(kinds, story.at("faults").at("by_kind"));
        for (const auto& [name, tlb] : story.at("tlbs").items()) {
            add_up(tlb_sums[name], tlb);
            add_up(tlb_sums[name], {{"removals", sum_of(tlb.at("removals"))}});
            add_up(miss_kinds[name], tlb.at("miss_kinds"));
            retries[name] += tlb.at("misses_by_cause").at("retry").get<std::uint64_t>();
            CHECK(sum_of(tlb.at("misses_by_cause")) == tlb.at("misses"));
        }
    }
    CHECK(sums.at("translations") == run.at("totals").at("translations"));
    CHECK(sums.at("walks") == run.at("walker").at("walks"));
    CHECK(sums.at("entries_read") == run.at("walker").at("pte_reads"));
    CHECK(json(cycles) == run.at("breakdown_cycles"));
    for (const auto& [kind, count] : run.at("faults").at("by_kind").items()) {
        INFO(kind);
        CHECK(kinds.at(kind) == count);
    }
    for (const std::string name : {"l1d", "l2"}) {
        INFO(name);
        const json& whole = run.at("tlbs").at(name);
        for (const std::string figure : {"lookups", "hits", "misses", "fills", "evictions"}) {
            INFO(figure);
            CHECK(tlb_sums.at(name).at(figure) == whole.at(figure));
        }
        CHECK(tlb_sums.at(name).at("removals") ==
              sum_of({whole.at("invalidations"), whole.at("back_invalidations"),
                      whole.at("promotions")}));
        CHECK(retries.at(name) == whole.at("retry_misses"));
        CHECK(json(miss_kinds.at(name)) == whole.at("miss_kinds"));
    }
}

TEST_CASE("an address in a huge page is followed through the huge page, and what is beside it") {
    const Workplace workplace;
    const std::string script = workplace.file("huge.workload",
                                              "set os.thp=always\n"
                                              "process p\n"
                                              "p map big 4MiB anon private rw at 0x40000000\n"
                                              "p write big +0x3000\n"   // 76: a fault maps 2 MiB
                                              "p read big +0x1000\n"    // 1
                                              "p read big +0x200000\n"  // the second 2 MiB
                                              "fence\n"
                                              "p read big +0x5000\n");
    const json story =
        story_of(workplace, "0x40001010", {"--preset", "plain", "--workload", script})
            .at("processes")
            .at(0);
    CHECK(story.at("translations") == 3);
    CHECK(story.at("translations_of_base_page") == 1);
    CHECK(story.at("by_page_size") == json{{"2MiB", 3}});
    CHECK(story.at("at_end").at("walk").size() == 2);
    CHECK(story.at("at_end").at("translation").at("page_size") == "2MiB");
    const json& l1d = story.at("tlbs").at("l1d");
    CHECK(l1d.at("misses_by_cause").at("first") == 1);
    CHECK(l1d.at("misses_by_cause").at("fenced") == 1);
    CHECK(l1d.at("hits") == 1);
    CHECK(l1d.at("fills") == 2);
    CHECK(l1d.at("removals").at("fence") == 1);
}

TEST_CASE("fork, copy on write and exit: each process has its own story of the address") {
    const Workplace workplace;
    const std::string script = workplace.file("cow.workload",
                                              "process parent\n"
                                              "parent map data 8KiB anon private rw\n"
                                              "parent write data\n"
                                              "parent fork child\n"
                                              "child write data +0\n"
                                              "parent write data +0\n"
                                              "child exit\n"
                                              "parent unmap data\n");
    const json document =
        story_of(workplace, "0x40000010",
                 {"--preset", "plain", "--set", "os.fault_entry_cycles=100", "--workload", script});
    REQUIRE(document.at("processes").size() == 2);
    const json& parent = document.at("processes").at(0);
    const json& child = document.at("processes").at(1);

    CHECK(parent.at("faults").at("by_kind").at("anonymous_zero") == 1);
    CHECK(parent.at("faults").at("by_kind").at("cow_reuse") == 1);
    CHECK(parent.at("faults").at("cycles").at("fault_entry") == 200);
    CHECK(parent.at("exited") == false);
    CHECK(parent.at("at_end").at("region").is_null());
    CHECK(parent.at("last_mapped").at("region").at("perms") == "rw-p");
    CHECK(parent.at("tlbs").at("l1d").at("misses_by_cause").at("fenced") == 1);
    std::vector<std::string> changes;
    for (const json& event : parent.at("events").at("first")) {
        if (event.at("kind") == "change") {
            changes.push_back(event.at("words"));
        }
    }
    CHECK(changes ==
          std::vector<std::string>{
              "line 2, parent map data 8KiB anon private rw: its region is 0x40000000-0x40002000 "
              "rw-p",
              "anonymous_zero fault at 0x40000000: its entry of level 0 is VRW-U-AD, 4KiB page at "
              "0x3000",
              "line 4, parent fork child: its entry of level 0 is VR--U-AD, 4KiB page at 0x3000",
              "cow_reuse fault at 0x40000000: its entry of level 0 is VRW-U-AD, 4KiB page at "
              "0x3000",
              "line 8, parent unmap data: its region is gone; its entry of level 2 is --------, "
              "not valid: nothing is here"});

    CHECK(child.at("process") == "child");
    CHECK(child.at("exited") == true);
    CHECK(child.at("at_end").is_null());
    CHECK(child.at("faults").at("by_kind").at("cow_copy") == 1);
    CHECK(child.at("last_mapped").at("translation").at("physical_address") == "0x8010");

    const json only = story_of(workplace, "0x40000010",
                               {"--preset", "plain", "--process", "child", "--workload", script});
    REQUIRE(only.at("processes").size() == 1);
    CHECK(only.at("processes").at(0).at("process") == "child");
}

TEST_CASE("processes that take one ASID in turns are told apart") {
    const std::string bits = GENERATE("0", "1");
    const Workplace workplace;
    std::string script;
    for (const std::string process : {"a", "b", "c"}) {
        script +=
            fmt::format("process {0}\n{0} map m 4KiB anon private rw at 0x40000000\n", process);
    }
    script += "a write m\nb write m\nc write m\na read m\na read m\n";
    static_cast<void>(workplace.file("three.workload", script));
    const json document = story_of(
        workplace, "0x40000000",
        {"--preset", "plain", "--set", "paging.asid_bits=" + bits, "--workload", "three.workload"});
    REQUIRE(document.at("processes").size() == 3);
    std::vector<std::uint64_t> translations;
    std::vector<std::uint64_t> fills;
    for (const json& story : document.at("processes")) {
        translations.push_back(story.at("translations").get<std::uint64_t>());
        fills.push_back(story.at("tlbs").at("l1d").at("fills").get<std::uint64_t>());
        CHECK(story.at("tlbs").at("l1d").at("misses_by_cause").at("first") == 1);
    }
    CHECK(translations == std::vector<std::uint64_t>{3, 1, 1});
    CHECK(fills == std::vector<std::uint64_t>{2, 1, 1});
}

TEST_CASE("of many processes the text tells eight and names the others, and the JSON tells all") {
    const Workplace workplace;
    std::string script;
    for (unsigned number = 0; number < 10; ++number) {
        script += fmt::format(
            "process p{0}\np{0} map m 4KiB anon private rw at 0x40000000\n"
            "p{0} write m\n",
            number);
    }
    static_cast<void>(workplace.file("ten.workload", script));
    const std::vector<std::string> arguments{"--preset", "plain", "--workload", "ten.workload"};
    CHECK(story_of(workplace, "0x40000000", arguments).at("processes").size() == 10);
    const Outcome text = workplace.mmusim(joined({"explain", "0x40000000"}, arguments));
    CHECK(has_line(text, "Process p7, ASID 7"));
    CHECK_FALSE(has_line(text, "Process p8, ASID 8"));
    CHECK(has_line(text, "Not told, for --process: p8, ASID 8 (1 access); p9, ASID 9 (1 access)"));
    const Outcome by_asid =
        workplace.mmusim(joined({"explain", "0x40000000", "--process", "8"}, arguments));
    CHECK(has_line(by_asid, "Process p8, ASID 8"));
    CHECK_FALSE(has_line(by_asid, "Process p0, ASID 0"));
}

TEST_CASE("a page in swap says so") {
    const Workplace workplace;
    const std::string script = workplace.file("swap.workload",
                                              "set os.user_frames=4\n"
                                              "set os.swap.size_bytes=1MiB\n"
                                              "set os.page_replacement=fifo\n"
                                              "process p\n"
                                              "p map m 32KiB anon private rw at 0x40000000\n"
                                              "p write m\n");
    const json story =
        story_of(workplace, "0x40000000", {"--preset", "plain", "--workload", script})
            .at("processes")
            .at(0);
    CHECK(story.at("at_end").at("translation").is_null());
    CHECK(story.at("at_end")
              .at("walk")
              .back()
              .at("leads_to")
              .get<std::string>()
              .find("not valid: in swap, slot ") == 0);
    CHECK(story.at("at_end").at("region").at("perms") == "rw-p");
}

TEST_CASE("an address that is never accessed is said to be so, with its region and its walk") {
    const Workplace workplace;
    static_cast<void>(workplace.file("fight.lackey", fight));
    const Outcome outcome =
        workplace.mmusim({"explain", "0x40005000", "--preset", "plain", "fight.lackey"});
    CHECK(outcome.status == 0);
    CHECK(has_line(outcome, "It was never accessed."));
    CHECK(has_line(outcome, "region at the end: 0x0-0x4000000000 rwxp anonymous memory"));
    CHECK(has_line(outcome, "  stops with a page fault: the entry is not valid"));
}

TEST_CASE("no figure of the run is another because somebody asks") {
    const Workplace workplace;
    static_cast<void>(workplace.file("random.lackey", random_accesses()));
    REQUIRE(workplace.mmusim({"run", "--json", "run.json", "random.lackey"}).status == 0);
    const json run = workplace.json_of("run.json");
    const json document = story_of(workplace, "0x40000000", {"random.lackey"});
    CHECK(document.at("run").at("cycles") == run.at("totals").at("cycles"));
    CHECK(document.at("run").at("breakdown_cycles") == run.at("breakdown_cycles"));
    CHECK(document.at("config") == run.at("config"));
}

TEST_CASE("the first events and faults are told, as many as are asked for, and all are counted") {
    const Workplace workplace;
    static_cast<void>(workplace.file("random.lackey", random_accesses()));
    const auto events_with = [&](const std::string& limit) {
        return story_of(workplace, "0x40000000",
                        joined(small_machine, {"--events-limit", limit, "random.lackey"}))
            .at("processes")
            .at(0)
            .at("events");
    };
    const json all = events_with("0");
    const json three = events_with("3");
    CHECK(all.at("first").size() == all.at("count"));
    CHECK(all.at("first").size() > 20);
    CHECK(three.at("count") == all.at("count"));
    REQUIRE(three.at("first").size() == 3);
    for (std::size_t event = 0; event < 3; ++event) {
        CHECK(three.at("first").at(event) == all.at("first").at(event));
    }
}

TEST_CASE("an explanation of what is no address, or of nothing, is refused") {
    const Workplace workplace;
    static_cast<void>(workplace.file("fight.lackey", fight));
    const auto explained = [&](const std::vector<std::string>& arguments) {
        return workplace.mmusim(joined({"explain"}, arguments));
    };
    CHECK(complains(explained({"0x8000000000", "fight.lackey"}),
                    "0x8000000000: no address of sv39, expected one of 39 bits, all above like the "
                    "top one"));
    CHECK(complains(
        explained({"0x100000000", "--set", "paging.mode=sv32", "--set", "paging.svnapot=false",
                   "--set", "paging.svpbmt=false", "--set", "paging.asid_bits=9", "--set",
                   "memory.size_bytes=1GiB", "fight.lackey"}),
        "0x100000000: no address of sv32, expected one of 32 bits"));
    CHECK(complains(explained({"0x1000"}),
                    "explain: no trace, expected at least one TRACE, or --workload FILE"));
    CHECK(complains(explained({"0x40000000", "--process", "nobody", "fight.lackey"}),
                    "--process nobody: the run has no such process, expected fight.lackey (ASID "
                    "0)"));
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"page", "fight.lackey"}, {"-1", "fight.lackey"}, {}}) {
        CHECK(explained(arguments).status == 2);
    }
    CHECK(explained({"0x40000000", "--json", "story.json", "missing.lackey"}).status == 2);
    CHECK(workplace.files() == std::vector<std::string>{"fight.lackey"});
}

}  // namespace mmusim::tests::explain_command_test
