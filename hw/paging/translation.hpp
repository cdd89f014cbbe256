// SPDX-License-Identifier: Apache-2.0
// What is asked of a translation, and what comes back.
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/enumeration.hpp"
#include "hw/base/fence.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/page_table_entry.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mmusim::hw {

/// The state of the hart that a translation depends on. It travels with each request, so that a
/// request in flight is never judged by a later state.
struct TranslationContext {
    PhysicalPageNumber root{};  ///< the top page table (satp.PPN)
    Asid asid{};                ///< satp.ASID
    Privilege privilege = Privilege::user;
    bool supervisor_user_memory = false;    ///< sstatus.SUM
    bool make_executable_readable = false;  ///< sstatus.MXR
    /// menvcfg.ADUE: the walker sets A and D (Svadu); if not, their absence is a page fault
    /// (Svade).
    bool hardware_ad_update = true;
    /// menvcfg.PBMTE: the memory type in an entry counts (Svpbmt); if not, it is reserved.
    bool page_based_memory_types = true;

    constexpr bool operator==(const TranslationContext&) const = default;
};

/// A translation under way, by the number of the core's slot that makes it. No two that are under
/// way at once have the same, those of programs that wait for storage included.
struct TranslationNumber {
    std::size_t value = 0;

    constexpr auto operator<=>(const TranslationNumber&) const = default;
};

struct TranslationRequest {
    VirtualAddress address{};
    AccessType type = AccessType::read;
    TranslationContext context{};
};

/// What a walk finds and a TLB keeps: one page of any size.
struct TranslatedPage {
    PhysicalPageNumber physical_page{};  ///< the first 4 KiB page of it
    PageSize size{};
    PageFlags flags{};
    std::uint8_t memory_type = 0;  ///< Svpbmt
    bool global = false;  ///< G, here or on a pointer above: the page matches under every ASID

    constexpr bool operator==(const TranslatedPage&) const = default;

    [[nodiscard]] constexpr PhysicalAddress physical_address(VirtualAddress address) const {
        return physical_page.address() + (address.value & (size.bytes() - 1));
    }
};

/// Why a translation ends without an address, or its access is not made; the exception is the one
/// of the access's type.
enum class FaultCause : std::uint8_t {
    page_fault,    ///< causes 12, 13 and 15
    access_fault,  ///< causes 1, 5 and 7: a page-table entry could not be read or written, or
                   ///< there is no memory at the translated address
};

[[nodiscard]] constexpr auto enumerator_names(FaultCause) {
    return std::array<std::string_view, 2>{"page_fault", "access_fault"};
}

/// What the hart tells the operating system about an access that could not be translated or made.
struct PageFault {
    VirtualAddress address;
    AccessType type = AccessType::read;
    FaultCause cause = FaultCause::page_fault;
};

/// Whether U, SUM, MXR and the R, W and X flags let this access through
/// (privileged specification, "Virtual Address Translation Process", steps 5 and 6).
[[nodiscard]] constexpr bool permits(PageFlags flags, const TranslationRequest& request) {
    const TranslationContext& context = request.context;
    if (context.privilege == Privilege::user && !flags.user()) {
        return false;
    }
    if (context.privilege == Privilege::supervisor && flags.user() &&
        (!context.supervisor_user_memory || request.type == AccessType::fetch)) {
        return false;
    }
    switch (request.type) {
        case AccessType::fetch: return flags.executable();
        case AccessType::write: return flags.writable();
        case AccessType::read: break;
    }
    return flags.readable() || (context.make_executable_readable && flags.executable());
}

/// The flags of `flags` after this access: A set, and D for a write.
[[nodiscard]] constexpr PageFlags flags_after(PageFlags flags, AccessType type) {
    const PageFlags accessed = flags.with(PageFlags::accessed_bit);
    return type == AccessType::write ? accessed.with(PageFlags::dirty_bit) : accessed;
}

/// A request that every page answers which a TLB could hold for this one, whatever its rights: its
/// walk only reads, and finds a page whose A bit is set.
[[nodiscard]] constexpr TranslationRequest request_of_what_is_held(
    const TranslationRequest& request) {
    TranslationRequest result = request;
    result.type = AccessType::read;
    result.context.privilege = Privilege::machine;
    result.context.make_executable_readable = true;
    result.context.hardware_ad_update = false;
    return result;
}

/// Whether the fence names this page, which holds `address` and was found for `asid`. With an ASID,
/// a fence leaves global pages alone (privileged specification, "SFENCE.VMA").
[[nodiscard]] constexpr bool names(const Fence& fence, const TranslatedPage& page,
                                   VirtualAddress address, Asid asid) {
    if (fence.asid && (page.global || *fence.asid != asid)) {
        return false;
    }
    return !fence.address ||
           fence.address->value >> page.size.log2_bytes == address.value >> page.size.log2_bytes;
}

}  // namespace mmusim::hw
