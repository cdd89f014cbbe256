// SPDX-License-Identifier: Apache-2.0
// Memory that the kernel touches for a program, found from a system call's arguments.
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"
#include "tb/record/system_call_table.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mmusim::tb {

/// A system call that has returned.
struct SystemCall {
    std::uint64_t number = 0;
    std::array<std::uint64_t, 6> arguments{};
    std::int64_t result = 0;

    /// Linux answers with the negative number of an error, of which there are fewer than 4096.
    [[nodiscard]] constexpr bool failed() const { return result < 0 && result > -page_size; }

    constexpr bool operator==(const SystemCall&) const = default;

  private:
    static constexpr std::int64_t page_size = 4096;
};

/// The memory of the program that made the call.
class GuestMemory {
  public:
    GuestMemory() = default;
    GuestMemory(const GuestMemory&) = delete;
    GuestMemory& operator=(const GuestMemory&) = delete;
    GuestMemory(GuestMemory&&) = delete;
    GuestMemory& operator=(GuestMemory&&) = delete;
    virtual ~GuestMemory() = default;

    /// Copies bytes from `address` on; false if not all of them are mapped.
    [[nodiscard]] virtual bool copy(VirtualAddress address, std::span<std::byte> bytes) const = 0;
};

/// What the kernel touched, in the order of its arguments: an access for each page.
[[nodiscard]] std::vector<Access> touched_memory(const SystemCallRow& row, const SystemCall& call,
                                                 const GuestMemory& memory);

/// Accesses to all of the bytes from `address` on, one for each page.
void add_accesses(AccessType type, VirtualAddress address, std::uint64_t bytes,
                  std::vector<Access>& accesses);

}  // namespace mmusim::tb
