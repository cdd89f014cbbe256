// SPDX-License-Identifier: Apache-2.0
// Walk vectors: page tables and accesses, written down as text.
//
//     S <xlen 32|64> <mode 32|39|48|57>
//     N
//     W <pa> <u64>
//     T <id> <satp> <privilege 0|1|3> <sum> <mxr> <adue> <pbmte> <r|w|x> <va> <q>
//
// S is the header: the width of registers and the page-table format. N begins a new, empty memory,
// W puts 8 bytes into it, little endian, and T is an access with the state of the hart that makes
// it. Numbers are hexadecimal, without 0x; xlen, mode and id are decimal. q is not used. Blank
// lines are skipped.
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/format.hpp"
#include "hw/paging/translation.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mmusim::tb {

/// What of the physical addresses is memory. Page tables outside cannot be read.
inline constexpr PhysicalAddress vector_memory_base{0x8000'0000};
inline constexpr std::uint64_t vector_memory_bytes = 0x1000'0000;

/// N: memory is empty again.
struct NewImage {};

/// W: 8 bytes, all in memory.
struct ImageWord {
    PhysicalAddress address;
    std::uint64_t value = 0;
};

/// T: an access, with the state of the hart that makes it.
struct WalkTest {
    std::uint64_t id = 0;
    /// Whether the address is virtual: satp.MODE is not Bare, and the hart not in machine mode.
    bool translated = true;
    /// Bit 0 of a fetched address is clear: instructions lie at even addresses.
    hw::TranslationRequest request;
};

using VectorLine = std::variant<NewImage, ImageWord, WalkTest>;

struct WalkVectors {
    hw::PagingMode mode = hw::PagingMode::sv39;
    std::vector<VectorLine> lines;
};

/// Reads a text. `name` is what errors call it; they are InputErrors that name the line too.
[[nodiscard]] WalkVectors parse_walk_vectors(std::string_view text, std::string_view name);

/// Reads a file, which may be compressed. Throws InputError.
[[nodiscard]] WalkVectors read_walk_vectors(const std::string& path);

}  // namespace mmusim::tb
