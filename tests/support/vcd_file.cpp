// SPDX-License-Identifier: Apache-2.0
#include "tests/support/vcd_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <stdexcept>

namespace mmusim::tests {

namespace {

// The file is a sequence of words.
class Reader {
  public:
    explicit Reader(const std::string& path) : path_(path), file_(path) {
        if (!file_) {
            fail("cannot be read");
        }
    }

    [[nodiscard]] VcdFile read() {
        std::string word;
        while (file_ >> word) {
            if (word.front() == '$') {
                command(word);
            } else if (word.front() == '#') {
                advance_to(std::stoull(word.substr(1)));
            } else if (word.front() == 'b') {
                const std::string digits = word.substr(1);
                change(next_word(), std::stoull(digits, nullptr, 2));
            } else if (word.front() == '0' || word.front() == '1') {
                change(word.substr(1), word.front() == '1' ? 1 : 0);
            } else {
                fail(fmt::format("'{}' is not understood", word));
            }
        }
        check_initial_values();
        return std::move(result_);
    }

  private:
    void command(const std::string& word) {
        if (word == "$scope") {
            scopes_.push_back(words_to_end().at(1));
        } else if (word == "$upscope") {
            scopes_.pop_back();
            words_to_end();
        } else if (word == "$var") {
            declare(words_to_end());
        } else if (word == "$timescale") {
            result_.timescale = fmt::format("{}", fmt::join(words_to_end(), " "));
        } else if (word != "$dumpvars" && word != "$end") {
            words_to_end();
        }
    }

    // $var TYPE WIDTH ID NAME [RANGE] $end
    void declare(const std::vector<std::string>& words) {
        std::string name = fmt::format("{}.{}", fmt::join(scopes_, "."), words.at(3));
        if (words.size() > 4) {
            name += words.at(4);
        }
        const auto width = static_cast<unsigned>(std::stoul(words.at(1)));
        VcdSignal& signal = result_.signals[name];
        signal.width = width;
        signals_by_id_[words.at(2)] = &signal;
    }

    void advance_to(std::uint64_t time) {
        if (time_ && time < *time_) {
            fail(fmt::format("time {} after time {}", time, *time_));
        }
        if (!time_) {
            result_.begin = time;
        }
        time_ = time;
        result_.end = time;
    }

    void change(const std::string& id, std::uint64_t value) {
        if (!time_) {
            fail("a value before the first time");
        }
        signals_by_id_.at(id)->changes.push_back({.time = *time_, .value = value});
    }

    void check_initial_values() const {
        for (const auto& [name, signal] : result_.signals) {
            if (signal.changes.empty() || signal.changes.front().time != result_.begin) {
                fail(fmt::format("{} has no initial value", name));
            }
        }
    }

    [[nodiscard]] std::string next_word() {
        std::string word;
        if (!(file_ >> word)) {
            fail("ends too early");
        }
        return word;
    }

    std::vector<std::string> words_to_end() {
        std::vector<std::string> words;
        for (std::string word = next_word(); word != "$end"; word = next_word()) {
            words.push_back(word);
        }
        return words;
    }

    [[noreturn]] void fail(const std::string& why) const {
        throw std::runtime_error(fmt::format("{}: {}", path_, why));
    }

    std::string path_;
    std::ifstream file_;
    std::vector<std::string> scopes_;
    std::map<std::string, VcdSignal*> signals_by_id_;
    std::optional<std::uint64_t> time_;
    VcdFile result_;
};

}  // namespace

std::vector<std::uint64_t> VcdSignal::times_of(std::uint64_t value) const {
    std::vector<std::uint64_t> times;
    for (const VcdChange& change : changes) {
        if (change.value == value) {
            times.push_back(change.time);
        }
    }
    return times;
}

std::uint64_t VcdSignal::value_at(std::uint64_t time) const {
    const auto later = std::find_if(changes.begin(), changes.end(),
                                    [time](const VcdChange& change) { return change.time > time; });
    if (later == changes.begin()) {
        throw std::runtime_error(fmt::format("no value yet at time {}", time));
    }
    return (later - 1)->value;
}

VcdFile read_vcd(const std::string& path) {
    return Reader(path).read();
}

}  // namespace mmusim::tests
