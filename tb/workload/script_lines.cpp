// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_lines.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace mmusim::tb {

namespace {

[[nodiscard]] ScriptCommand read_file(ScriptWords& words, ScriptNames& names) {
    FileCommand command;
    command.file = words.next_name("a name for the file");
    names.make_file(command.file);
    command.bytes = words.next_size("the size of the file");
    if (!words.at_end()) {
        constexpr std::array<std::string_view, 2> temperatures{"cold", "warm"};
        command.warm = words.next_index(temperatures, ", or the end of the line") == 1;
    }
    return command;
}

[[nodiscard]] ScriptCommand read_process(ScriptWords& words, ScriptNames& names) {
    ProcessCommand command{words.next_name("a name for the process")};
    names.make_process(command.process);
    return command;
}

template <FileActionCommand::Action action>
[[nodiscard]] ScriptCommand read_file_action(ScriptWords& words, ScriptNames& names) {
    FileActionCommand command{.file = words.next_name("a file"), .action = action};
    names.use_file(command.file);
    return command;
}

[[nodiscard]] ScriptCommand read_fence(ScriptWords& words, ScriptNames& names) {
    FenceCommand command;
    if (!words.at_end() && !words.number_follows()) {
        command.process = words.next_name("a process, an address or the end of the line");
        names.use_process(*command.process);
    }
    if (!words.at_end()) {
        command.address = words.next_address();
    }
    return command;
}

[[nodiscard]] ScriptCommand read_wait(ScriptWords& words, ScriptNames& /*names*/) {
    return WaitCommand{Cycles{words.next_number("how many cycles")}};
}

struct Line {
    std::string_view word;
    ScriptCommand (*read)(ScriptWords& words, ScriptNames& names);
};

using Action = FileActionCommand::Action;

constexpr std::array<Line, 7> lines{{{.word = "file", .read = read_file},
                                     {.word = "process", .read = read_process},
                                     {.word = "sync", .read = read_file_action<Action::sync>},
                                     {.word = "drop", .read = read_file_action<Action::drop>},
                                     {.word = "warm", .read = read_file_action<Action::warm>},
                                     {.word = "fence", .read = read_fence},
                                     {.word = "wait", .read = read_wait}}};

}  // namespace

std::vector<std::string_view> line_words() {
    return words_of(lines);
}

ScriptCommand read_line(std::string_view first_word, ScriptWords& words, ScriptNames& names) {
    const auto* const line = std::find_if(lines.begin(), lines.end(), [&](const Line& candidate) {
        return candidate.word == first_word;
    });
    ScriptCommand command = line->read(words, names);
    words.expect_end();
    return command;
}

}  // namespace mmusim::tb
