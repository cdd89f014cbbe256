// SPDX-License-Identifier: Apache-2.0
// The quantities that every part speaks of. They do not convert into each other by accident.
#pragma once

#include <fmt/format.h>

#include <compare>
#include <cstdint>

namespace mmusim {

/// A duration, or a point in time since the start of the simulation, in clock cycles.
struct Cycles {
    std::uint64_t value = 0;

    constexpr auto operator<=>(const Cycles&) const = default;

    constexpr Cycles& operator+=(Cycles other) {
        value += other.value;
        return *this;
    }
};

[[nodiscard]] constexpr Cycles operator+(Cycles left, Cycles right) {
    return {left.value + right.value};
}

/// The duration from `right` to `left`; `left` is not before `right`.
[[nodiscard]] constexpr Cycles operator-(Cycles left, Cycles right) {
    return {left.value - right.value};
}

[[nodiscard]] constexpr Cycles operator*(Cycles duration, std::uint64_t times) {
    return {duration.value * times};
}

/// The base page of every RISC-V format: 4 KiB.
inline constexpr unsigned page_offset_bits = 12;
inline constexpr std::uint64_t page_bytes = std::uint64_t{1} << page_offset_bits;

/// A byte address in one address space; the tag keeps virtual and physical apart.
template <typename Space>
struct Address {
    std::uint64_t value = 0;

    constexpr auto operator<=>(const Address&) const = default;
    [[nodiscard]] constexpr std::uint64_t page_offset() const { return value & (page_bytes - 1); }
};

/// The address `bytes` further on.
template <typename Space>
[[nodiscard]] constexpr Address<Space> operator+(Address<Space> address, std::uint64_t bytes) {
    return {address.value + bytes};
}

/// The number of a 4 KiB page in one address space.
template <typename Space>
struct PageNumber {
    std::uint64_t value = 0;

    constexpr auto operator<=>(const PageNumber&) const = default;
    [[nodiscard]] constexpr Address<Space> address() const { return {value << page_offset_bits}; }
};

/// The page `pages` further on.
template <typename Space>
[[nodiscard]] constexpr PageNumber<Space> operator+(PageNumber<Space> page, std::uint64_t pages) {
    return {page.value + pages};
}

template <typename Space>
[[nodiscard]] constexpr PageNumber<Space> page_number_of(Address<Space> address) {
    return {address.value >> page_offset_bits};
}

using VirtualAddress = Address<struct VirtualSpace>;
using PhysicalAddress = Address<struct PhysicalSpace>;
using VirtualPageNumber = PageNumber<struct VirtualSpace>;
using PhysicalPageNumber = PageNumber<struct PhysicalSpace>;

/// An address-space identifier, the tag that lets translations of several processes share a TLB.
struct Asid {
    std::uint16_t value = 0;

    constexpr auto operator<=>(const Asid&) const = default;
};

namespace literals {

[[nodiscard]] constexpr std::uint64_t operator""_KiB(unsigned long long count) {
    return count << 10U;
}
[[nodiscard]] constexpr std::uint64_t operator""_MiB(unsigned long long count) {
    return count << 20U;
}
[[nodiscard]] constexpr std::uint64_t operator""_GiB(unsigned long long count) {
    return count << 30U;
}

}  // namespace literals

}  // namespace mmusim

template <>
struct fmt::formatter<mmusim::Cycles> : fmt::formatter<std::uint64_t> {
    auto format(mmusim::Cycles cycles, format_context& context) const {
        return fmt::formatter<std::uint64_t>::format(cycles.value, context);
    }
};

template <>
struct fmt::formatter<mmusim::Asid> : fmt::formatter<std::uint16_t> {
    auto format(mmusim::Asid asid, format_context& context) const {
        return fmt::formatter<std::uint16_t>::format(asid.value, context);
    }
};

template <typename Space>
struct fmt::formatter<mmusim::Address<Space>> {
    constexpr auto parse(format_parse_context& context) { return context.begin(); }
    auto format(mmusim::Address<Space> address, format_context& context) const {
        return fmt::format_to(context.out(), "{:#x}", address.value);
    }
};

template <typename Space>
struct fmt::formatter<mmusim::PageNumber<Space>> {
    constexpr auto parse(format_parse_context& context) { return context.begin(); }
    auto format(mmusim::PageNumber<Space> page, format_context& context) const {
        return fmt::format_to(context.out(), "{:#x}", page.value);
    }
};
