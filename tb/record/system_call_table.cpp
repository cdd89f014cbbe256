// SPDX-License-Identifier: Apache-2.0
#include "tb/record/system_call_table.hpp"

#include <algorithm>
#include <initializer_list>

namespace mmusim::tb {

namespace {

using Number = std::optional<std::uint16_t>;

constexpr Number absent = std::nullopt;

/// `bytes` at a pointer, read or written by the kernel.
[[nodiscard]] constexpr Touch reads(std::size_t pointer, std::uint64_t bytes) {
    return {.type = AccessType::read, .pointer = pointer, .bytes = bytes};
}
[[nodiscard]] constexpr Touch writes(std::size_t pointer, std::uint64_t bytes) {
    return {.type = AccessType::write, .pointer = pointer, .bytes = bytes};
}

[[nodiscard]] constexpr Touch counted_by_argument(AccessType type, std::size_t pointer,
                                                  std::size_t count, std::uint64_t bytes = 1) {
    return {.type = type,
            .pointer = pointer,
            .extent = Extent::argument,
            .bytes = bytes,
            .count = count};
}

[[nodiscard]] constexpr Touch counted_by_result(AccessType type, std::size_t pointer,
                                                std::uint64_t bytes = 1) {
    return {.type = type, .pointer = pointer, .extent = Extent::result, .bytes = bytes};
}

[[nodiscard]] constexpr Touch text(std::size_t pointer) {
    return {.pointer = pointer, .extent = Extent::text};
}

[[nodiscard]] constexpr Touch vector(AccessType type, std::size_t pointer, std::size_t count) {
    return {.type = type, .pointer = pointer, .extent = Extent::vector, .count = count};
}

[[nodiscard]] constexpr Touch message(AccessType type, std::size_t pointer) {
    return {.type = type, .pointer = pointer, .extent = Extent::message};
}

[[nodiscard]] constexpr SystemCallRow row(std::string_view name, Number x86_64, Number riscv64,
                                          std::initializer_list<Touch> touches) {
    SystemCallRow made{.name = name, .numbers = {x86_64, riscv64}};
    for (const Touch& touch : touches) {
        made.touches[made.touch_count] = touch;
        ++made.touch_count;
    }
    return made;
}

[[nodiscard]] constexpr SystemCallRow memory_row(std::string_view name, Number x86_64,
                                                 Number riscv64, MemoryCall call) {
    return {.name = name, .numbers = {x86_64, riscv64}, .memory_call = call};
}

constexpr AccessType read = AccessType::read;
constexpr AccessType write = AccessType::write;

// Sizes of the kernel's structures. Where the two machines differ it is the smaller one.
constexpr std::uint64_t action_bytes = 24;
constexpr std::uint64_t signal_set_bytes = 8;
constexpr std::uint64_t signal_stack_bytes = 24;
constexpr std::uint64_t time_bytes = 16;
constexpr std::uint64_t timer_bytes = 32;
constexpr std::uint64_t status_bytes = 128;
constexpr std::uint64_t extended_status_bytes = 256;
constexpr std::uint64_t file_system_bytes = 120;
constexpr std::uint64_t usage_bytes = 144;
constexpr std::uint64_t system_names_bytes = 390;
constexpr std::uint64_t system_information_bytes = 112;
constexpr std::uint64_t poll_bytes = 8;
constexpr std::uint64_t event_bytes = 12;
constexpr std::uint64_t int_bytes = 4;
constexpr std::uint64_t pair_bytes = 8;

// Numbers: asm/unistd_64.h for x86-64, asm-generic/unistd.h for RISC-V.
constexpr std::array system_calls{
    // What changes an address space.
    memory_row("mmap", 9, 222, MemoryCall::map),
    memory_row("mprotect", 10, 226, MemoryCall::protect),
    memory_row("munmap", 11, 215, MemoryCall::unmap),
    memory_row("brk", 12, 214, MemoryCall::set_heap),
    memory_row("mremap", 25, 216, MemoryCall::remap),
    memory_row("msync", 26, 227, MemoryCall::sync),
    memory_row("madvise", 28, 233, MemoryCall::advise),
    memory_row("execve", 59, 221, MemoryCall::execute),

    // Data in and out.
    row("read", 0, 63, {counted_by_result(write, 1)}),
    row("write", 1, 64, {counted_by_result(read, 1)}),
    row("pread64", 17, 67, {counted_by_result(write, 1)}),
    row("pwrite64", 18, 68, {counted_by_result(read, 1)}),
    row("readv", 19, 65, {vector(write, 1, 2)}),
    row("writev", 20, 66, {vector(read, 1, 2)}),
    row("preadv", 295, 69, {vector(write, 1, 2)}),
    row("pwritev", 296, 70, {vector(read, 1, 2)}),
    row("sendto", 44, 206, {counted_by_result(read, 1), counted_by_argument(read, 4, 5)}),
    row("recvfrom", 45, 207, {counted_by_result(write, 1), writes(5, int_bytes)}),
    row("sendmsg", 46, 211, {message(read, 1)}),
    row("recvmsg", 47, 212, {message(write, 1)}),
    row("getrandom", 318, 278, {counted_by_result(write, 0)}),
    row("getdents64", 217, 61, {counted_by_result(write, 1)}),

    // Files by name.
    row("open", 2, absent, {text(0)}),
    row("openat", 257, 56, {text(1)}),
    row("creat", 85, absent, {text(0)}),
    row("access", 21, absent, {text(0)}),
    row("faccessat", 269, 48, {text(1)}),
    row("faccessat2", 439, 439, {text(1)}),
    row("stat", 4, absent, {text(0), writes(1, status_bytes)}),
    row("fstat", 5, 80, {writes(1, status_bytes)}),
    row("lstat", 6, absent, {text(0), writes(1, status_bytes)}),
    row("newfstatat", 262, 79, {text(1), writes(2, status_bytes)}),
    row("statx", 332, 291, {text(1), writes(4, extended_status_bytes)}),
    row("statfs", 137, 43, {text(0), writes(1, file_system_bytes)}),
    row("fstatfs", 138, 44, {writes(1, file_system_bytes)}),
    row("readlink", 89, absent, {text(0), counted_by_result(write, 1)}),
    row("readlinkat", 267, 78, {text(1), counted_by_result(write, 2)}),
    row("getcwd", 79, 17, {counted_by_result(write, 0)}),
    row("chdir", 80, 49, {text(0)}),
    row("rename", 82, absent, {text(0), text(1)}),
    row("renameat2", 316, 276, {text(1), text(3)}),
    row("mkdir", 83, absent, {text(0)}),
    row("mkdirat", 258, 34, {text(1)}),
    row("rmdir", 84, absent, {text(0)}),
    row("unlink", 87, absent, {text(0)}),
    row("unlinkat", 263, 35, {text(1)}),
    row("memfd_create", 319, 279, {text(0)}),

    // Pipes, sockets and waiting.
    row("pipe", 22, absent, {writes(0, pair_bytes)}),
    row("pipe2", 293, 59, {writes(0, pair_bytes)}),
    row("poll", 7, absent, {counted_by_argument(write, 0, 1, poll_bytes)}),
    row("ppoll", 271, 73, {counted_by_argument(write, 0, 1, poll_bytes), reads(2, time_bytes)}),
    row("epoll_ctl", 233, 21, {reads(3, event_bytes)}),
    row("epoll_wait", 232, absent, {counted_by_result(write, 1, event_bytes)}),
    row("epoll_pwait", 281, 22, {counted_by_result(write, 1, event_bytes)}),
    row("futex", 202, 98, {reads(0, int_bytes)}),
    row("connect", 42, 203, {counted_by_argument(read, 1, 2)}),
    row("bind", 49, 200, {counted_by_argument(read, 1, 2)}),
    row("socketpair", 53, 199, {writes(3, pair_bytes)}),
    row("setsockopt", 54, 208, {counted_by_argument(read, 3, 4)}),
    row("wait4", 61, 260, {writes(1, int_bytes), writes(3, usage_bytes)}),

    // Time, signals and what the system says of itself.
    row("nanosleep", 35, 101, {reads(0, time_bytes)}),
    row("clock_nanosleep", 230, 115, {reads(2, time_bytes)}),
    row("clock_gettime", 228, 113, {writes(1, time_bytes)}),
    row("clock_getres", 229, 114, {writes(1, time_bytes)}),
    row("gettimeofday", 96, 169, {writes(0, time_bytes)}),
    row("times", 100, 153, {writes(0, timer_bytes)}),
    row("setitimer", 38, 103, {reads(1, timer_bytes), writes(2, timer_bytes)}),
    row("rt_sigaction", 13, 134, {reads(1, action_bytes), writes(2, action_bytes)}),
    row("rt_sigprocmask", 14, 135, {reads(1, signal_set_bytes), writes(2, signal_set_bytes)}),
    row("sigaltstack", 131, 132, {reads(0, signal_stack_bytes), writes(1, signal_stack_bytes)}),
    row("uname", 63, 160, {writes(0, system_names_bytes)}),
    row("sysinfo", 99, 179, {writes(0, system_information_bytes)}),
    row("getrlimit", 97, 163, {writes(1, time_bytes)}),
    row("prlimit64", 302, 261, {reads(2, time_bytes), writes(3, time_bytes)}),
    row("getrusage", 98, 165, {writes(1, usage_bytes)}),
    row("sched_getaffinity", 204, 123, {counted_by_result(write, 2)}),
};

}  // namespace

std::span<const SystemCallRow> system_call_table() {
    return system_calls;
}

const SystemCallRow* find_system_call(GuestMachine machine, std::uint64_t number) {
    const auto* const found =
        std::find_if(system_calls.begin(), system_calls.end(), [&](const SystemCallRow& row) {
            return row.numbers[static_cast<std::size_t>(machine)] == number;
        });
    return found == system_calls.end() ? nullptr : &*found;
}

}  // namespace mmusim::tb
