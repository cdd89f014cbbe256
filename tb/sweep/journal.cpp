// SPDX-License-Identifier: Apache-2.0
#include "tb/sweep/journal.hpp"

#include "hw/base/problems.hpp"
#include "tb/report/json_text.hpp"
#include "tb/sweep/checksum.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t sum_digits = 16;

[[nodiscard]] std::string with_sum(std::string_view line) {
    return fmt::format("{:016x} {}\n", checksum(line), line);
}

// The line behind its sum, if all of it is there.
[[nodiscard]] std::optional<std::string_view> without_sum(std::string_view line) {
    if (line.size() <= sum_digits || line[sum_digits] != ' ') {
        return std::nullopt;
    }
    const std::string_view rest = line.substr(sum_digits + 1);
    if (line.substr(0, sum_digits) != fmt::format("{:016x}", checksum(rest))) {
        return std::nullopt;
    }
    return rest;
}

// Both are as they were written.
[[nodiscard]] std::vector<std::string> differing_members(std::string_view one_line,
                                                         std::string_view other_line) {
    const ordered_json one = ordered_json::parse(one_line);
    const ordered_json other = ordered_json::parse(other_line);
    std::vector<std::string> names;
    for (const auto& [name, value] : one.items()) {
        if (!other.contains(name) || other.at(name) != value) {
            names.push_back(name);
        }
    }
    return names;
}

}  // namespace

Journal::Journal(std::string path, const ordered_json& identity, Start start)
    : path_(std::move(path)) {
    constexpr mode_t readable_by_all = 0666;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system has no other way
    file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, readable_by_all);
    if (file_ < 0) {
        fail(errno);
    }
    try {
        if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
            throw InputError(
                fmt::format("{}: another sweep writes it, expected another output", path_));
        }
        if (start == Start::continued) {
            take(read_all(), json_line(identity));
        } else {
            cut_to(0);
            write_line(json_line(identity));
        }
    } catch (...) {
        ::close(file_);
        throw;
    }
}

Journal::~Journal() {
    if (file_ >= 0) {
        ::close(file_);
    }
}

void Journal::add(std::size_t job, const JobOutcome& outcome) {
    if (const auto* const answer = std::get_if<JobAnswer>(&outcome)) {
        // An answer is JSON already.
        write_line(fmt::format(R"({{"job":{},"answer":{}}})", job, answer->text));
        return;
    }
    const ordered_json line{{"job", job}, {"error", std::get<JobFailure>(outcome).message}};
    write_line(json_line(line));
}

void Journal::remove() {
    ::unlink(path_.c_str());
}

std::string Journal::read_all() const {
    std::string text;
    std::array<char, 65536> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): is read into
    while (true) {
        const ssize_t count = ::read(file_, block.data(), block.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            fail(errno);
        }
        if (count == 0) {
            return text;
        }
        text.append(block.data(), static_cast<std::size_t>(count));
    }
}

// Up to the first line that is not whole; what follows is cut off.
void Journal::take(std::string_view text, const std::string& identity) {
    std::size_t taken = 0;
    while (true) {
        const std::size_t end = text.find('\n', taken);
        const std::optional<std::string_view> line =
            end == std::string_view::npos ? std::nullopt
                                          : without_sum(text.substr(taken, end - taken));
        if (!line) {
            break;
        }
        if (taken == 0) {
            const auto differing = differing_members(identity, *line);
            if (!differing.empty()) {
                throw InputError(fmt::format(
                    "{}: is of another sweep, which differs in: {}; expected the same options and "
                    "inputs, or no --resume to begin again",
                    path_, fmt::join(differing, ", ")));
            }
        } else {
            take_outcome(*line);
        }
        taken = end + 1;
    }
    cut_to(taken);
    if (taken == 0) {
        write_line(identity);
    }
}

void Journal::take_outcome(std::string_view line) {
    const ordered_json members = ordered_json::parse(line);
    const auto job = members.at("job").get<std::size_t>();
    if (members.contains("answer")) {
        done_[job] = JobAnswer{members.at("answer").dump()};
    } else {
        done_[job] = JobFailure{.message = members.at("error").get<std::string>()};
    }
}

void Journal::write_line(const std::string& line) {
    const std::string whole = with_sum(line);
    std::string_view rest = whole;
    while (!rest.empty()) {
        const ssize_t written = ::write(file_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            fail(errno);
        }
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
}

void Journal::cut_to(std::size_t bytes) {
    if (::ftruncate(file_, static_cast<off_t>(bytes)) != 0) {
        fail(errno);
    }
}

void Journal::fail(int error) const {
    throw InputError(fmt::format("{}: {}, expected a file that can be written", path_,
                                 std::generic_category().message(error)));
}

}  // namespace mmusim::tb
