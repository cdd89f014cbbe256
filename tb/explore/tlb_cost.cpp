// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/tlb_cost.hpp"

#include "tb/explore/energy_table.hpp"

#include <bit>

namespace mmusim::tb {

namespace {

// V, R, W, X, U, G, A and D of the page-table entry.
constexpr std::uint32_t flag_bits = 8;

// A large page, or many sets, may leave nothing.
constexpr std::uint32_t bits_left(std::uint32_t bits, std::uint32_t fewer) {
    return bits > fewer ? bits - fewer : 0;
}

// So many bits tell so many things apart.
constexpr std::uint32_t bits_for(std::uint64_t things) {
    return static_cast<std::uint32_t>(std::bit_width(things - 1));
}

}  // namespace

EntryBits entry_bits(TlbShape shape, const EntryFormat& format) {
    const hw::PagingFormat& paging = hw::format_of(format.mode);
    const std::uint32_t inside = format.page_size.page_number_bits_inside();
    const std::uint32_t page_number =
        bits_left(paging.virtual_address_bits, page_offset_bits + inside);
    // Rounded down: a page number divided by sets that are no power of two keeps the larger part.
    const auto index = static_cast<std::uint32_t>(std::bit_width(shape.sets) - 1);
    return {.tag = bits_left(page_number, index),
            .asid = format.asid_bits,
            .flags = flag_bits,
            .physical_page = bits_left(paging.physical_page_number_bits, inside),
            .age = bits_for(shape.ways)};
}

TlbCost tlb_cost(TlbShape shape, const EntryFormat& format) {
    const std::uint64_t bits = entry_bits(shape, format).total();
    TlbCost cost{
        .entry_bits = bits, .storage_bits = bits * shape.entries(), .comparators = shape.ways};
    if (const std::optional<LookupCost> lookup = modelled_lookup(shape)) {
        cost.energy_fj = lookup->energy_fj;
        cost.time_ps = lookup->time_ps;
    }
    return cost;
}

std::optional<std::uint64_t> TlbCost::along(CostAxis axis) const {
    switch (axis) {
        case CostAxis::bits: return storage_bits;
        case CostAxis::comparators: return comparators;
        case CostAxis::energy: return energy_fj;
        case CostAxis::time: return time_ps;
    }
    return std::nullopt;
}

}  // namespace mmusim::tb
