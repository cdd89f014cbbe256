// SPDX-License-Identifier: Apache-2.0
#include "tb/jobs/child_process.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace mmusim::tb {

namespace {

// The first letter of what a child writes.
constexpr char answer_follows = 'a';
constexpr char input_error_follows = 'i';
constexpr char message_follows = 'm';

[[noreturn]] void fail_to_start(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

void write_whole(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            ::_exit(EXIT_FAILURE);
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

// A handler of the parent's would only note the signal.
void belong_to(pid_t parent) {
    std::signal(SIGINT, SIG_DFL);
    std::signal(SIGTERM, SIG_DFL);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system has no other way
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        ::_exit(EXIT_FAILURE);
    }
}

[[nodiscard]] std::string answer_or_message(const std::function<std::string()>& work) {
    try {
        return answer_follows + work();
    } catch (const InputError& error) {
        return fmt::format("{}{}", input_error_follows, error.what());
    } catch (const ModelError& error) {
        return fmt::format("{}this is a defect of the simulator: {}", message_follows,
                           error.what());
    } catch (const std::exception& error) {
        return fmt::format("{}{}", message_follows, error.what());
    }
}

[[nodiscard]] JobOutcome outcome_of(int status, std::string answer) {
    if (WIFSIGNALED(status)) {
        const int signal = WTERMSIG(status);
        // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread
        return JobFailure{.message = fmt::format("its process was ended by signal {} ({})", signal,
                                                 ::strsignal(signal)),
                          .cause = JobFailure::Cause::by_signal};
    }
    if (WEXITSTATUS(status) != EXIT_SUCCESS || answer.empty()) {
        return JobFailure{.message = fmt::format("its process ended with status {}, without an "
                                                 "answer",
                                                 WEXITSTATUS(status))};
    }
    const char kind = answer.front();
    answer.erase(0, 1);
    if (kind == answer_follows) {
        return JobAnswer{std::move(answer)};
    }
    return JobFailure{
        .message = std::move(answer),
        .cause = kind == input_error_follows ? JobFailure::Cause::input : JobFailure::Cause::other};
}

// The children that have something to say, after a while at most.
[[nodiscard]] std::vector<bool> listen_to(const ChildProcesses& children) {
    constexpr int milliseconds = 200;
    std::vector<pollfd> ears;
    for (const auto& child : children) {
        ears.push_back({.fd = child->descriptor(), .events = POLLIN, .revents = 0});
    }
    const int ready = ::poll(ears.data(), ears.size(), milliseconds);
    if (ready < 0 && errno != EINTR) {
        throw std::system_error(errno, std::generic_category(), "waiting for child processes");
    }
    std::vector<bool> speaks(children.size(), false);
    if (ready > 0) {
        std::transform(ears.begin(), ears.end(), speaks.begin(),
                       [](const pollfd& ear) { return ear.revents != 0; });
    }
    return speaks;
}

}  // namespace

ChildProcess::ChildProcess(std::size_t job, const std::function<std::string(std::size_t)>& work)
    : job_(job) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        fail_to_start("no pipe to a child process");
    }
    // What stands in a buffer would be written twice.
    std::fflush(nullptr);
    const pid_t parent = ::getpid();
    process_ = ::fork();
    if (process_ < 0) {
        ::close(ends[0]);
        ::close(ends[1]);
        fail_to_start("no child process");
    }
    if (process_ == 0) {
        ::close(ends[0]);
        belong_to(parent);
        write_whole(ends[1], answer_or_message([&] { return work(job); }));
        // Nothing of the parent's may be done again: no destructors, no buffers flushed.
        ::_exit(EXIT_SUCCESS);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
}

ChildProcess::~ChildProcess() {
    ::close(pipe_);
    if (process_ != 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
}

bool ChildProcess::take() {
    std::array<char, 65536> block;  // NOLINT(cppcoreguidelines-pro-type-member-init): is read into
    const ssize_t count = ::read(pipe_, block.data(), block.size());
    if (count < 0) {
        return errno == EINTR;
    }
    answer_.append(block.data(), static_cast<std::size_t>(count));
    return count != 0;
}

JobOutcome ChildProcess::end() {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = 0;
    if (WIFSIGNALED(status) && asks_to_end(WTERMSIG(status))) {
        // What asked it asks this process too, in the same moment: time to notice that.
        constexpr useconds_t microseconds = 100'000;
        ::usleep(microseconds);
    }
    return outcome_of(status, std::move(answer_));
}

void hear(ChildProcesses& children,
          const std::function<void(std::size_t job, const JobOutcome& outcome)>& ended) {
    const std::vector<bool> speaks = listen_to(children);
    for (std::size_t index = 0; index < children.size(); ++index) {
        if (speaks[index] && !children[index]->take()) {
            const std::unique_ptr<ChildProcess> silent = std::move(children[index]);
            ended(silent->job(), silent->end());
        }
    }
    children.erase(std::remove(children.begin(), children.end(), nullptr), children.end());
}

bool asks_to_end(int signal) {
    return signal == SIGINT || signal == SIGTERM;
}

}  // namespace mmusim::tb
