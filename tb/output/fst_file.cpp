// SPDX-License-Identifier: Apache-2.0
#include "tb/output/fst_file.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mmusim::tb {

namespace {

constexpr std::string_view converter_name = "vcd2fst";

// As a shell looks for it.
std::optional<std::string> find_converter() {
    const char* const path = std::getenv("PATH");
    std::string_view rest = path == nullptr ? "" : path;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(':'), rest.size());
        std::string candidate = fmt::format("{}/{}", rest.substr(0, end), converter_name);
        if (::access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return std::nullopt;
}

std::string installed_converter(const std::string& path) {
    std::optional<std::string> converter = find_converter();
    if (!converter) {
        throw InputError(fmt::format(
            "{}: {} is not installed, expected Debian's package gtkwave, or a name that does not "
            "end in .fst",
            path, converter_name));
    }
    return *converter;
}

/// What a program says goes nowhere.
class Silence {
  public:
    Silence() {
        posix_spawn_file_actions_init(&actions_);
        for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
            posix_spawn_file_actions_addopen(&actions_, descriptor, "/dev/null", O_WRONLY, 0);
        }
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;
    Silence(Silence&&) = delete;
    Silence& operator=(Silence&&) = delete;
    ~Silence() { posix_spawn_file_actions_destroy(&actions_); }

    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

}  // namespace

bool names_fst_file(std::string_view path) {
    return path.ends_with(".fst");
}

void check_fst_converter(const std::string& path) {
    static_cast<void>(installed_converter(path));
}

void convert_to_fst(const std::string& dump, const std::string& path) {
    std::string converter = installed_converter(path);
    std::string from = dump;
    std::string to = path;
    const std::array<char*, 4> arguments{converter.data(), from.data(), to.data(), nullptr};
    const Silence silence;
    pid_t process = 0;
    int status = 0;
    const bool ran = ::posix_spawn(&process, converter.c_str(), silence.get(), nullptr,
                                   arguments.data(), environ) == 0 &&
                     ::waitpid(process, &status, 0) == process;
    if (!ran || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw InputError(fmt::format("{}: {} failed, expected room for its file", path, converter));
    }
}

}  // namespace mmusim::tb
