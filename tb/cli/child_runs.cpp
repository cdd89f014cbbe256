// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/child_runs.hpp"

#include "tb/text/parse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mmusim::tb {

namespace {

// What an answer begins with.
constexpr char answer_cycles = 'c';
constexpr char answer_failure = 'f';

[[noreturn]] void throw_system_error(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            return;  // nobody listens any more
        }
        text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
    }
}

// Waits for a byte.
void take_byte(int descriptor) {
    char byte = 0;
    while (::read(descriptor, &byte, 1) < 0 && errno == EINTR) {
    }
}

[[nodiscard]] std::string answer_of(const std::function<Cycles()>& run) {
    try {
        return fmt::format("{}{}", answer_cycles, run().value);
    } catch (const std::exception& error) {
        return answer_failure + std::string(error.what());
    }
}

[[nodiscard]] ChildEnd child_end_of(std::string_view answer, int status) {
    if (!answer.empty() && answer.front() == answer_failure) {
        return {.failure = std::string(answer.substr(1))};
    }
    if (!answer.empty() && answer.front() == answer_cycles) {
        if (const std::optional<std::uint64_t> cycles = parse_unsigned(answer.substr(1))) {
            return {.cycles = Cycles{*cycles}};
        }
    }
    return {.failure = WIFSIGNALED(status)
                           ? fmt::format("its process was ended by signal {}", WTERMSIG(status))
                           : fmt::format("its process ended with status {}", WEXITSTATUS(status))};
}

}  // namespace

Pipe::Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw_system_error("pipe");
    }
    reading_ = ends[0];
    writing_ = ends[1];
}

Pipe::Pipe(Pipe&& other) noexcept
    : reading_(std::exchange(other.reading_, -1)), writing_(std::exchange(other.writing_, -1)) {}

Pipe::~Pipe() {
    close_reading();
    close_writing();
}

void Pipe::close_reading() {
    if (reading_ >= 0) {
        ::close(std::exchange(reading_, -1));
    }
}

void Pipe::close_writing() {
    if (writing_ >= 0) {
        ::close(std::exchange(writing_, -1));
    }
}

ChildRuns::ChildRuns(const std::vector<std::function<Cycles()>>& runs, std::size_t at_once) {
    write_all(permits_.writing(), std::string(at_once, '.'));
    // What is in a buffer now must not be written by every child.
    std::fflush(nullptr);
    std::cout.flush();
    children_.reserve(runs.size());
    const pid_t parent = ::getpid();
    for (const std::function<Cycles()>& run : runs) {
        Child& child = children_.emplace_back();
        child.process = ::fork();
        if (child.process < 0) {
            children_.pop_back();
            throw_system_error("fork");
        }
        if (child.process == 0) {
            be_child(parent, run, child.answer);
        }
        child.answer.close_writing();
    }
}

ChildRuns::~ChildRuns() {
    for (Child& child : children_) {
        end(child);
    }
}

void ChildRuns::be_child(pid_t parent, const std::function<Cycles()>& run, Pipe& answer) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        std::_Exit(EXIT_FAILURE);
    }
    // A request to end early is the parent's.
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    answer.close_reading();
    take_byte(permits_.reading());
    write_all(answer.writing(), answer_of(run));
    write_all(permits_.writing(), ".");
    std::_Exit(EXIT_SUCCESS);
}

void ChildRuns::let_another_work() {
    write_all(permits_.writing(), ".");
}

std::vector<ChildEnd> ChildRuns::wait(const std::atomic<bool>& interrupted) {
    while (any_under_way() && !interrupted) {
        listen();
    }
    std::vector<ChildEnd> ends;
    for (Child& child : children_) {
        if (child.under_way) {
            end(child);
            ends.push_back({.failure = "interrupted"});
        } else {
            ends.push_back(child_end_of(child.text, child.status));
        }
    }
    return ends;
}

bool ChildRuns::any_under_way() const {
    return std::any_of(children_.begin(), children_.end(),
                       [](const Child& child) { return child.under_way; });
}

// Until somebody has said something, or a signal has come.
void ChildRuns::listen() {
    std::vector<pollfd> descriptors;
    for (const Child& child : children_) {
        descriptors.push_back(
            {.fd = child.under_way ? child.answer.reading() : -1, .events = POLLIN, .revents = 0});
    }
    if (::poll(descriptors.data(), descriptors.size(), -1) < 0) {
        if (errno != EINTR) {
            throw_system_error("poll");
        }
        return;
    }
    for (std::size_t number = 0; number < descriptors.size(); ++number) {
        if (descriptors[number].revents != 0) {
            hear(children_[number]);
        }
    }
}

void ChildRuns::hear(Child& child) {
    std::array<char, 4096> buffer{};
    const ssize_t length = ::read(child.answer.reading(), buffer.data(), buffer.size());
    if (length > 0) {
        child.text.append(buffer.data(), static_cast<std::size_t>(length));
        return;
    }
    if (length < 0 && errno == EINTR) {
        return;
    }
    child.under_way = false;
    ::waitpid(child.process, &child.status, 0);
    const bool permit_lost = !WIFEXITED(child.status);
    if (permit_lost) {
        let_another_work();
    }
}

void ChildRuns::end(Child& child) {
    if (std::exchange(child.under_way, false)) {
        ::kill(child.process, SIGKILL);
        ::waitpid(child.process, &child.status, 0);
    }
}

}  // namespace mmusim::tb
