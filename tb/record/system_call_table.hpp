// SPDX-License-Identifier: Apache-2.0
// What Linux's system calls do to a program's memory: which of them change its address space, and
// which bytes the kernel itself reads and writes for it.
#pragma once

#include "hw/base/access.hpp"
#include "tb/record/guest_machine.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace mmusim::tb {

/// What a system call does to an address space.
enum class MemoryCall : std::uint8_t {
    none,
    map,       ///< mmap
    unmap,     ///< munmap
    protect,   ///< mprotect
    remap,     ///< mremap
    advise,    ///< madvise
    set_heap,  ///< brk
    sync,      ///< msync
    execute,   ///< execve: the address space ends
};

/// How many bytes lie behind a pointer that the kernel follows.
enum class Extent : std::uint8_t {
    fixed,     ///< `bytes`
    argument,  ///< `bytes` for each that another argument counts
    result,    ///< `bytes` for each that the result counts
    text,      ///< up to a zero
    vector,    ///< a list of buffers (struct iovec), of which the result counts the bytes
    message,   ///< a struct msghdr with such a list
};

/// Memory that the kernel reads or writes when a call succeeds; a text is read in any case. A null
/// pointer is not followed.
struct Touch {
    AccessType type = AccessType::read;
    std::size_t pointer = 0;  ///< which argument, from 0 on
    Extent extent = Extent::fixed;
    std::uint64_t bytes = 1;
    std::size_t count = 0;  ///< which argument counts: for `argument` and `vector`
};

struct SystemCallRow {
    std::string_view name;
    /// By GuestMachine; none where that machine's Linux has no such call.
    std::array<std::optional<std::uint16_t>, 2> numbers{};
    MemoryCall memory_call = MemoryCall::none;
    /// The first `touch_count` are there.
    std::array<Touch, 4> touches{};
    std::size_t touch_count = 0;

    [[nodiscard]] constexpr std::span<const Touch> touched() const {
        return std::span(touches).first(touch_count);
    }
};

/// All calls that concern memory.
[[nodiscard]] std::span<const SystemCallRow> system_call_table();

/// The row of a number; null for a call that concerns no memory, or is not known.
[[nodiscard]] const SystemCallRow* find_system_call(GuestMachine machine, std::uint64_t number);

}  // namespace mmusim::tb
