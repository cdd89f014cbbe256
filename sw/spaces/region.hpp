// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>

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

/// Names a file or an object of shared memory, from 0 in the order of their making.
struct ObjectId {
    std::uint32_t value = 0;

    constexpr auto operator<=>(const ObjectId&) const = default;
};

/// Whether what one process writes is seen by the others that map the same.
enum class Sharing : std::uint8_t {
    private_,  // NOLINT(readability-identifier-naming): `private` is a keyword
    shared,
};

/// What a program has said of its use of a region (madvise).
enum class AccessPattern : std::uint8_t { normal, random, sequential };

/// What a program has said of huge pages in a region.
enum class HugePageAdvice : std::uint8_t { none, wanted, unwanted };

/// Pages of one address space, next to each other.
struct PageSpan {
    VirtualAddress start;
    VirtualAddress end;

    constexpr bool operator==(const PageSpan&) const = default;
};

/// The addresses [start, end) of one address space, whole pages that are alike in all that follows.
struct Region {
    VirtualAddress start;
    VirtualAddress end;
    Rights rights;
    Sharing sharing = Sharing::private_;
    /// What its pages are when they are first touched; none: zeros.
    std::optional<ObjectId> object{};
    /// The object's page at `start`.
    std::uint64_t object_page = 0;
    AccessPattern pattern = AccessPattern::normal;
    HugePageAdvice huge_pages = HugePageAdvice::none;
    bool locked = false;
    /// A page of it has been one process's own, and no object's (Linux's anon_vma).
    bool has_own_pages = false;
    /// Its pages are explicit huge ones, whose leaves are at this level; 0: ordinary pages.
    unsigned leaf_level = 0;
    /// Those were promised to its process (Linux's HPAGE_RESV_OWNER).
    bool promised_pages = false;
    /// One of them was taken from its process, and none will come (HPAGE_RESV_UNMAPPED).
    bool lost_pages = false;
    /// A stack: an access not far below it makes it longer.
    bool grows_down = false;

    constexpr bool operator==(const Region&) const = default;

    [[nodiscard]] constexpr bool contains(VirtualAddress address) const {
        return start <= address && address < end;
    }
    [[nodiscard]] constexpr PageSpan span() const { return {.start = start, .end = end}; }
    [[nodiscard]] constexpr std::uint64_t pages() const {
        return (end.value - start.value) / page_bytes;
    }
    /// The page of the object at an address of the region.
    [[nodiscard]] constexpr std::uint64_t object_page_at(VirtualAddress address) const {
        return object_page + (address.value - start.value) / page_bytes;
    }

    /// What of it lies in [from, to), of which some does.
    [[nodiscard]] constexpr Region piece(VirtualAddress from, VirtualAddress to) const {
        Region result = *this;
        result.start = std::max(start, from);
        result.end = std::min(end, to);
        result.object_page = object ? object_page_at(result.start) : 0;
        return result;
    }

    /// Whether `next` goes on where this one ends, alike in everything but what became of its
    /// pages.
    [[nodiscard]] constexpr bool continued_by(const Region& next) const {
        Region longer = *this;
        longer.end = next.end;
        longer.has_own_pages = next.has_own_pages;
        return end == next.start && longer.piece(next.start, next.end) == next;
    }
};

}  // namespace mmusim::sw
