// SPDX-License-Identifier: Apache-2.0
#include "tb/record/program_under_qemu.hpp"

#include "hw/base/problems.hpp"
#include "tb/record/recorder_arguments.hpp"
#include "tb/record/recording_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace mmusim::tb {

namespace {

// In QEMU's options a comma ends a value, and two are one.
[[nodiscard]] std::string with_doubled_commas(std::string_view text) {
    std::string doubled;
    for (const char letter : text) {
        doubled.append(letter == ',' ? 2 : 1, letter);
    }
    return doubled;
}

[[noreturn]] void fail(std::string_view what, int error) {
    throw InputError(fmt::format("{}: {}", what, std::strerror(error)));
}

[[nodiscard]] std::filesystem::path make_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "mmusim-record-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        fail(name, errno);
    }
    return name;
}

/// What the keyboard sends is for the program: who records it goes on to the program's end.
class KeyboardSignals {
  public:
    KeyboardSignals() {
        ::posix_spawnattr_init(&attributes_);
        sigset_t defaults{};
        ::sigemptyset(&defaults);
        for (const int signal : signals) {
            ::sigaddset(&defaults, signal);
            std::signal(signal, SIG_IGN);
        }
        ::posix_spawnattr_setsigdefault(&attributes_, &defaults);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
    }
    KeyboardSignals(const KeyboardSignals&) = delete;
    KeyboardSignals& operator=(const KeyboardSignals&) = delete;
    KeyboardSignals(KeyboardSignals&&) = delete;
    KeyboardSignals& operator=(KeyboardSignals&&) = delete;
    ~KeyboardSignals() { ::posix_spawnattr_destroy(&attributes_); }

    [[nodiscard]] const posix_spawnattr_t* for_program() const { return &attributes_; }

  private:
    static constexpr std::array signals{SIGINT, SIGQUIT};

    posix_spawnattr_t attributes_{};
};

[[nodiscard]] std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

std::string library_prefix(GuestMachine machine) {
    const std::string debians_cross_libraries = "/usr/riscv64-linux-gnu";
    const bool chosen = std::getenv("QEMU_LD_PREFIX") != nullptr;
    const bool needed = machine == GuestMachine::riscv64 && !chosen &&
                        std::filesystem::is_directory(debians_cross_libraries);
    return needed ? debians_cross_libraries : std::string();
}

std::vector<std::string> command_line_of(const QemuCommand& command, int socket,
                                         const std::string& page_log) {
    const std::string recorder_arguments = to_text(
        {.machine = command.machine, .socket = socket, .page_log = with_doubled_commas(page_log)});
    std::vector<std::string> words{
        command.qemu.string(),
        "-d",
        "page",
        "-D",
        page_log,
        "-plugin",
        with_doubled_commas(command.recorder.string()) + "," + recorder_arguments,
        "-0",
        command.arguments.front()};
    if (const std::string prefix = library_prefix(command.machine); !prefix.empty()) {
        words.insert(words.end(), {"-L", prefix});
    }
    words.push_back(command.program.string());
    words.insert(words.end(), command.arguments.begin() + 1, command.arguments.end());
    return words;
}

ProgramUnderQemu::ProgramUnderQemu(const QemuCommand& command) : directory_(make_directory()) {
    std::array<int, 2> sockets{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets.data()) != 0) {
        fail("a socket for the recorder", errno);
    }
    socket_ = sockets[0];
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the system has no other way
    ::fcntl(socket_, F_SETFD, FD_CLOEXEC);

    const KeyboardSignals keyboard;
    std::vector<std::string> words =
        command_line_of(command, sockets[1], (directory_ / "pages").string());
    const std::vector<char*> pointers = pointers_to(words);
    const int error = ::posix_spawn(&process_, words.front().c_str(), nullptr,
                                    keyboard.for_program(), pointers.data(), environ);
    ::close(sockets[1]);
    if (error != 0) {
        process_ = -1;
        clean_up();
        fail(words.front(), error);
    }
}

ProgramUnderQemu::~ProgramUnderQemu() {
    clean_up();
}

void ProgramUnderQemu::clean_up() {
    if (socket_ >= 0) {
        ::close(std::exchange(socket_, -1));
    }
    if (process_ >= 0) {
        static_cast<void>(wait());
    }
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

// Programs that this one has started, and that go on after its end, are not waited for.
void ProgramUnderQemu::listen(const std::function<bool(std::span<const std::uint64_t>)>& take) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): glibc 2.36 declares pidfd_open for C alone
    const auto ending = static_cast<int>(::syscall(SYS_pidfd_open, process_, 0));
    std::array<pollfd, 2> waiting{{{.fd = socket_, .events = POLLIN, .revents = 0},
                                   {.fd = ending, .events = POLLIN, .revents = 0}}};
    bool more = true;
    while (more) {
        if (::poll(waiting.data(), waiting.size(), -1) < 0) {
            continue;
        }
        more = waiting[0].revents != 0 ? receive_one(take) : waiting[1].revents == 0;
    }
    ::close(ending);
    ::close(std::exchange(socket_, -1));
}

bool ProgramUnderQemu::receive_one(
    const std::function<bool(std::span<const std::uint64_t>)>& take) const {
    std::array<std::uint64_t, packet_words> packet{};
    const ssize_t bytes = ::recv(socket_, packet.data(), sizeof packet, 0);
    if (bytes < 0) {
        return errno == EINTR;
    }
    const std::size_t words = static_cast<std::size_t>(bytes) / sizeof packet.front();
    return words > 0 && take(std::span(packet).first(words));
}

int ProgramUnderQemu::wait() {
    constexpr int signal_base = 128;
    const pid_t process = std::exchange(process_, -1);
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? signal_base + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace mmusim::tb
