// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/trial.hpp"

#include "hw/base/types.hpp"
#include "tests/kernel/machine_refusal.hpp"

#include <fmt/format.h>

#include <cstring>
#include <sys/mman.h>
#include <sys/syscall.h>

namespace mmusim::tests {

namespace {

constexpr std::uint64_t place = 0x4000'0000;
constexpr std::uint64_t nowhere = 0x3000'0000;
constexpr std::size_t most_processes = 2;

}  // namespace

Trial::Trial(std::uint64_t pages)
    : processes_(most_processes), helper_(processes_.start()), bytes_(pages * page_bytes) {
    map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
    // A kernel without huge pages does not know the advice.
    static_cast<void>(
        processes_.call(helper_, system_call(SYS_madvise, place, bytes_, MADV_NOHUGEPAGE)));
}

Trial::Trial(const HostFile& file)
    : processes_(most_processes), helper_(processes_.start()), bytes_(file.pages() * page_bytes) {
    map(MAP_SHARED, file.descriptor());
}

void Trial::advise(int advice) {
    call(system_call(SYS_madvise, place, bytes_, advice));
}

void Trial::fork() {
    static_cast<void>(processes_.fork(helper_));
}

CountedOutcome Trial::read_nothing() {
    return processes_.access(helper_, {.type = AccessType::read, .first = {nowhere}});
}

void Trial::map(int flags, int descriptor) {
    call(system_call(SYS_mmap, place, bytes_, PROT_READ | PROT_WRITE, flags | MAP_FIXED_NOREPLACE,
                     descriptor, 0));
}

CountedOutcome Trial::touch(AccessType type, std::uint64_t pages) {
    return processes_.access(helper_, {.type = type, .first = {place}, .count = pages});
}

void Trial::call(const SystemCall& call) {
    const int error = processes_.call(helper_, call).error;
    if (error != 0) {
        throw MachineRefusal(
            fmt::format("system call {}: {}", call.number, ::strerrorname_np(error)));
    }
}

}  // namespace mmusim::tests
