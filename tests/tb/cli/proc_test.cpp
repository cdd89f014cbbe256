// SPDX-License-Identifier: Apache-2.0
// Memory as Linux shows it: in the JSON, and as text with --proc.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tests::proc_test {

namespace {

using nlohmann::json;

// What each process has at the end can be worked out by hand.
constexpr std::string_view script =
    "set os.swap.size_bytes=1MiB\n"
    "file library 16KiB warm\n"
    "process P\n"
    "P map data 16KiB anon private rw\n"
    "P map text 16KiB file library private rx\n"
    "P map segment 8KiB shm board shared rw\n"
    "P write data\n"
    "P fetch text\n"
    "P write segment\n"
    "P fork Q\n"
    "Q write data +0 count 1\n"
    "P advise segment pageout\n"
    "process R\n"
    "R map data 4KiB anon private rw\n"
    "R write data\n"
    "R exit\n";

std::vector<std::string> arguments_for(const Workplace& place,
                                       const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"run", "--preset", "plain", "--workload",
                                       place.file("day.workload", script)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

}  // namespace

TEST_CASE("the result shows maps, smaps, statm and page tables of each process") {
    const Workplace place;
    const Outcome outcome = place.mmusim(arguments_for(place, {"--json", "-", "--check"}));
    REQUIRE(outcome.status == 0);
    const json processes = json::parse(outcome.output)["processes"];

    const json& parent = processes[0];
    REQUIRE(parent["maps"].size() == 3);
    CHECK(parent["maps"][0] == json{{"start", 0x40000000},
                                    {"end", 0x40004000},
                                    {"perms", "rw-p"},
                                    {"offset", 0},
                                    {"object", "anonymous"},
                                    {"name", ""},
                                    {"rss", 4 * 4096},
                                    {"pss", 4096 + 3 * 2048},
                                    {"swap", 0}});
    CHECK(parent["maps"][1]["name"] == "library");
    CHECK(parent["maps"][1]["perms"] == "r-xp");
    CHECK(parent["maps"][1]["rss"] == 4 * 4096);
    CHECK(parent["maps"][2]["object"] == "shared_memory");
    CHECK(parent["maps"][2]["rss"] == 0);
    CHECK(parent["maps"][2]["swap"] == 2 * 4096);
    CHECK(parent["smaps"]["private_dirty"] == 4096);
    CHECK(parent["smaps"]["shared_dirty"] == 3 * 4096);
    CHECK(parent["smaps"]["private_clean"] == 4 * 4096);
    CHECK(parent["statm"] ==
          json{{"total", 10}, {"resident", 8}, {"shared", 4}, {"text", 0}, {"data", 4}});
    CHECK(parent["page_tables"]["pages_by_level"] == json{3, 1, 1});
    CHECK(parent["page_tables"]["flat_bytes"] == 512 << 20);
    CHECK(parent["exited"] == false);

    // The child faults for what is not its own, and has not.
    CHECK(processes[1]["smaps"]["rss"] == 4 * 4096);
    CHECK(processes[1]["smaps"]["swap"] == 2 * 4096);
    CHECK(processes[1]["statm"]["shared"] == 0);
    CHECK(processes[2]["exited"] == true);
    CHECK(processes[2]["maps"] == json::array());
}

TEST_CASE("the result has vmstat and the list of shared memory") {
    const Workplace place;
    const Outcome outcome = place.mmusim(arguments_for(place, {"--json", "-"}));
    REQUIRE(outcome.status == 0);
    const json result = json::parse(outcome.output);
    const json& os = result["os"];

    CHECK(os["shared_memory"] == json::array({{{"name", "board"},
                                               {"bytes", 8192},
                                               {"attached", 2},
                                               {"resident_pages", 0},
                                               {"swapped_pages", 2}}}));
    const json& vmstat = os["vmstat"];
    CHECK(vmstat["pswpout"] == 2);
    CHECK(vmstat["pgpgout"] == 8);
    CHECK(vmstat["pgpgin"] == 16);
    CHECK(vmstat["pgsteal"] == 2);
    CHECK(vmstat["pgfault"] == result["faults"]["minor"]);
    CHECK(vmstat["pgalloc"].get<std::uint64_t>() - vmstat["pgfree"].get<std::uint64_t>() ==
          os["frames"]["total"].get<std::uint64_t>() - os["frames"]["free"].get<std::uint64_t>());
}

TEST_CASE("with --proc the same follows the report as text, and the result stays the same") {
    const Workplace place;
    const Outcome plain = place.mmusim(arguments_for(place, {"--json", "plain.json"}));
    const Outcome outcome = place.mmusim(arguments_for(place, {"--proc", "--json", "proc.json"}));
    REQUIRE(outcome.status == 0);
    CHECK(outcome.errors.empty());

    REQUIRE_THAT(outcome.output, Catch::StartsWith(plain.output));
    const std::string added = outcome.output.substr(plain.output.size());
    CHECK_THAT(added, Catch::StartsWith("\n/proc/1/maps: P\n"
                                        "40000000-40004000 rw-p 00000000 00:00 0\n"));
    CHECK_THAT(added, Catch::Contains("/proc/2/smaps_rollup: Q\nSize:                 40 kB\n"
                                      "Rss:                  16 kB\n"));
    CHECK_THAT(added, Catch::Contains("/proc/1/statm: P\n10 8 4 0 0 4 0\n"));
    CHECK_THAT(added, Catch::Contains("/proc/3: R has exited\n"));
    CHECK_THAT(added, Catch::Contains("\npswpout 2\n"));
    CHECK_THAT(added, Catch::Contains("  board"));
    CHECK(place.contents_of("proc.json") == place.contents_of("plain.json"));
}

TEST_CASE("with --json - there is JSON on standard output, also with --proc") {
    const Workplace place;
    const Outcome outcome = place.mmusim(arguments_for(place, {"--proc", "--json", "-"}));
    REQUIRE(outcome.status == 0);
    CHECK(json::parse(outcome.output)["schema"] == "mmusim-result");
}

}  // namespace mmusim::tests::proc_test
