// SPDX-License-Identifier: Apache-2.0
// Real programs, recorded under QEMU and run on the model.
#include "tests/tb/cli/program.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

namespace mmusim::tests::recorded_programs_test {

namespace {

/// A recorded program, and what its replay found.
class Replay {
  public:
    explicit Replay(const std::string& program) {
        recorded_ = workplace_.mmusim({"trace", "record", "-o", "p", "--", program, "argument"});
        script_ = workplace_.contents_of("p.workload");
        const Outcome replayed = workplace_.mmusim(
            {"run", "--check", "--workload", "p.workload", "--json", "result.json"});
        INFO(replayed.errors);
        REQUIRE(replayed.status == 0);
        result_ = workplace_.json_of("result.json");
    }

    [[nodiscard]] const Outcome& recorded() const { return recorded_; }
    [[nodiscard]] const nlohmann::json& result() const { return result_; }
    [[nodiscard]] std::vector<std::string> files() const { return workplace_.files(); }

    [[nodiscard]] bool has_line(const std::string& pattern) const {
        return std::regex_search(script_, std::regex("(^|\n)" + pattern + "\n"));
    }
    /// Of all lines that begin so.
    [[nodiscard]] std::uint64_t minor_faults_of(const std::string& start) const {
        std::uint64_t sum = 0;
        for (const nlohmann::json& step : result_.at("steps")) {
            if (step.at("text").get<std::string>().starts_with(start)) {
                sum += step.at("minor").get<std::uint64_t>();
            }
        }
        return sum;
    }

  private:
    Workplace workplace_;
    Outcome recorded_;
    std::string script_;
    nlohmann::json result_;
};

void check_memory_calls(const Replay& replay, const std::string& name) {
    const auto has = [&](const std::string& line) {
        INFO(line);
        CHECK(replay.has_line(name + line));
    };
    has(R"(\.1 map m\d+ 256KiB anon private rw at 0x[0-9a-f]+)");
    has(R"(\.1 advise m\d+ dontneed \+0x0 64KiB)");
    has(R"(\.1 protect m\d+ r \+0x20000 32KiB)");
    has(R"(\.1 unmap m\d+ \+0x38000 32KiB)");
    has(R"(\.1 grow m\d+ 128KiB)");
    has(R"(\.1 (map|grow) heap .*)");
    has(R"(\.1 map m\d+ 16KiB anon shared rw at 0x[0-9a-f]+)");
    has(R"(\.1 fork )" + name + R"(\.2)");
    has(R"(\.2 exit)");
    has(R"(\.1 map m\d+ 8KiB file )" + name + R"( offset 0KiB private r at 0x[0-9a-f]+)");
    has(R"(\.1 exit)");
}

void check_program(const std::string& path) {
    const Replay replay(path);
    CHECK(replay.recorded().status == 7);
    CHECK(replay.recorded().output == "done\n");
    CHECK(replay.files() ==
          std::vector<std::string>{"p.mmutrace.zst", "p.workload", "result.json"});

    check_memory_calls(replay, path.substr(path.rfind('/') + 1));
    for (const nlohmann::json& step : replay.result().at("steps")) {
        INFO(step.at("line") << ": " << step.at("text"));
        CHECK(step.at("signal").is_null());
        CHECK(step.at("error").is_null());
    }
    // Touched by the program and the kernel: 64 pages and 16 again, 32, 8, 4 of a pipe's, 10 and 4
    // shared, of which the child copies 10 and makes 4, 5 in a thread; and all that it begins with.
    CHECK(replay.result().at("faults").at("minor").get<std::uint64_t>() >= 157);
    CHECK(replay.result().at("faults").at("by_kind").at("cow_copy").get<std::uint64_t>() >= 10);
    CHECK(replay.result().at("faults").at("major") == 0);
}

}  // namespace

TEST_CASE("a dynamic program for x86-64 is recorded and replayed") {
    check_program(MMUSIM_USE_MEMORY);
}

#ifdef MMUSIM_USE_MEMORY_STATIC
TEST_CASE("a static program for x86-64 is recorded and replayed") {
    check_program(MMUSIM_USE_MEMORY_STATIC);
}
#endif

#ifdef MMUSIM_USE_MEMORY_RISCV
TEST_CASE("a program for RISC-V is recorded and replayed") {
    check_program(MMUSIM_USE_MEMORY_RISCV);
}
#endif

TEST_CASE("the program has its own streams, arguments and status") {
    const Workplace workplace;
    const Outcome outcome = workplace.shell(
        "echo in | $mmusim trace record -o cat -- cat - && "
        "$mmusim trace record -o sh -- sh -c 'echo $0 $1 >&2; exit 3' a b");
    CHECK(outcome.status == 3);
    CHECK(outcome.output == "in\n");
    CHECK_THAT(outcome.errors, Catch::Contains("\na b\n"));
}

TEST_CASE("a program that a signal ends is recorded up to there") {
    const Workplace workplace;
    const Outcome outcome =
        workplace.shell("$mmusim trace record -o sh -- sh -c 'kill -TERM $$'; echo $?");
    CHECK_THAT(outcome.output, Catch::EndsWith("143\n"));
    CHECK(workplace.mmusim({"run", "--workload", "sh.workload"}).status == 0);
}

TEST_CASE("a process that becomes another program ends, and its parent goes on") {
    const Workplace workplace;
    CHECK(workplace.shell("$mmusim trace record -o sh -- sh -c 'ls / > /dev/null; echo done'")
              .output == "done\n");
    const std::string script = workplace.contents_of("sh.workload");
    const std::size_t child_ends = script.find("sh.2 exit\n");
    CHECK(child_ends != std::string::npos);
    CHECK(script.find("sh.1 trace", child_ends) != std::string::npos);
    CHECK(workplace.mmusim({"run", "--workload", "sh.workload"}).status == 0);
}

TEST_CASE("a limit ends the recording and not the program") {
    const Workplace workplace;
    const Outcome outcome = workplace.mmusim(
        {"trace", "record", "-o", "p", "--limit", "1000", "--", MMUSIM_USE_MEMORY});
    CHECK(outcome.status == 7);
    CHECK(outcome.output == "done\n");
    CHECK_THAT(workplace.mmusim({"trace", "info", "p.mmutrace.zst"}).output,
               Catch::StartsWith("p.mmutrace.zst: 1,000 accesses"));
    CHECK(workplace.mmusim({"run", "--workload", "p.workload"}).status == 0);
}

TEST_CASE("what cannot be recorded leaves nothing") {
    const Workplace workplace;
    static_cast<void>(workplace.file("script", "#!/bin/sh\n"));
    CHECK(complains(workplace.shell("chmod +x script; $mmusim trace record -- ./script"),
                    "./script: is a script, expected a program: name its interpreter first"));
    CHECK(complains(workplace.mmusim({"trace", "record", "--", "no-such-program"}),
                    "no-such-program: not found, expected a program"));
    CHECK(complains(workplace.mmusim({"trace", "record", "-o", "a b", "--", "true"}),
                    "--output a b: expected a name without blanks and #"));
    CHECK(workplace.files() == std::vector<std::string>{"script"});
}

TEST_CASE("without QEMU the message names its package") {
    const Workplace workplace;
    const Outcome outcome =
        workplace.shell("PATH= $mmusim trace record -- " + std::string(MMUSIM_USE_MEMORY));
    CHECK(complains(outcome,
                    "qemu-x86_64: not found, expected QEMU for programs in PATH\n"
                    "mmusim: on Debian: apt-get install qemu-user"));
}

}  // namespace mmusim::tests::recorded_programs_test
