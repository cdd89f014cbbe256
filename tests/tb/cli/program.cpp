// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/cli/program.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace mmusim::tests {

namespace {

constexpr const char* program_path = MMUSIM_PROGRAM;
constexpr int file_mode = 0600;

// Where the standard streams of a program go, and where it works.
class FileActions {
  public:
    FileActions(const std::string& folder, const std::string& output, const std::string& errors) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        open(STDOUT_FILENO, output);
        open(STDERR_FILENO, errors);
    }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    FileActions(FileActions&&) = delete;
    FileActions& operator=(FileActions&&) = delete;
    ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }

    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

  private:
    void open(int descriptor, const std::string& path) {
        posix_spawn_file_actions_addopen(&actions_, descriptor, path.c_str(),
                                         O_WRONLY | O_CREAT | O_TRUNC, file_mode);
    }

    posix_spawn_file_actions_t actions_{};
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> environment() {
    std::vector<std::string> variables{std::string("mmusim=") + program_path};
    for (char** variable = environ; *variable != nullptr; ++variable) {
        variables.emplace_back(*variable);
    }
    return variables;
}

}  // namespace

Workplace::Workplace() {
    std::filesystem::create_directory(path_of(""));
}

Outcome Workplace::mmusim(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command{program_path};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return end_of(start(command));
}

Outcome Workplace::shell(const std::string& line) const {
    return end_of(start({"/bin/sh", "-c", line}));
}

Outcome Workplace::mmusim_with_signal(int signal, std::size_t files_before,
                                      const std::vector<std::string>& arguments) const {
    constexpr std::chrono::milliseconds between_looks{5};
    std::vector<std::string> command{program_path};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const pid_t process = start(command);
    const auto still_runs = [process] {
        siginfo_t ended{};
        ::waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOHANG | WNOWAIT);
        return ended.si_pid == 0;
    };
    while (still_runs() && files().size() < files_before) {
        std::this_thread::sleep_for(between_looks);
    }
    ::kill(process, signal);
    return end_of(process);
}

std::string Workplace::path_of(std::string_view name) const {
    return scratch_.path_of(std::string("work/").append(name));
}

std::string Workplace::file(std::string_view name, std::string_view contents) const {
    return scratch_.file(std::string("work/").append(name), contents);
}

std::string Workplace::contents_of(std::string_view name) const {
    return scratch_.contents_of(std::string("work/").append(name));
}

std::vector<std::string> Workplace::files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_of(""))) {
        names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

pid_t Workplace::start(const std::vector<std::string>& command) const {
    const FileActions actions(path_of(""), scratch_.path_of("output"), scratch_.path_of("errors"));
    std::vector<std::string> arguments = command;
    std::vector<std::string> variables = environment();
    const std::vector<char*> argument_pointers = pointers_to(arguments);
    const std::vector<char*> variable_pointers = pointers_to(variables);
    pid_t process = 0;
    const int error = ::posix_spawn(&process, command.front().c_str(), actions.get(), nullptr,
                                    argument_pointers.data(), variable_pointers.data());
    if (error != 0) {
        throw std::runtime_error("cannot start " + command.front());
    }
    return process;
}

Outcome Workplace::end_of(pid_t process) const {
    constexpr int signal_base = 128;
    int status = 0;
    ::waitpid(process, &status, 0);
    return {.status = WIFSIGNALED(status) ? signal_base + WTERMSIG(status) : WEXITSTATUS(status),
            .output = scratch_.contents_of("output"),
            .errors = scratch_.contents_of("errors")};
}

bool complains(const Outcome& outcome, std::string_view message) {
    return outcome.status == 2 && outcome.output.empty() &&
           outcome.errors == "mmusim: " + std::string(message) + "\n";
}

}  // namespace mmusim::tests
