// SPDX-License-Identifier: Apache-2.0
#include "tests/waves/wave_view.hpp"

#include "tests/waves/text_lines.hpp"

#include <fmt/format.h>

#include <array>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace mmusim::tests {

namespace {

[[nodiscard]] std::string without_spaces_around(const std::string& text) {
    const std::size_t first = text.find_first_not_of(' ');
    const std::size_t last = text.find_last_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

class Reader {
  public:
    explicit Reader(std::string path) : path_(std::move(path)) {}

    [[nodiscard]] WaveView read() {
        for (const std::string& line : lines_of(path_)) {
            switch (line.empty() ? '\0' : line.front()) {
                case '[': setting(line); break;
                case '*': zoom_and_markers(line.substr(1)); break;
                case '@':  // how the next line is shown
                case '-':  // a heading
                    break;
                case '^': filter(line); break;
                case '+': signal(line); break;
                default: fail(line);
            }
        }
        return view_;
    }

  private:
    static constexpr std::size_t marker_count = 26;

    // [KEY] VALUE
    void setting(const std::string& line) {
        const std::size_t end = line.find("] ");
        if (end == std::string::npos) {
            fail(line);
        }
        const std::string key = line.substr(1, end - 1);
        const std::string value = line.substr(end + 2);
        if (key == "dumpfile") {
            view_.wave_file = unquoted(value);
        } else if (key == "savefile") {
            view_.own_name = unquoted(value);
        } else if (key == "timestart") {
            view_.begin = std::stoull(value);
        } else if (key == "markername") {
            const auto letter = static_cast<std::size_t>(value.at(0) - 'A');
            view_.markers[without_spaces_around(value.substr(1))] = marker_times_.at(letter);
        }
    }

    // ZOOM PRIMARY A B C ... Z
    void zoom_and_markers(const std::string& numbers) {
        std::istringstream words(numbers);
        std::int64_t primary = 0;
        words >> view_.zoom >> primary;
        for (std::uint64_t& time : marker_times_) {
            std::int64_t signed_time = 0;
            words >> signed_time;
            time = static_cast<std::uint64_t>(signed_time);
        }
        if (!words) {
            fail(numbers);
        }
    }

    // ^NUMBER FILE, for the next signal
    void filter(const std::string& line) {
        filter_ = line.substr(line.find(' ') + 1);
        const auto [known, is_new] = filters_.emplace(line.substr(0, line.find(' ')), *filter_);
        if (!is_new && known->second != *filter_) {
            fail(line);
        }
    }

    // +{SHOWN NAME} NAME
    void signal(const std::string& line) {
        constexpr std::string_view separator = "} ";
        const std::size_t end = line.find(separator);
        if (end == std::string::npos) {
            fail(line);
        }
        view_.signals.push_back({.name = line.substr(end + separator.size()), .filter = filter_});
        filter_.reset();
    }

    [[nodiscard]] std::string unquoted(const std::string& text) const {
        if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
            fail(text);
        }
        return text.substr(1, text.size() - 2);
    }

    [[noreturn]] void fail(const std::string& text) const {
        throw std::runtime_error(fmt::format("{}: '{}' is not understood", path_, text));
    }

    std::string path_;
    std::array<std::uint64_t, marker_count> marker_times_{};
    std::map<std::string, std::string> filters_;
    std::optional<std::string> filter_;
    WaveView view_;
};

}  // namespace

WaveView read_wave_view(const std::string& path) {
    return Reader(path).read();
}

std::map<std::string, std::string> read_wave_filter(const std::string& path) {
    std::map<std::string, std::string> names;
    for (const std::string& line : lines_of(path)) {
        const std::size_t blank = line.find(" ?");
        const std::size_t mark = line.find('?', blank + 2);
        const bool complete = blank != std::string::npos && blank > 0 &&
                              mark != std::string::npos && mark > blank + 2 &&
                              mark + 1 < line.size();
        if (!complete) {
            throw std::runtime_error(fmt::format("{}: '{}' is not understood", path, line));
        }
        names[line.substr(0, blank)] = line.substr(mark + 1);
    }
    return names;
}

}  // namespace mmusim::tests
