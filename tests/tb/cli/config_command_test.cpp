// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace mmusim::tests::config_command_test {

TEST_CASE("config list names each preset with what it is and where it comes from, a line each") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim({"config", "list"});
    CHECK(outcome.status == 0);
    CHECK(outcome.errors.empty());
    CHECK(outcome.output.find("plain                the smallest exact machine: every cycle can be "
                              "worked out by hand\n"
                              "                     by definition\n"
                              "rocket  ") != std::string::npos);
}

TEST_CASE("config show prints a machine that can be run as it is printed") {
    const Workplace workplace;
    const Outcome shown =
        workplace.shell("$mmusim config show --preset rocket --set tlbs.l1d.ways=8 > shown.json");
    CHECK(shown.status == 0);
    const Outcome of_layers = workplace.mmusim(
        {"run", "--preset", "rocket", "--set", "tlbs.l1d.ways=8", "--dump-config"});
    const Outcome of_shown = workplace.mmusim({"run", "-c", "shown.json", "--dump-config"});
    CHECK(of_shown.status == 0);
    CHECK(of_shown.output == of_layers.output);
    const std::string text = workplace.contents_of("shown.json");
    CHECK(text.find("\"ways\": 8,  // --set tlbs.l1d.ways=8\n") != std::string::npos);
    CHECK(text.find("// chipsalliance/rocket-chip, ") != std::string::npos);
    CHECK(text.find("\"asid_bits\": 0  // unverified\n") != std::string::npos);
}

TEST_CASE("config show answers what it cannot show as run does") {
    const Workplace workplace;
    CHECK(complains(workplace.mmusim({"config", "show", "--preset", "plain", "--set", "seed=x"}),
                    "seed = \"x\": must be a whole number from 0 to 18446744073709551615"));
    CHECK(complains(workplace.mmusim({"config", "show", "-c", "none.json"}),
                    "none.json: cannot be read: No such file or directory"));
}

TEST_CASE("config schema prints JSON") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim({"config", "schema"});
    CHECK(outcome.status == 0);
    const auto schema = nlohmann::json::parse(outcome.output);
    CHECK(schema["additionalProperties"] == false);
    CHECK(schema["properties"]["tlbs"]["type"] == "object");
}

TEST_CASE("config check says which files are well") {
    const Workplace workplace;
    static_cast<void>(workplace.file("a.json", R"({"tlbs": {"l1d": {"ways": 8}}})"));
    static_cast<void>(workplace.file("b.json", R"({"seed": 3})"));
    const Outcome outcome = workplace.mmusim({"config", "check", "a.json", "b.json"});
    CHECK(outcome.status == 0);
    CHECK(outcome.output == "a.json: ok\nb.json: ok\n");
    CHECK(outcome.errors.empty());
}

TEST_CASE("config check says all that is wrong in all files") {
    const Workplace workplace;
    static_cast<void>(workplace.file("a.json", R"({"tlbs": {"l1d": {"ways": 0, "sats": 1}}})"));
    static_cast<void>(workplace.file("b.json", R"({"seed": 3})"));
    static_cast<void>(workplace.file("c.json", R"({"tlbs": {"l2": {"next": "l3"}}})"));
    static_cast<void>(workplace.file("d.json", "{"));
    const Outcome outcome =
        workplace.mmusim({"config", "check", "a.json", "b.json", "c.json", "d.json"});
    CHECK(outcome.status == 2);
    CHECK(outcome.output == "b.json: ok\n");
    CHECK(outcome.errors ==
          "mmusim: a.json: tlbs.l1d.sats = 1: no such key; the nearest is tlbs.l1d.sets\n"
          "mmusim: a.json: tlbs.l1d.ways = 0: must be a whole number from 1 to 4096\n"
          "mmusim: c.json: tlbs.l2.next = \"l3\": must name a TLB or the walker; there are: l1d, "
          "l1i, l2, walker\n"
          "mmusim: d.json:1: syntax error while parsing object key - unexpected end of input; "
          "expected string literal\n");
}

TEST_CASE("config check lays a file over the preset that it is for") {
    const Workplace workplace;
    static_cast<void>(workplace.file("a.json", R"({"paging": {"asid_bits": 12}})"));
    CHECK(workplace.mmusim({"config", "check", "a.json"}).status == 0);
    CHECK(complains(workplace.mmusim({"config", "check", "--preset", "cva6-sv32", "a.json"}),
                    "a.json: paging.asid_bits = 12: must be at most 9 in sv32"));
    CHECK(workplace.mmusim({"config", "check"}).status == 2);
}

}  // namespace mmusim::tests::config_command_test
