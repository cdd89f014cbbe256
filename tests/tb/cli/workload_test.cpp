// SPDX-License-Identifier: Apache-2.0
// `mmusim run --workload`, from outside.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tests::workload_test {

namespace {

using nlohmann::json;

constexpr std::string_view script =
    "# Two pages, touched, shared and written.\n"
    "set os.zero_page=false\n"
    "process P\n"
    "P map data 8KiB anon private rw\n"
    "P write data\n"
    "expect minor 2 major 0 signal none\n"
    "P fork Q\n"
    "Q read data\n"
    "Q write data\n"
    "expect minor 2\n"
    "Q write 0\n"
    "expect signal SIGSEGV MAPERR\n"
    "P map empty 0 anon private rw\n";

std::vector<std::string> scripts_in(std::string_view folder) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        paths.push_back(entry.path().string());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

TEST_CASE("every shipped script runs as its lines expect, and its data survives") {
    const std::string path = GENERATE(from_range(scripts_in(MMUSIM_SCRIPTS)));
    const Workplace place;

    const Outcome outcome =
        place.mmusim({"run", "--preset", "plain", "--workload", path, "--check"});

    INFO(path);
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
}

// What each line costs was measured on a Linux kernel, or follows from its source.
TEST_CASE("every rule by which Linux counts page faults holds") {
    const std::string path = GENERATE(from_range(scripts_in(MMUSIM_FAULT_RULES)));
    const Workplace place;

    const Outcome outcome =
        place.mmusim({"run", "--preset", "plain", "--workload", path, "--check"});

    INFO(path);
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
}

TEST_CASE("each line that does something is a step of the result") {
    const Workplace place;
    const std::string path = place.file("day.workload", script);

    const Outcome outcome =
        place.mmusim({"run", "--preset", "plain", "--workload", path, "--json", "-"});

    REQUIRE(outcome.status == 0);
    const json result = json::parse(outcome.output);
    CHECK(result["workload"]["script"] == path);
    const json& steps = result["steps"];
    REQUIRE(steps.size() == 8);
    CHECK(steps[0] == json{{"line", 3},
                           {"text", "process P"},
                           {"minor", 0},
                           {"major", 0},
                           {"signal", nullptr},
                           {"error", nullptr},
                           {"cycles", 0}});
    CHECK(steps[2]["minor"] == 2);
    // Two tries of 28 and 68 cycles less what the tables are that the first has made.
    CHECK(steps[2]["cycles"] == 96 + 136);
    CHECK(steps[6]["signal"] == "SIGSEGV MAPERR");
    CHECK(steps[7]["error"] == "EINVAL");
    CHECK(result["faults"]["by_kind"]["cow_copy"] == 2);
    CHECK(result["processes"][1]["name"] == "Q");
}

TEST_CASE("a line that does not do as expected ends the run, and is named") {
    const Workplace place;
    const std::string path = place.file("day.workload",
                                        "process P\n"
                                        "P map data 8KiB anon private rw\n"
                                        "P write data\n"
                                        "expect minor 3\n"
                                        "P read data\n");

    const Outcome outcome =
        place.mmusim({"run", "--preset", "plain", "--workload", path, "--json", "out.json"});

    CHECK(outcome.status == 1);
    CHECK(outcome.errors ==
          "mmusim: " + path +
              ":4: expected minor 3, found minor 2 major 0 signal none error none after line 3: P "
              "write data\n");
    CHECK(place.files() == std::vector<std::string>{"day.workload"});
}

TEST_CASE("what a call was to make and did not is not there, and the script goes on") {
    const Workplace place;
    // 16 frames, one for each process.
    std::string whole_script =
        "set memory.size_bytes=64KiB\n"
        "process A\n"
        "A map large 1TiB anon private rw\n"
        "A read large\n"
        "A read large +8\n"
        "expect signal SIGSEGV MAPERR\n"
        "A unmap large\n"
        "expect error EINVAL\n";
    for (char name = 'B'; name <= 'P'; ++name) {
        whole_script += std::string("process ") + name + "\nexpect error none\n";
    }
    whole_script +=
        "process Q\n"
        "Q map data 4KiB anon private rw\n"
        "Q read data\n"
        "expect error ESRCH\n"
        "Q read 0\n"
        "expect error ESRCH\n"
        "A fork R\n"
        "R read large +8\n"
        "expect error ESRCH\n"
        "R exit\n"
        "expect error ESRCH\n";

    const Outcome outcome =
        place.mmusim({"run", "--preset", "plain", "--workload",
                      place.file("day.workload", whole_script), "--check", "--json", "-"});

    CHECK(outcome.errors.empty());
    REQUIRE(outcome.status == 0);
    const json steps = json::parse(outcome.output)["steps"];
    const auto error_of_line = [&steps](const std::string& text) {
        const auto found = std::find_if(steps.begin(), steps.end(),
                                        [&](const json& step) { return step["text"] == text; });
        return (*found)["error"];
    };
    CHECK(error_of_line("A map large 1TiB anon private rw") == "ENOMEM");
    CHECK(error_of_line("process Q") == "ENOMEM");
    CHECK(error_of_line("Q map data 4KiB anon private rw") == "ESRCH");
    CHECK(error_of_line("A fork R") == "ENOMEM");
}

TEST_CASE("locking what may not be written copies nothing, and what others write there is seen") {
    const Workplace place;
    const std::string path = place.file("day.workload",
                                        "file F 8KiB\n"
                                        "process P\n"
                                        "P map own 8KiB file F private r\n"
                                        "P lock own\n"
                                        "process Q\n"
                                        "Q map all 8KiB file F shared rw\n"
                                        "Q write all\n"
                                        "P read own\n");

    const Outcome outcome =
        place.mmusim({"run", "--preset", "plain", "--workload", path, "--check"});

    CHECK(outcome.errors.empty());
    CHECK(outcome.status == 0);
}

TEST_CASE("what a script sets yields to --set, and to a configuration that is complete") {
    const Workplace place;
    const std::string path = place.file("day.workload",
                                        "set tlbs.l1d.ways=2\n"
                                        "set tlbs.l1d.sets=8\n"
                                        "process P\n");

    const Outcome set = place.mmusim({"run", "--preset", "plain", "--workload", path, "--set",
                                      "tlbs.l1d.ways=1", "--json", "set.json"});
    REQUIRE(set.status == 0);
    const json configuration = place.json_of("set.json")["config"];
    CHECK(configuration["tlbs"]["l1d"]["ways"] == 1);
    CHECK(configuration["tlbs"]["l1d"]["sets"] == 8);

    const Outcome dumped = place.shell("$mmusim run --preset plain --dump-config > whole.json");
    REQUIRE(dumped.status == 0);
    const Outcome complete =
        place.mmusim({"run", "-c", "whole.json", "--workload", path, "--json", "complete.json"});
    REQUIRE(complete.status == 0);
    CHECK(place.json_of("complete.json")["config"]["tlbs"]["l1d"]["sets"] == 16);
}

TEST_CASE("a script that cannot be carried out is bad input") {
    const Workplace place;

    const std::string wrong_key = place.file("key.workload", "set tlbs.l1d.way=2\nprocess P\n");
    CHECK(complains(place.mmusim({"run", "--workload", wrong_key}),
                    wrong_key + ":1: tlbs.l1d.way = 2: no such key; the nearest is tlbs.l1d.ways"));

    const std::string wrong_line = place.file("line.workload", "process P\nP wriet data\n");
    CHECK(complains(
        place.mmusim({"run", "--workload", wrong_line}),
        wrong_line +
            ":2: found \"wriet\", expected one of map, unmap, protect, move, grow, "
            "brk, lock, unlock, sync, advise, fork, exec, exit, read, write, fetch, trace; "
            "did you mean write?"));

    const std::string good = place.file("good.workload", "process P\n");
    CHECK(complains(
        place.mmusim({"run", "--workload", good, "generate:random"}),
        "run: both --workload " + good + " and trace generate:random, expected one of the two"));
    CHECK(complains(place.mmusim({"run", "--workload", "none.workload"}),
                    "none.workload: No such file or directory, expected a readable file"));
}

TEST_CASE("a script is the same bytes each time") {
    const Workplace place;
    const std::string path = place.file("day.workload", script);
    const std::vector<std::string> arguments{"run", "--workload", path, "--json", "-"};

    const Outcome once = place.mmusim(arguments);

    REQUIRE(once.status == 0);
    CHECK(place.mmusim(arguments).output == once.output);
    std::vector<std::string> checked = arguments;
    checked.emplace_back("--check");
    CHECK(place.mmusim(checked).output == once.output);
}

}  // namespace mmusim::tests::workload_test
