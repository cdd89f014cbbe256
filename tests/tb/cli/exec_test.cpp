// SPDX-License-Identifier: Apache-2.0
// `P exec FILE`, from outside: real programs in the model's memory.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace mmusim::tests::exec_test {

namespace {

using nlohmann::json;

json run(const Workplace& place, const std::string& script,
         const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{
        "run",     "--preset", "plain", "--workload", place.file("day.workload", script),
        "--check", "--json",   "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = place.mmusim(arguments);
    INFO(outcome.errors);
    REQUIRE(outcome.status == 0);
    return json::parse(outcome.output);
}

// One of this machine's own, and what the tests have built.
std::vector<std::string> real_programs() {
    std::vector<std::string> programs{"/bin/true", MMUSIM_DYNAMIC_PROGRAM};
#ifdef MMUSIM_STATIC_PROGRAM
    programs.emplace_back(MMUSIM_STATIC_PROGRAM);
#endif
    return programs;
}

std::string two_processes_that_run(const std::string& program) {
    return fmt::format("process P\nP exec {0}\nprocess Q\nQ exec {0}\n", program);
}

}  // namespace

TEST_CASE("the second process that runs a program finds it in memory") {
    const std::string program = GENERATE(from_range(real_programs()));
    const Workplace place;
    const json result = run(place, two_processes_that_run(program));

    const json& first = result["steps"][1];
    const json& second = result["steps"][3];
    INFO(program);
    CHECK(first["error"].is_null());
    CHECK(first["major"] > 0);
    CHECK(second["major"] == 0);
    CHECK(second["minor"] == first["minor"].get<int>() + first["major"].get<int>());

    const json& processes = result["processes"];
    CHECK(processes[0]["rss_pages"] == processes[1]["rss_pages"]);
    CHECK(processes[0]["shared_pages"] == processes[1]["shared_pages"]);
}

TEST_CASE("a program that runs in place of another leaves nothing of it") {
    const Workplace place;
    const json result = run(place,
                            "process P\n"
                            "P map data 1MiB anon private rw\n"
                            "P write data\n"
                            "P exec /bin/true\n"
                            "P read data\n"
                            "expect signal SIGSEGV MAPERR\n"
                            "P map data 8KiB anon private rw\n"
                            "P write data\n"
                            "expect minor 2\n"
                            "P brk 12KiB\n"
                            "P write heap\n"
                            "expect minor 3 major 0 signal none\n"
                            "P fork Q\n"
                            "Q exec /bin/true\n"
                            "expect major 0 signal none error none\n"
                            "P exit\n"
                            "Q exit\n");

    CHECK(result["os"]["frames"]["anonymous"] == 0);
    CHECK(result["os"]["frames"]["page_table"] == 0);
    CHECK(result["os"]["frames"]["file"] > 0);
}

TEST_CASE("address-space layout is random by seed, or fixed") {
    const Workplace place;
    const std::string script = place.file("day.workload", two_processes_that_run("/bin/true"));
    const auto accesses = [&](const std::string& aslr, const std::string& seed) {
        const Outcome outcome =
            place.mmusim({"run", "--preset", "plain", "--workload", script, "--check", "--set",
                          "os.aslr=" + aslr, "--seed", seed, "--accesses", "accesses.csv"});
        REQUIRE(outcome.status == 0);
        return place.contents_of("accesses.csv");
    };

    CHECK(accesses("false", "1") == accesses("false", "2"));
    CHECK(accesses("true", "1") == accesses("true", "1"));
    CHECK(accesses("true", "1") != accesses("false", "1"));
    CHECK(accesses("true", "1") != accesses("true", "2"));
}

TEST_CASE("a program that cannot be read is refused by its line and its name") {
    const Workplace place;
    const std::string text = place.file("text.elf", "#!/bin/sh\necho hello\n");

    CHECK(complains(place.mmusim({"run", "--workload",
                                  place.file("missing.workload", "process P\nP exec none.elf\n")}),
                    fmt::format("{}:2: {}: is no file, expected a program",
                                place.path_of("missing.workload"), place.path_of("none.elf"))));
    CHECK(complains(place.mmusim({"run", "--workload",
                                  place.file("text.workload", "process P\n\nP exec text.elf\n")}),
                    fmt::format("{}:3: {}: found 23 21 2f 62 at the beginning, expected an ELF "
                                "file, which begins with 7f 45 4c 46",
                                place.path_of("text.workload"), text)));
}

}  // namespace mmusim::tests::exec_test
