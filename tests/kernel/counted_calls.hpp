// SPDX-License-Identifier: Apache-2.0
// Accesses and system calls of this process, with the page faults that the kernel counts for them.
#pragma once

#include "tb/workload/script_accesses.hpp"

#include <array>
#include <cstdint>

namespace mmusim::tests {

/// What the kernel counted during a call, and how it ended.
struct CountedOutcome {
    std::uint64_t minor = 0;
    std::uint64_t major = 0;
    int signal = 0;       ///< SIGSEGV or SIGBUS, else 0
    int signal_code = 0;  ///< its si_code
    int error = 0;        ///< errno, or 0
};

/// A system call and its arguments.
struct SystemCall {
    long number = 0;
    std::array<long, 6> arguments{};
};

template <typename... Arguments>
[[nodiscard]] SystemCall system_call(long number, Arguments... arguments) {
    return {.number = number, .arguments = {{static_cast<long>(arguments)...}}};
}

/// The byte that fills files and what a `write` stores: an instruction that returns at once, or 0
/// where none is known; `fetch` calls what is at an address.
#if defined(__x86_64__)
inline constexpr std::uint8_t return_instruction = 0xc3;
#else
inline constexpr std::uint8_t return_instruction = 0;
#endif

/// Signals of a counted call end that call from now on, not the process. Throws MachineRefusal if
/// the kernel does not let it.
void catch_signals();

/// Makes the accesses. The first one that ends in a signal is the last.
[[nodiscard]] CountedOutcome count_accesses(const tb::AccessSequence& sequence);

[[nodiscard]] CountedOutcome count_system_call(const SystemCall& call);

}  // namespace mmusim::tests
