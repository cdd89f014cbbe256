// SPDX-License-Identifier: Apache-2.0
#include "tests/support/child_process.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

namespace mmusim::tests {

namespace {

void write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written <= 0) {
            ::_exit(EXIT_FAILURE);
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string read_all(int descriptor) {
    std::string text;
    std::array<char, 4096> block{};
    ssize_t count = ::read(descriptor, block.data(), block.size());
    while (count > 0) {
        text.append(block.data(), static_cast<std::size_t>(count));
        count = ::read(descriptor, block.data(), block.size());
    }
    return text;
}

// Nothing of the parent's may be done again: no destructors, no buffers flushed.
[[noreturn]] void work_and_exit(const std::function<std::string()>& work, int answer) {
    int status = EXIT_SUCCESS;
    std::string text;
    try {
        text = work();
    } catch (const std::exception& error) {
        text = error.what();
        status = EXIT_FAILURE;
    }
    write_all(answer, text);
    ::_exit(status);
}

}  // namespace

std::string in_child_process(const std::function<std::string()>& work) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) {
        throw std::runtime_error("no pipe to a child process");
    }
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child < 0) {
        throw std::runtime_error("no child process");
    }
    if (child == 0) {
        ::close(ends[0]);
        work_and_exit(work, ends[1]);
    }
    ::close(ends[1]);
    std::string text = read_all(ends[0]);
    ::close(ends[0]);

    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) {
        throw std::runtime_error(
            fmt::format("the child process was ended by signal {}", WTERMSIG(status)));
    }
    if (WEXITSTATUS(status) != EXIT_SUCCESS) {
        throw std::runtime_error(text);
    }
    return text;
}

}  // namespace mmusim::tests
