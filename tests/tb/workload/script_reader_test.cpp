// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_reader.hpp"

#include "hw/base/enumeration.hpp"
#include "hw/base/types.hpp"
#include "tests/support/input_error.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb::script_reader_test {

using namespace literals;
using tests::input_error_of;

namespace {

/// Three lines after which most others make sense.
const std::string preamble =
    "file F 64KiB\n"
    "process P\n"
    "P map R 64KiB anon private rw\n";

[[nodiscard]] ScriptStep last_step_of(const std::string& text) {
    return parse_script(text, "scripts/day.workload").steps.back();
}

struct LineRow {
    std::string line;
    ScriptCommand command;
};

void check_each(const std::vector<LineRow>& table) {
    for (const LineRow& row : table) {
        INFO(row.line);
        CHECK((last_step_of(preamble + row.line).command == row.command));
    }
}

[[nodiscard]] Problems problems_of(const std::string& text) {
    try {
        static_cast<void>(parse_script(text, "day"));
    } catch (const ScriptError& error) {
        return error.problems();
    }
    return {};
}

struct ProblemRow {
    std::string line;
    std::string problem;
};

/// The problems of single lines after the preamble, without where they are.
void check_each(const std::vector<ProblemRow>& table) {
    for (const ProblemRow& row : table) {
        INFO(row.line);
        CHECK(problems_of(preamble + row.line) == Problems{"day:4: " + row.problem});
    }
}

[[nodiscard]] NamedRegion region_with(std::optional<RegionPart> part) {
    return {.process = "P", .region = "R", .part = part};
}

const NamedRegion whole_region = region_with(std::nullopt);
constexpr RegionPart second_page{.offset = 4_KiB, .bytes = 4_KiB};
constexpr sw::Rights read_only{.read = true};
constexpr sw::Rights read_write{.read = true, .write = true};
constexpr sw::Rights read_execute{.read = true, .execute = true};

/// `P map M 64KiB anon private rw`
[[nodiscard]] MapCommand anonymous_mapping() {
    return {.process = "P", .region = "M", .bytes = 64_KiB, .rights = read_write};
}

[[nodiscard]] MapCommand mapping_with_rights(sw::Rights rights) {
    MapCommand command = anonymous_mapping();
    command.rights = rights;
    return command;
}

[[nodiscard]] MapCommand file_mapping(std::uint64_t offset, sw::Sharing sharing) {
    MapCommand command = mapping_with_rights(read_only);
    command.backing = FileBacking{.file = "F", .offset = offset};
    command.sharing = sharing;
    return command;
}

[[nodiscard]] AccessCommand accesses(AccessType type, const RegionAccesses& where) {
    return {.process = "P", .type = type, .where = where};
}

[[nodiscard]] std::string only_problem_of(const std::string& text) {
    const Problems problems = problems_of(text);
    REQUIRE(problems.size() == 1);
    return problems.front();
}

}  // namespace

TEST_CASE("lines that begin with no process", "[script_reader]") {
    using Action = FileActionCommand::Action;
    check_each({
        {"file G 1M", FileCommand{.file = "G", .bytes = 1_MiB}},
        {"file G 10000 cold", FileCommand{.file = "G", .bytes = 10000}},
        {"file G 0x1000 warm", FileCommand{.file = "G", .bytes = 4096, .warm = true}},
        {"file G 0", FileCommand{.file = "G", .bytes = 0}},
        {"process Q", ProcessCommand{"Q"}},
        {"sync F", FileActionCommand{.file = "F", .action = Action::sync}},
        {"drop F", FileActionCommand{.file = "F", .action = Action::drop}},
        {"warm F", FileActionCommand{.file = "F", .action = Action::warm}},
        {"fence", FenceCommand{}},
        {"fence P", FenceCommand{.process = "P"}},
        {"fence 0x40000000", FenceCommand{.address = VirtualAddress{0x40000000}}},
        {"fence P 1GiB", FenceCommand{.process = "P", .address = VirtualAddress{1_GiB}}},
        {"wait 1000", WaitCommand{Cycles{1000}}},
    });
}

TEST_CASE("lines that map anonymous memory", "[script_reader]") {
    MapCommand shared = anonymous_mapping();
    shared.sharing = sw::Sharing::shared;
    MapCommand placed = anonymous_mapping();
    placed.at = VirtualAddress{0x50000000};
    MapCommand with_all = placed;
    with_all.populate = true;
    with_all.locked = true;
    with_all.grows_down = true;
    MapCommand huge = anonymous_mapping();
    huge.page_size = PageSize{21};
    MapCommand largest = placed;
    largest.page_size = PageSize{30};
    check_each({
        {"P map M 64KiB anon private rw pages 2MiB", huge},
        {"P map M 64KiB anon private rw pages 1GiB at 0x50000000", largest},
        {"P map M 64KiB anon private rw", anonymous_mapping()},
        {"P map M 64KiB anon shared rw", shared},
        {"P map M 64KiB anon private none", mapping_with_rights({})},
        {"P map M 64KiB anon private r", mapping_with_rights(read_only)},
        {"P map M 64KiB anon private rx", mapping_with_rights(read_execute)},
        {"P map M 64KiB anon private rwx", mapping_with_rights(sw::read_write_execute)},
        {"P map M 64KiB anon private rw at 0x50000000", placed},
        {"P map M 64KiB anon private rw at 0x50000000 populate locked growsdown", with_all},
        {"P map M 64KiB anon private rw growsdown locked populate at 0x50000000", with_all},
    });
}

TEST_CASE("lines that map files and shared memory", "[script_reader]") {
    MapCommand with_all = file_mapping(0, sw::Sharing::private_);
    with_all.at = VirtualAddress{0x50000000};
    with_all.populate = true;
    with_all.locked = true;
    MapCommand object = anonymous_mapping();
    object.backing = SharedMemoryBacking{"S"};
    object.sharing = sw::Sharing::shared;
    MapCommand placed_object = object;
    placed_object.at = VirtualAddress{0x50000000};
    check_each({
        {"P map M 64KiB file F private r", file_mapping(0, sw::Sharing::private_)},
        {"P map M 64KiB file F shared r", file_mapping(0, sw::Sharing::shared)},
        {"P map M 64KiB file F offset 8KiB shared r", file_mapping(8_KiB, sw::Sharing::shared)},
        {"P map M 64KiB file F private r at 0x50000000 populate locked", with_all},
        {"P map M 64KiB shm S shared rw", object},
        {"P map M 64KiB shm S shared rw at 0x50000000", placed_object},
    });
}

TEST_CASE("lines that change a region or tell of its use", "[script_reader]") {
    check_each({
        {"P unmap R", UnmapCommand{whole_region}},
        {"P unmap R +4KiB 4KiB", UnmapCommand{region_with(second_page)}},
        {"P protect R none", ProtectCommand{.target = whole_region, .rights = {}}},
        {"P protect R rx +4096 0x1000",
         ProtectCommand{.target = region_with(second_page), .rights = read_execute}},
        {"P move R", MoveCommand{.target = whole_region}},
        {"P move R at 0x50000000",
         MoveCommand{.target = whole_region, .at = VirtualAddress{0x50000000}}},
        {"P brk 1MiB", HeapCommand{.process = "P", .bytes = 1_MiB}},
        {"P grow R 128KiB", GrowCommand{.target = whole_region, .bytes = 128_KiB}},
        {"P lock R", LockCommand{.target = whole_region, .locked = true}},
        {"P unlock R", LockCommand{.target = whole_region, .locked = false}},
        {"P sync R", SyncRegionCommand{whole_region}},
        {"P sync R +4KiB 4KiB", SyncRegionCommand{region_with(second_page)}},
    });
    for (const std::string_view name : names_of<sw::Advice>) {
        const sw::Advice advice = *enumerator_named<sw::Advice>(name);
        check_each(std::vector<LineRow>{
            {fmt::format("P advise R {}", name),
             AdviseCommand{.target = whole_region, .advice = advice}},
            {fmt::format("P advise R {} +0x1000 4K", name),
             AdviseCommand{.target = region_with(second_page), .advice = advice}},
        });
    }
}

TEST_CASE("lines that access memory", "[script_reader]") {
    const RegionAccesses all_clauses{
        .region = "R", .offset = 8, .count = 5, .step_bytes = 64, .repeat = 3};
    check_each({
        {"P read R", accesses(AccessType::read, {.region = "R"})},
        {"P write R", accesses(AccessType::write, {.region = "R"})},
        {"P fetch R", accesses(AccessType::fetch, {.region = "R"})},
        {"P read R +4KiB", accesses(AccessType::read, {.region = "R", .offset = 4_KiB})},
        {"P read R +0", accesses(AccessType::read, {.region = "R", .offset = 0})},
        {"P read R count 5", accesses(AccessType::read, {.region = "R", .count = 5})},
        {"P read R step 2M", accesses(AccessType::read, {.region = "R", .step_bytes = 2_MiB})},
        {"P read R repeat 3", accesses(AccessType::read, {.region = "R", .repeat = 3})},
        {"P read R +8 count 5 step 64 repeat 3", accesses(AccessType::read, all_clauses)},
        {"P read R +8 repeat 3 step 64 count 5", accesses(AccessType::read, all_clauses)},
        {"P read 0", AccessCommand{.process = "P", .where = VirtualAddress{0}}},
        {"P write 0x40000000",
         AccessCommand{
             .process = "P", .type = AccessType::write, .where = VirtualAddress{0x40000000}}},
        {"P fetch 1GiB",
         AccessCommand{.process = "P", .type = AccessType::fetch, .where = VirtualAddress{1_GiB}}},
    });
}

TEST_CASE("lines that make and end processes and run programs in them", "[script_reader]") {
    check_each({
        {"P fork Q", ForkCommand{.parent = "P", .child = "Q"}},
        {"P exit", ExitCommand{"P"}},
        {"P exec /bin/program.elf", ExecCommand{.process = "P", .path = "/bin/program.elf"}},
        {"P trace /tmp/t.xz", TraceCommand{.process = "P", .path = "/tmp/t.xz"}},
        {"P trace /tmp/t.xz limit 100",
         TraceCommand{.process = "P", .path = "/tmp/t.xz", .limit = 100}},
        {"P trace /tmp/t.xz next 7", TraceCommand{.process = "P", .path = "/tmp/t.xz", .next = 7}},
    });
}

TEST_CASE("a relative path begins in the directory of the script", "[script_reader]") {
    const auto path_in = [](const std::string& script) {
        const Script parsed = parse_script("process P\nP trace ../traces/t.xz", script);
        return std::get<TraceCommand>(parsed.steps.back().command).path;
    };
    CHECK(path_in("scripts/day.workload") == "scripts/../traces/t.xz");
    CHECK(path_in("/home/me/day.workload") == "/home/me/../traces/t.xz");
    CHECK(path_in("day.workload") == "../traces/t.xz");
    check_each({
        {"P exec sort.elf", ExecCommand{.process = "P", .path = "scripts/sort.elf"}},
        {"P trace t.xz", TraceCommand{.process = "P", .path = "scripts/t.xz"}},
    });
}

TEST_CASE("settings come before all else as they are", "[script_reader]") {
    const Script script = parse_script(
        "# a machine\n"
        "set os.user_frames=3\n"
        "  set  caches.l1d={\"sets\": 64, \"ways\": 8}   # as JSON\n"
        "set tlbs.l2=null\n"
        "process P",
        "day");
    REQUIRE(script.settings.size() == 3);
    CHECK(script.settings[0].line == 2);
    CHECK(script.settings[0].command.assignment == "os.user_frames=3");
    CHECK(script.settings[1].line == 3);
    CHECK(script.settings[1].command.assignment == "caches.l1d={\"sets\": 64, \"ways\": 8}");
    CHECK(script.settings[2].command.assignment == "tlbs.l2=null");
    CHECK(script.steps.size() == 1);
}

TEST_CASE("a step knows its line and its text", "[script_reader]") {
    const Script script = parse_script(
        "\n"
        "# comment\n"
        " \t process P # with a comment\r\n"
        "P   map R\t64KiB anon private rw#comment\n"
        "\t\n"
        "P read R",
        "day");
    REQUIRE(script.steps.size() == 3);
    CHECK(script.path == "day");
    CHECK(script.steps[0].line == 3);
    CHECK(script.steps[0].text == "process P");
    CHECK(script.steps[1].line == 4);
    CHECK(script.steps[1].text == "P   map R\t64KiB anon private rw");
    CHECK(script.steps[2].line == 6);
    CHECK(script.steps[2].text == "P read R");
}

TEST_CASE("expectations belong to the step before them", "[script_reader]") {
    const Script script = parse_script(
        "process P\n"
        "P map R 64KiB anon private rw\n"
        "expect minor 0 major 0 signal none error none\n"
        "P write R\n"
        "expect major 0\n"
        "# comment\n"
        "expect signal SIGSEGV MAPERR minor 16\n"
        "P read R",
        "day");
    REQUIRE(script.steps.size() == 4);
    CHECK(script.steps[0].expectations.empty());
    CHECK((script.steps[1].expectations ==
           std::vector<Expectation>{
               {.line = 3, .minor = 0, .major = 0, .signal = "none", .error = "none"}}));
    CHECK((script.steps[2].expectations ==
           std::vector<Expectation>{{.line = 5, .major = 0},
                                    {.line = 7, .minor = 16, .signal = "SIGSEGV MAPERR"}}));
    CHECK(script.steps[3].expectations.empty());
}

TEST_CASE("a signal is expected by one word or by two", "[script_reader]") {
    const std::vector<std::string> signals{"SIGSEGV", "SIGSEGV MAPERR", "SIGSEGV ACCERR",
                                           "SIGBUS",  "SIGBUS ADRERR",  "SIGKILL",
                                           "none"};
    for (const std::string& signal : signals) {
        INFO(signal);
        for (const std::string& line : {fmt::format("expect signal {}", signal),
                                        fmt::format("expect signal {} minor 1", signal)}) {
            const ScriptStep step = last_step_of(fmt::format("{}P read R\n{}", preamble, line));
            REQUIRE(step.expectations.size() == 1);
            CHECK(step.expectations[0].signal == signal);
        }
    }
}

TEST_CASE("an error is expected by its name", "[script_reader]") {
    std::vector<std::string> errors{"none"};
    errors.insert(errors.end(), names_of<sw::CallError>.begin(), names_of<sw::CallError>.end());
    for (const std::string& error : errors) {
        INFO(error);
        const ScriptStep step =
            last_step_of(fmt::format("{}P lock R\nexpect error {}", preamble, error));
        CHECK(step.expectations.at(0).error == error);
    }
}

TEST_CASE("names may be words of the language unless a line would be another", "[script_reader]") {
    CHECK(problems_of("file file 64KiB\n"
                      "process map\n"
                      "map map anon 64KiB anon private rw\n"
                      "map map r 64KiB file file private r\n"
                      "map map count 64KiB shm shm shared rw\n"
                      "map read count count 2\n"
                      "map sync anon\n"
                      "sync file\n"
                      "map fork expect-nothing.2_\n")
              .empty());
    check_each(std::vector<ProblemRow>{
        {"process sync",
         "found \"sync\", a word that lines begin with, expected another name for a process"},
        {"P fork expect",
         "found \"expect\", a word that lines begin with, expected another name for a process"},
    });
}

TEST_CASE("words that are not what a line expects", "[script_reader]") {
    check_each(std::vector<ProblemRow>{
        {"file 1G 64KiB",
         "found \"1G\", expected a name for the file: letters, digits, _ - . and no digit to begin "
         "with"},
        {"process a/b",
         "found \"a/b\", expected a name for the process: letters, digits, _ - . and no digit to "
         "begin with"},
        {"P map +M 64KiB anon private rw",
         "found \"+M\", expected a name for the region: letters, digits, _ - . and no digit to "
         "begin with"},
        {"file", "found the end of the line, expected a name for the file"},
        {"file G", "found the end of the line, expected the size of the file"},
        {"file G big",
         "found \"big\", expected the size of the file: bytes, as 4096, 0x1000 or 4KiB"},
        {"file G -1",
         "found \"-1\", expected the size of the file: bytes, as 4096, 0x1000 or 4KiB"},
        {"file G 4KB",
         "found \"4KB\", expected the size of the file: bytes, as 4096, 0x1000 or 4KiB"},
        {"file G 1M hot", "found \"hot\", expected one of cold, warm, or the end of the line"},
        {"file G 1M warm cold", "found \"cold\", expected the end of the line"},
        {"process Q Q", "found \"Q\", expected the end of the line"},
        {"sync", "found the end of the line, expected a file"},
        {"fence P P", "found \"P\", expected an address: bytes, as 4096, 0x1000 or 4KiB"},
        {"wait", "found the end of the line, expected how many cycles"},
        {"wait 1K", "found \"1K\", expected how many cycles: a whole number"},
        {"P",
         "found the end of the line, expected one of map, unmap, protect, move, grow, brk, "
         "lock, unlock, sync, advise, fork, exec, exit, read, write, fetch, trace"},
        {"P wrte R",
         "found \"wrte\", expected one of map, unmap, protect, move, grow, brk, lock, unlock, "
         "sync, advise, fork, exec, exit, read, write, fetch, trace; did you mean write?"},
        {"P exit now", "found \"now\", expected the end of the line"},
        {"P exec", "found the end of the line, expected a file"},
        {"P trace t at 5", "found \"at 5\", expected the end of the line"},
        {"P trace t next", "found the end of the line, expected how many accesses"},
        {"P trace t next 0", "found \"0\", expected how many accesses: a whole number from 1 on"},
        {"P trace t limit", "found the end of the line, expected how many accesses"},
        {"P trace t limit all", "found \"all\", expected how many accesses: a whole number"},
    });
}

TEST_CASE("words that are not what a mapping expects", "[script_reader]") {
    check_each(std::vector<ProblemRow>{
        {"P map", "found the end of the line, expected a name for the region"},
        {"P map M", "found the end of the line, expected the size of the region"},
        {"P map M 4K", "found the end of the line, expected one of anon, file, shm"},
        {"P map M 4K anonymous private rw", "found \"anonymous\", expected one of anon, file, shm"},
        {"P map M 4K anon privat rw",
         "found \"privat\", expected one of private, shared; did you mean private?"},
        {"P map M 4K anon private wr",
         "found \"wr\", expected one of none, r, rw, rx, rwx; did you mean r?"},
        {"P map M 4K anon private rw somewhere",
         "found \"somewhere\", expected one of at, populate, locked, growsdown, pages, or the end "
         "of the "
         "line"},
        {"P map M 4K anon private rw lock",
         "found \"lock\", expected one of at, populate, locked, growsdown, pages, or the end of "
         "the line; "
         "did you mean locked?"},
        {"P map M 4K anon private rw populate populate",
         "found populate a second time, expected it once at most"},
        {"P map M 4K anon private rw pages 3MiB",
         "found \"3MiB\", expected one of 2MiB, 4MiB, 1GiB; did you mean 2MiB?"},
        {"P map M 4K file F private r pages 2MiB",
         "found \"pages\", expected one of at, populate, locked, or the end of the line"},
        {"P map M 4K anon private rw at", "found the end of the line, expected an address"},
        {"P map M 4K anon private rw at home",
         "found \"home\", expected an address: bytes, as 4096, 0x1000 or 4KiB"},
        {"P map M 4K file F r", "found \"r\", expected one of private, shared"},
        {"P map M 4K file F offset 100 private r", "found offset 100, expected a multiple of 4096"},
        {"P map M 4K file F private r growsdown",
         "found \"growsdown\", expected one of at, populate, locked, or the end of the line"},
        {"P map M 4K shm S private rw", "found \"private\", expected shared"},
    });
}

TEST_CASE("words that are not what other lines on regions expect", "[script_reader]") {
    check_each(std::vector<ProblemRow>{
        {"P unmap R 4K", "found \"4K\", expected the end of the line"},
        {"P unmap R +4K", "found the end of the line, expected the size of the part"},
        {"P unmap R +x 4K",
         "found \"+x\", expected an offset: + and bytes, as +4096, +0x1000 or +4KiB"},
        {"P protect R", "found the end of the line, expected one of none, r, rw, rx, rwx"},
        {"P protect R +0 4K", "found \"+0\", expected one of none, r, rw, rx, rwx"},
        {"P move R to 0x1000", "found \"to 0x1000\", expected the end of the line"},
        {"P grow R", "found the end of the line, expected the new size of the region"},
        {"P lock R +0 4K", "found \"+0 4K\", expected the end of the line"},
        {"P advise R wilneed",
         "found \"wilneed\", expected one of normal, random, sequential, willneed, dontneed, free, "
         "pageout, hugepage, nohugepage; did you mean willneed?"},
        {"P read", "found the end of the line, expected a region or an address"},
        {"P read 12x", "found \"12x\", expected an address: bytes, as 4096, 0x1000 or 4KiB"},
        {"P read 0x1000 count 2", "found \"count 2\", expected the end of the line"},
        {"P read R 4096",
         "found \"4096\", expected one of count, step, repeat, or the end of the line"},
        {"P read R count 2 +0",
         "found \"+0\", expected one of count, step, repeat, or the end of the line"},
        {"P read R count 0", "found \"0\", expected how many accesses: a whole number from 1 on"},
        {"P read R count 4KiB",
         "found \"4KiB\", expected how many accesses: a whole number from 1 on"},
        {"P read R step 0", "found step 0, expected at least 1 byte from one access to the next"},
        {"P read R repeat 0", "found \"0\", expected how many times: a whole number from 1 on"},
        {"P read R count 1 count 1", "found count a second time, expected it once at most"},
    });
}

TEST_CASE("words that are not what expect expects", "[script_reader]") {
    check_each(std::vector<ProblemRow>{
        {"expect", "found the end of the line, expected one of minor, major, signal, error"},
        {"expect faults 1",
         "found \"faults\", expected one of minor, major, signal, error, or the end of the line"},
        {"expect minor", "found the end of the line, expected how many minor faults"},
        {"expect minor few", "found \"few\", expected how many minor faults: a whole number"},
        {"expect major -1", "found \"-1\", expected how many major faults: a whole number"},
        {"expect minor 1 minor 1", "found minor a second time, expected it once at most"},
        {"expect signal",
         "found the end of the line, expected one of none, SIGSEGV, SIGSEGV MAPERR, SIGSEGV "
         "ACCERR, SIGBUS, SIGBUS ADRERR, SIGKILL"},
        {"expect signal SIGSEV",
         "found \"SIGSEV\", expected one of none, SIGSEGV, SIGSEGV MAPERR, SIGSEGV ACCERR, SIGBUS, "
         "SIGBUS ADRERR, SIGKILL; did you mean SIGSEGV?"},
        {"expect signal SIGBUS MAPERR",
         "found \"SIGBUS MAPERR\", expected one of none, SIGSEGV, SIGSEGV MAPERR, SIGSEGV ACCERR, "
         "SIGBUS, SIGBUS ADRERR, SIGKILL; did you mean SIGBUS ADRERR?"},
        {"expect error EINVALID",
         "found \"EINVALID\", expected one of none, EACCES, EFAULT, EINVAL, EIO, ENOENT, ENOMEM, "
         "ESRCH; did you mean EINVAL?"},
    });
}

TEST_CASE("a line that begins with neither a command nor a process", "[script_reader]") {
    check_each(std::vector<ProblemRow>{
        {"proces Q",
         "found \"proces\", expected one of set, file, process, sync, drop, warm, fence, wait, "
         "expect, or a process and what it does; did you mean process?"},
        {"map M 4K anon private rw",
         "found \"map\", expected one of set, file, process, sync, drop, warm, fence, wait, "
         "expect, or a process and what it does"},
        {"\x01",
         "found \"\\x01\", expected one of set, file, process, sync, drop, warm, fence, "
         "wait, expect, or a process and what it does"},
    });
}

TEST_CASE("what is used has to be there", "[script_reader]") {
    const std::string_view process =
        "a process that process or fork has made and that has not exited";
    check_each(std::vector<ProblemRow>{
        {"Q read R", fmt::format("found \"Q\", expected {}", process)},
        {"fence Q", fmt::format("found \"Q\", expected {}", process)},
        {"drop G", "found \"G\", expected a file that a line file has made"},
        {"P map M 4K file G private r", "found \"G\", expected a file that a line file has made"},
        {"P read heap", "found \"heap\", expected a region that P has mapped"},
        {"P unmap r", "found \"r\", expected a region that P has mapped"},
        {"P lock S", "found \"S\", expected a region that P has mapped"},
        {"P grow S 4K", "found \"S\", expected a region that P has mapped"},
    });
    CHECK(problems_of("file library 1M\n"
                      "process server\n"
                      "server map text 1M file libary private rx\n"
                      "sever exit") ==
          Problems{
              "day:3: found \"libary\", expected a file that a line file has made; did you mean "
              "library?",
              fmt::format("day:4: found \"sever\", expected {}; did you mean server?", process)});
}

TEST_CASE("what is made must not be there yet", "[script_reader]") {
    check_each(std::vector<ProblemRow>{
        {"file F 4K", "found \"F\", a file that is there already, expected a new name"},
        {"process P",
         "found \"P\", a process that is there already, expected a new name, or exit "
         "before"},
        {"P fork P",
         "found \"P\", a process that is there already, expected a new name, or exit "
         "before"},
        {"P map R 4K anon private rw",
         "found \"R\", a region that P has mapped already, expected a new name, or unmap before"},
    });
}

TEST_CASE("the name of a process is free after exit", "[script_reader]") {
    CHECK(problems_of(preamble + "P exit\nprocess P\nP map R 4K anon private rw").empty());
    CHECK(only_problem_of(preamble + "P exit\nP read R") ==
          "day:5: found \"P\", expected a process that process or fork has made and that has not "
          "exited");
    CHECK(only_problem_of(preamble + "P exit\nprocess P\nP read R") ==
          "day:6: found \"R\", expected a region that P has mapped");
}

TEST_CASE("the name of a region is free after unmap and still means its place", "[script_reader]") {
    CHECK(problems_of(preamble + "P unmap R\nP read R\nP map R 4K anon private rw").empty());
    CHECK(only_problem_of(preamble + "P unmap R +0 4K\nP map R 4K anon private rw") ==
          "day:5: found \"R\", a region that P has mapped already, expected a new name, or unmap "
          "before");
    CHECK(problems_of(preamble + "P brk 8K\nP write heap\nP brk 0\nP brk 4K").empty());
    CHECK(problems_of(preamble + "P exec p.elf\nP read R\nP map R 4K anon private rw").empty());
}

TEST_CASE("a child begins with the names of its parent", "[script_reader]") {
    CHECK(problems_of(preamble + "P fork Q\nQ read R\nQ unmap R\nQ map R 4K anon private rw")
              .empty());
    CHECK(only_problem_of(preamble + "P fork Q\nP map S 4K anon private rw\nQ read S") ==
          "day:6: found \"S\", expected a region that Q has mapped");
}

TEST_CASE("a step that is expected to fail gives no name and frees none", "[script_reader]") {
    const std::string map_s = "P map S 1T anon private rw\n";
    CHECK(problems_of(preamble + map_s + "expect error ENOMEM\n" + map_s).empty());
    CHECK(only_problem_of(preamble + map_s + "expect error ENOMEM\nP read S") ==
          "day:6: found \"S\", expected a region that P has mapped");
    CHECK(problems_of(preamble + map_s + "expect error none\nP read S").empty());
    CHECK(only_problem_of(preamble + "P fork Q\nexpect error ENOMEM\nQ read R") ==
          "day:6: found \"Q\", expected a process that process or fork has made and that has not "
          "exited");
    CHECK(
        only_problem_of(preamble + "P unmap R\nexpect error EINVAL\nP map R 4K anon private rw") ==
        "day:6: found \"R\", a region that P has mapped already, expected a new name, or unmap "
        "before");
}

TEST_CASE("one slip is one problem", "[script_reader]") {
    CHECK(problems_of("process P now\n"
                      "P map R 64KiB anon private wr\n"
                      "expect minor 0\n"
                      "P read R\n"
                      "Q map R 64KiB anon private rw\n"
                      "Q read R\n"
                      "P read S\n"
                      "P write S\n"
                      "drop F\n"
                      "warm F\n") ==
          Problems{"day:1: found \"now\", expected the end of the line",
                   "day:2: found \"wr\", expected one of none, r, rw, rx, rwx; did you mean r?",
                   "day:5: found \"Q\", expected a process that process or fork has made and that "
                   "has not exited",
                   "day:7: found \"S\", expected a region that P has mapped",
                   "day:9: found \"F\", expected a file that a line file has made"});
}

TEST_CASE("a set line is KEY=VALUE and stands before all that is done", "[script_reader]") {
    CHECK(only_problem_of("set\nprocess P") ==
          "day:1: found the end of the line, expected KEY=VALUE");
    CHECK(only_problem_of("set os.zero_page\nprocess P") ==
          "day:1: found \"os.zero_page\", expected KEY=VALUE");
    CHECK(only_problem_of("set os.zero_page = true\nprocess P") ==
          "day:1: found \"os.zero_page = true\", expected KEY=VALUE");
    CHECK(only_problem_of("set =true\nprocess P") == "day:1: found \"=true\", expected KEY=VALUE");
    CHECK(only_problem_of("process P\nset os.zero_page=true") ==
          "day:2: found set after a line that does something, expected it before all such lines");
}

TEST_CASE("expect needs a step before it", "[script_reader]") {
    CHECK(only_problem_of("expect minor 0\nprocess P") ==
          "day:1: found expect before all lines that do something, expected such a line before it");
    CHECK(only_problem_of("set os.zero_page=true\nexpect minor 0\nprocess P") ==
          "day:2: found expect before all lines that do something, expected such a line before it");
}

TEST_CASE("a script without a step is refused", "[script_reader]") {
    const std::string problem = "day: found no line that does something, expected at least one";
    CHECK(only_problem_of("") == problem);
    CHECK(only_problem_of("# nothing\n\n") == problem);
    CHECK(only_problem_of("set os.zero_page=true\n") == problem);
}

TEST_CASE("a script is read from a file and its problems name the file", "[script_reader]") {
    const tests::ScratchDirectory directory;
    const std::string good = directory.file("good.workload", preamble);
    const Script script = read_script(good);
    CHECK(script.path == good);
    CHECK(script.steps.size() == 3);

    const std::string bad = directory.file("bad.workload", "process P\nP walk\n\nP run\n");
    const std::string verbs =
        "expected one of map, unmap, protect, move, grow, brk, lock, unlock, sync, advise, fork, "
        "exec, exit, read, write, fetch, trace";
    const std::string error = input_error_of([&] { static_cast<void>(read_script(bad)); });
    CHECK(error ==
          fmt::format("{0}:2: found \"walk\", {1}\n{0}:4: found \"run\", {1}", bad, verbs));

    const std::string missing = directory.path_of("missing.workload");
    CHECK(input_error_of([&] { static_cast<void>(read_script(missing)); }) ==
          missing + ": No such file or directory, expected a readable file");
}

}  // namespace mmusim::tb::script_reader_test
