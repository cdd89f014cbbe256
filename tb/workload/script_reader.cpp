// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_reader.hpp"

#include "tb/input/byte_stream.hpp"
#include "tb/text/in_quotes.hpp"
#include "tb/workload/script_expectation.hpp"
#include "tb/workload/script_lines.hpp"
#include "tb/workload/script_names.hpp"
#include "tb/workload/script_verbs.hpp"
#include "tb/workload/script_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

/// All words that begin lines, beside processes.
[[nodiscard]] std::vector<std::string_view> first_words() {
    std::vector<std::string_view> words = line_words();
    words.insert(words.begin(), "set");
    words.emplace_back("expect");
    return words;
}

/// Reads line after line.
class Reader {
  public:
    explicit Reader(const std::string& path)
        : directory_(std::filesystem::path(path).parent_path()), names_(first_words()) {
        script_.path = path;
    }

    void take_line(std::string_view line);
    [[nodiscard]] Script finish();

  private:
    void take_words(ScriptWords& words);
    void take_setting(ScriptWords& words);
    void take_expectation(ScriptWords& words);
    [[nodiscard]] ScriptCommand read_step(ScriptWords& words);
    [[nodiscard]] ScriptCommand read_process_line(const std::string& process, ScriptWords& words);

    std::filesystem::path directory_;
    ScriptNames names_;
    std::uint64_t line_number_ = 0;
    /// Whether there was a line that is a step, or was meant to be one.
    bool step_met_ = false;
    Problems problems_;
    Script script_;
};

void Reader::take_line(std::string_view line) {
    ++line_number_;
    ScriptWords words(line.substr(0, line.find('#')));
    if (words.at_end()) {
        return;
    }
    try {
        take_words(words);
    } catch (const ScriptLineError& error) {
        problems_.push_back(fmt::format("{}:{}: {}", script_.path, line_number_, error.what()));
    }
}

void Reader::take_words(ScriptWords& words) {
    const std::string_view text = words.rest();
    if (words.take("set")) {
        take_setting(words);
    } else if (words.take("expect")) {
        take_expectation(words);
    } else {
        step_met_ = true;
        names_.settle();
        script_.steps.push_back(
            {.line = line_number_, .text = std::string(text), .command = read_step(words)});
    }
}

void Reader::take_setting(ScriptWords& words) {
    if (step_met_) {
        refuse("set after a line that does something", "it before all such lines");
    }
    const std::string_view assignment = words.rest();
    const std::size_t equals = words.next("KEY=VALUE").find('=');
    if (equals == 0 || equals == std::string_view::npos) {
        refuse(in_quotes(assignment), "KEY=VALUE");
    }
    script_.settings.push_back(
        {.line = line_number_, .command = {.assignment = std::string(assignment)}});
}

void Reader::take_expectation(ScriptWords& words) {
    if (!step_met_) {
        refuse("expect before all lines that do something", "such a line before it");
    }
    Expectation expectation = read_expectation(words);
    expectation.line = line_number_;
    if (expects_failure(expectation)) {
        names_.forget_last_step();
    }
    // A script with a problem is not returned, and its last step may not be the one that is meant.
    if (problems_.empty()) {
        script_.steps.back().expectations.push_back(std::move(expectation));
    }
}

ScriptCommand Reader::read_step(ScriptWords& words) {
    const std::string first(words.next("a step"));
    const std::vector<std::string_view> known = line_words();
    return std::find(known.begin(), known.end(), first) == known.end()
               ? read_process_line(first, words)
               : read_line(first, words, names_);
}

ScriptCommand Reader::read_process_line(const std::string& process, ScriptWords& words) {
    if (!names_.knows_process(process) && !is_verb(words.peek())) {
        const std::vector<std::string_view> known = first_words();
        refuse_unknown(
            process,
            fmt::format("one of {}, or a process and what it does", fmt::join(known, ", ")), known);
    }
    names_.use_process(process);
    return read_verb(process, words, names_, directory_);
}

Script Reader::finish() {
    if (problems_.empty() && script_.steps.empty()) {
        problems_.push_back(fmt::format(
            "{}: found no line that does something, expected at least one", script_.path));
    }
    if (!problems_.empty()) {
        throw ScriptError(std::move(problems_));
    }
    return std::move(script_);
}

}  // namespace

ScriptError::ScriptError(Problems problems)
    : InputError(fmt::format("{}", fmt::join(problems, "\n"))), problems_(std::move(problems)) {}

Script parse_script(std::string_view text, const std::string& path) {
    Reader reader(path);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        reader.take_line(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return reader.finish();
}

Script read_script(const std::string& path) {
    ByteStream bytes(path);
    std::string text;
    while (bytes.read_more()) {
        text += bytes.window();
        bytes.consume(bytes.window().size());
    }
    return parse_script(text, path);
}

}  // namespace mmusim::tb
