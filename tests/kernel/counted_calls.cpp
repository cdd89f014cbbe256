// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/counted_calls.hpp"

#include "hw/base/types.hpp"
#include "tests/kernel/machine_refusal.hpp"

#include <array>
#include <cerrno>
#include <csetjmp>
#include <csignal>
#include <cstddef>
#include <sys/resource.h>
#include <unistd.h>

namespace mmusim::tests {

namespace {

using namespace mmusim::literals;

/// What the signal handler shares with the call that it ends. All of it is present when a call
/// begins (OwnMemory::make_present).
struct Workspace {
    rusage before{};
    rusage after{};
    sigjmp_buf escape{};
    int signal = 0;
    int signal_code = 0;
};

constexpr std::size_t signal_stack_bytes = 64_KiB;

Workspace workspace;  // NOLINT(*-avoid-non-const-global-variables)
std::array<std::byte, signal_stack_bytes>
    signal_stack{};  // NOLINT(*-avoid-non-const-global-variables)

// The count is taken before anything else runs that might fault.
void end_call(int signal, siginfo_t* information, void* /*context*/) {
    ::getrusage(RUSAGE_SELF, &workspace.after);
    workspace.signal = signal;
    workspace.signal_code = information->si_code;
    siglongjmp(workspace.escape, 1);
}

struct __attribute__((packed, may_alias)) EightBytes {
    volatile std::uint64_t value;
};

constexpr std::uint64_t eight_returns = std::uint64_t{0x0101'0101'0101'0101} * return_instruction;

// NOLINTBEGIN(*-reinterpret-cast,performance-no-int-to-ptr): a script's addresses are numbers
void make_access(AccessType type, std::uint64_t address) {
    auto* const bytes = reinterpret_cast<EightBytes*>(address);
    switch (type) {
        case AccessType::read: static_cast<void>(bytes->value); break;
        case AccessType::write: bytes->value = eight_returns; break;
        case AccessType::fetch: reinterpret_cast<void (*)()>(address)(); break;
    }
}

// NOLINTEND(*-reinterpret-cast,performance-no-int-to-ptr)

void make_accesses(const tb::AccessSequence& sequence) {
    for (std::uint64_t round = 0; round < sequence.repeat; ++round) {
        for (std::uint64_t index = 0; index < sequence.count; ++index) {
            make_access(sequence.type, sequence.first.value + index * sequence.step_bytes);
        }
    }
}

[[nodiscard]] std::uint64_t difference(long after, long before) {
    return static_cast<std::uint64_t>(after - before);
}

// NOLINTBEGIN(*-union-access): glibc's rusage is made of them
[[nodiscard]] CountedOutcome outcome(int error) {
    return {.minor = difference(workspace.after.ru_minflt, workspace.before.ru_minflt),
            .major = difference(workspace.after.ru_majflt, workspace.before.ru_majflt),
            .signal = workspace.signal,
            .signal_code = workspace.signal_code,
            .error = error};
}
// NOLINTEND(*-union-access)

}  // namespace

void catch_signals() {
    const stack_t stack{
        .ss_sp = signal_stack.data(), .ss_flags = 0, .ss_size = signal_stack.size()};
    struct sigaction action {};
    action.sa_sigaction = end_call;
    // Without SA_NODEFER the signal would stay blocked after the jump.
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    const bool caught = ::sigaltstack(&stack, nullptr) == 0 &&
                        ::sigaction(SIGSEGV, &action, nullptr) == 0 &&
                        ::sigaction(SIGBUS, &action, nullptr) == 0;
    if (!caught) {
        throw MachineRefusal("signals cannot be caught");
    }
}

CountedOutcome count_accesses(const tb::AccessSequence& sequence) {
    workspace.signal = 0;
    workspace.signal_code = 0;
    ::getrusage(RUSAGE_SELF, &workspace.before);
    if (sigsetjmp(workspace.escape, 0) == 0) {
        make_accesses(sequence);
        ::getrusage(RUSAGE_SELF, &workspace.after);
    }
    return outcome(0);
}

CountedOutcome count_system_call(const SystemCall& call) {
    workspace.signal = 0;
    workspace.signal_code = 0;
    const auto& arguments = call.arguments;
    ::getrusage(RUSAGE_SELF, &workspace.before);
    // NOLINTNEXTLINE(*-vararg): there is no other way to make any system call
    const long result = ::syscall(call.number, arguments[0], arguments[1], arguments[2],
                                  arguments[3], arguments[4], arguments[5]);
    ::getrusage(RUSAGE_SELF, &workspace.after);
    return outcome(result == -1 ? errno : 0);
}

}  // namespace mmusim::tests
