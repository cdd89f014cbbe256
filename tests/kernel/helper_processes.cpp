// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/helper_processes.hpp"

#include "hw/base/types.hpp"
#include "tests/kernel/machine_refusal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <type_traits>
#include <unistd.h>

namespace mmusim::tests {

namespace {

using namespace mmusim::literals;

static_assert(std::is_trivially_copyable_v<HelperRequest>, "it is sent as it is");
static_assert(std::is_trivially_copyable_v<HelperReply>, "it is sent as it is");

constexpr int patience_seconds = 60;

// The calls below the helper's own frames have their pages too, before anything is counted.
void touch_stack_below() {
    constexpr std::size_t room_bytes = 64_KiB;
    std::array<volatile char, room_bytes> room;  // NOLINT(*-member-init): it is written here
    for (std::size_t offset = 0; offset < room.size(); offset += 1024) {
        room.at(offset) = 0;
    }
}

[[nodiscard]] OwnMemory memory_with_a_deep_stack() {
    touch_stack_below();
    return OwnMemory::of_this_process();
}

/// Whether the process has ended within the time that this test is ready to wait.
[[nodiscard]] bool wait_for_end(const Helper& helper) {
    pollfd ended{.fd = helper.process_descriptor, .events = POLLIN, .revents = 0};
    const bool in_time = ::poll(&ended, 1, patience_seconds * 1000) == 1;
    // Those that another helper forked are that helper's children.
    ::waitpid(helper.process, nullptr, WNOHANG);
    return in_time;
}

// A stack may grow so far below its start: the limit that most systems have.
void limit_stack() {
    constexpr rlim_t most_bytes = 8_MiB;
    rlimit limit{};
    ::getrlimit(RLIMIT_STACK, &limit);
    limit.rlim_cur = std::min(limit.rlim_max, most_bytes);
    ::setrlimit(RLIMIT_STACK, &limit);
}

// Pages that are alike would become one, and fault when they are written (systemd can ask for it on
// behalf of whatever it starts). Kernels before 6.4 do not.
void keep_pages_apart() {
    constexpr int set_memory_merge = 67;  // PR_SET_MEMORY_MERGE
    ::prctl(set_memory_merge, 0, 0, 0, 0);
}

}  // namespace

HelperProcesses::HelperProcesses(std::size_t most)
    : channels_(most), own_memory_(memory_with_a_deep_stack()) {
    for (Channel& channel : channels_) {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            throw MachineRefusal("no sockets for processes");
        }
        channel = {.here = ends[0], .there = ends[1]};
        const timeval patience{.tv_sec = patience_seconds, .tv_usec = 0};
        ::setsockopt(channel.here, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
}

HelperProcesses::~HelperProcesses() {
    for (const Channel& channel : channels_) {
        ::close(channel.here);
        ::close(channel.there);
    }
    for (const Helper& helper : helpers_) {
        if (!wait_for_end(helper)) {
            ::kill(helper.process, SIGKILL);
        }
        ::close(helper.process_descriptor);
    }
}

std::size_t HelperProcesses::next_channel() {
    return used_channels_++;
}

Helper HelperProcesses::start() {
    const std::size_t channel = next_channel();
    std::fflush(nullptr);
    const pid_t process = ::fork();
    if (process < 0) {
        throw MachineRefusal("no process");
    }
    if (process == 0) {
        serve_first(channel);
    }
    return ready_helper(channel);
}

Helper HelperProcesses::fork(const Helper& parent) {
    const std::size_t channel = next_channel();
    const HelperReply reply = ask(parent, ForkRequest{channel});
    if (reply.outcome.error != 0) {
        throw MachineRefusal("no more processes");
    }
    return ready_helper(channel);
}

void HelperProcesses::exit(const Helper& helper) {
    static_cast<void>(ask(helper, ExitRequest{}));
    if (!wait_for_end(helper)) {
        throw std::runtime_error(fmt::format("process {} does not end", helper.process));
    }
}

CountedOutcome HelperProcesses::call(const Helper& helper, const SystemCall& call) {
    return ask(helper, call).outcome;
}

CountedOutcome HelperProcesses::access(const Helper& helper, const tb::AccessSequence& sequence) {
    return ask(helper, sequence).outcome;
}

HelperReply HelperProcesses::ask(const Helper& helper, const HelperRequest& request) {
    if (::send(channels_[helper.channel].here, &request, sizeof request, MSG_NOSIGNAL) !=
        ssize_t{sizeof request}) {
        throw std::runtime_error(fmt::format("process {} does not listen", helper.process));
    }
    return answer_of(helper.channel);
}

HelperReply HelperProcesses::answer_of(std::size_t channel) {
    HelperReply reply;
    if (::recv(channels_[channel].here, &reply, sizeof reply, 0) != ssize_t{sizeof reply}) {
        throw std::runtime_error(fmt::format("process number {} does not answer", channel));
    }
    return reply;
}

Helper HelperProcesses::ready_helper(std::size_t channel) {
    const pid_t process = answer_of(channel).process;
    // NOLINTNEXTLINE(*-vararg): glibc 2.36 declares pidfd_open for C alone
    const auto descriptor = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    if (descriptor < 0) {
        throw MachineRefusal("no pidfd_open");
    }
    helpers_.push_back({.channel = channel, .process_descriptor = descriptor, .process = process});
    return helpers_.back();
}

// ---- in a helper

void HelperProcesses::serve_first(std::size_t channel) {
    // Who holds the other end of a channel keeps its listener alive.
    for (const Channel& other : channels_) {
        ::close(other.here);
    }
    // Children are reaped by nobody.
    std::signal(SIGCHLD, SIG_IGN);
    limit_stack();
    keep_pages_apart();
    catch_signals();
    serve(channel);
}

void HelperProcesses::announce(std::size_t channel) {
    own_memory_.make_present();
    const HelperReply ready{.outcome = {}, .process = ::getpid()};
    ::send(channels_[channel].there, &ready, sizeof ready, MSG_NOSIGNAL);
}

HelperReply HelperProcesses::reply_to(const ForkRequest& request, std::size_t& channel) {
    const pid_t child = ::fork();
    if (child == 0) {
        channel = request.channel;
        announce(channel);
        return {};
    }
    own_memory_.make_present();
    return {.outcome = {.error = child < 0 ? errno : 0}, .process = child};
}

void HelperProcesses::serve(std::size_t channel) {
    announce(channel);
    HelperRequest request;
    while (::recv(channels_[channel].there, &request, sizeof request, 0) ==
           ssize_t{sizeof request}) {
        const std::size_t asked_on = channel;
        HelperReply reply;
        if (const auto* const sequence = std::get_if<tb::AccessSequence>(&request)) {
            reply.outcome = count_accesses(*sequence);
        } else if (const auto* const call = std::get_if<SystemCall>(&request)) {
            reply.outcome = count_system_call(*call);
        } else if (const auto* const fork = std::get_if<ForkRequest>(&request)) {
            reply = reply_to(*fork, channel);
        }
        // A child has said that it is there already.
        if (channel == asked_on) {
            ::send(channels_[channel].there, &reply, sizeof reply, MSG_NOSIGNAL);
        }
        if (std::holds_alternative<ExitRequest>(request)) {
            break;
        }
    }
    ::_exit(EXIT_SUCCESS);
}

}  // namespace mmusim::tests
