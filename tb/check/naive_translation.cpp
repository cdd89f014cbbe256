// SPDX-License-Identifier: Apache-2.0
// The order and the numbers of the steps are the specification's.
#include "tb/check/naive_translation.hpp"

namespace mmusim::tb {

namespace {

using Kind = NaiveAnswer::Kind;

/// Bits `high` down to `low` of a number, as the specification writes them.
std::uint64_t bits(std::uint64_t number, unsigned high, unsigned low) {
    const unsigned width = high - low + 1;
    const std::uint64_t shifted = number >> low;
    return width == 64 ? shifted : shifted % (std::uint64_t{1} << width);
}

bool bit(std::uint64_t number, unsigned position) {
    return bits(number, position, position) == 1;
}

/// What the format's name says.
struct Shape {
    unsigned levels;
    unsigned entry_bytes;
    unsigned index_bits;
};

Shape shape_of(const NaiveRequest& request) {
    if (request.virtual_address_bits == 32) {
        return {.levels = 2, .entry_bytes = 4, .index_bits = 10};
    }
    return {.levels = (request.virtual_address_bits - 12) / 9, .entry_bytes = 8, .index_bits = 9};
}

bool is_rv32(const NaiveRequest& request) {
    return request.virtual_address_bits == 32;
}

// "Instruction fetch addresses and load and store effective addresses, which are 64 bits, must have
// bits 63-39 all equal to bit 38, or else a page-fault exception will occur", and so on for Sv48
// and Sv57.
bool address_is_legal(const NaiveRequest& request) {
    if (is_rv32(request)) {
        return bits(request.virtual_address, 63, 32) == 0;
    }
    const std::uint64_t high = bits(request.virtual_address, 63, request.virtual_address_bits - 1);
    const std::uint64_t all_ones = bits(~std::uint64_t{0}, 63, request.virtual_address_bits - 1);
    return high == 0 || high == all_ones;
}

bool is_leaf(std::uint64_t entry) {
    return bit(entry, 1) || bit(entry, 2) || bit(entry, 3);
}

// Step 3: "If pte.v = 0, or if pte.r = 0 and pte.w = 1, or if any bits or encodings that are
// reserved for future standard use are set within pte, stop and raise a page-fault exception".
bool is_invalid(const NaiveRequest& request, std::uint64_t entry, unsigned level) {
    const bool valid = bit(entry, 0);
    const bool readable = bit(entry, 1);
    const bool writable = bit(entry, 2);
    if (!valid || (!readable && writable)) {
        return true;
    }
    const bool leaf = is_leaf(entry);
    if (!leaf && (bit(entry, 4) || bit(entry, 6) || bit(entry, 7))) {
        return true;  // "For non-leaf PTEs, the D, A, and U bits are reserved"
    }
    if (is_rv32(request)) {
        return false;
    }
    if (bits(entry, 60, 54) != 0) {
        return true;
    }
    const std::uint64_t memory_type = bits(entry, 62, 61);
    if (memory_type == 3 || (memory_type != 0 && (!request.pbmte || !leaf))) {
        return true;
    }
    const bool napot = bit(entry, 63);
    if (!napot) {
        return false;
    }
    // "i=0, pte.ppn[0] = xxxx xxxx 1xxx: 64-KiB contiguous region" needs bits 3-0 to be 1000.
    const bool contiguous_64_kib = level == 0 && bits(entry, 13, 10) == 8;
    return !request.svnapot || !leaf || !contiguous_64_kib;
}

// Steps 5 and 6.
bool is_allowed(const NaiveRequest& request, std::uint64_t entry) {
    const bool user_page = bit(entry, 4);
    if (!request.supervisor && !user_page) {
        return false;
    }
    if (request.supervisor && user_page && request.access == 'x') {
        return false;
    }
    if (request.supervisor && user_page && !request.sum) {
        return false;
    }
    const bool readable = bit(entry, 1);
    const bool writable = bit(entry, 2);
    const bool executable = bit(entry, 3);
    if (request.access == 'w') {
        return writable;
    }
    if (request.access == 'x') {
        return executable;
    }
    return readable || (executable && request.mxr);
}

std::uint64_t page_number_in(const NaiveRequest& request, std::uint64_t entry) {
    return is_rv32(request) ? bits(entry, 31, 10) : bits(entry, 53, 10);
}

// Step 10, and Svnapot's page of 64 KiB.
std::uint64_t physical_address_of(const NaiveRequest& request, std::uint64_t entry,
                                  unsigned offset_bits) {
    const bool napot = !is_rv32(request) && bit(entry, 63);
    const unsigned inside = napot ? 16 : offset_bits;
    const std::uint64_t page = page_number_in(request, entry) * 4096;
    return page - bits(page, inside - 1, 0) + bits(request.virtual_address, inside - 1, 0);
}

}  // namespace

NaiveAnswer translate_naively(const NaiveRequest& request, const NaiveMemory& memory) {
    NaiveAnswer answer;
    const auto stop = [&answer](Kind kind) {
        answer.kind = kind;
        return answer;
    };
    const Shape shape = shape_of(request);
    if (!address_is_legal(request)) {
        return stop(Kind::page_fault);
    }

    // Step 1.
    std::uint64_t table = request.root_page_number * 4096;
    for (unsigned level = shape.levels; level-- > 0;) {
        // Step 2.
        const unsigned offset_bits = 12 + level * shape.index_bits;
        const std::uint64_t index =
            bits(request.virtual_address, offset_bits + shape.index_bits - 1, offset_bits);
        const std::uint64_t address = table + index * shape.entry_bytes;
        const std::optional<std::uint64_t> entry = memory(address, shape.entry_bytes);
        answer.entries.push_back({.address = address, .value = entry});
        if (!entry) {
            return stop(Kind::access_fault);
        }
        // Step 3.
        if (is_invalid(request, *entry, level)) {
            return stop(Kind::page_fault);
        }
        // Step 4.
        if (!is_leaf(*entry)) {
            table = page_number_in(request, *entry) * 4096;
            continue;
        }
        if (!is_allowed(request, *entry)) {
            return stop(Kind::page_fault);
        }
        // Step 7: a misaligned superpage.
        if (level > 0 && bits(*entry, 10 + level * shape.index_bits - 1, 10) != 0) {
            return stop(Kind::page_fault);
        }
        // Step 9: A, and for a store D.
        std::uint64_t updated = *entry;
        if (!bit(updated, 6)) {
            updated += 1U << 6U;
        }
        if (request.access == 'w' && !bit(updated, 7)) {
            updated += 1U << 7U;
        }
        if (updated != *entry) {
            if (!request.adue) {
                return stop(Kind::page_fault);
            }
            answer.updated_entry = updated;
        }
        answer.physical_address = physical_address_of(request, *entry, offset_bits);
        return stop(Kind::translated);
    }
    // Step 4 of the last level: there is no table below.
    return stop(Kind::page_fault);
}

}  // namespace mmusim::tb
