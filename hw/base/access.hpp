// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/types.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace mmusim {

/// What an access does to the byte it names.
enum class AccessType : std::uint8_t { read, write, fetch };

[[nodiscard]] constexpr auto enumerator_names(AccessType) {
    return std::array<std::string_view, 3>{"read", "write", "fetch"};
}

/// The mode an access is made in (RISC-V privileged specification 1.2, with its encoding).
enum class Privilege : std::uint8_t { user = 0, supervisor = 1, machine = 3 };

/// One access of a program. It may cross into the next page.
struct Access {
    VirtualAddress address;
    std::uint32_t size_bytes = 1;
    AccessType type = AccessType::read;

    constexpr bool operator==(const Access&) const = default;

    [[nodiscard]] constexpr bool crosses_page() const {
        return address.page_offset() + size_bytes > page_bytes;
    }
};

/// Where accesses come from: a trace, a generator, a script.
class AccessSource {
  public:
    AccessSource() = default;
    AccessSource(const AccessSource&) = delete;
    AccessSource& operator=(const AccessSource&) = delete;
    AccessSource(AccessSource&&) = delete;
    AccessSource& operator=(AccessSource&&) = delete;
    virtual ~AccessSource() = default;

    /// The next accesses in program order, at least one; empty when there are no more. What was
    /// returned is valid until the next call. Throws InputError on a malformed record.
    [[nodiscard]] virtual std::span<const Access> next_batch() = 0;
};

}  // namespace mmusim
