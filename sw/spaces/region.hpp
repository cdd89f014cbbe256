// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"

namespace mmusim::sw {

/// What a program may do in a region.
struct Rights {
    bool read = false;
    bool write = false;
    bool execute = false;

    constexpr bool operator==(const Rights&) const = default;

    /// Who may write may read: RISC-V has no write-only page.
    [[nodiscard]] constexpr bool allows(AccessType type) const {
        switch (type) {
            case AccessType::fetch: return execute;
            case AccessType::write: return write;
            case AccessType::read: break;
        }
        return read || write;
    }
};

inline constexpr Rights read_write_execute{.read = true, .write = true, .execute = true};

/// The addresses [start, end) of one address space, whole pages of private anonymous memory.
struct Region {
    VirtualAddress start;
    VirtualAddress end;
    Rights rights;

    constexpr bool operator==(const Region&) const = default;

    [[nodiscard]] constexpr bool contains(VirtualAddress address) const {
        return start <= address && address < end;
    }
};

}  // namespace mmusim::sw
