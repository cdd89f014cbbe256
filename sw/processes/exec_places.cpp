// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/exec_places.hpp"

#include "hw/base/random.hpp"

#include <algorithm>

namespace mmusim::sw {

namespace {

// How many places there are to choose from, a page apart.
struct RandomPlaces {
    std::uint64_t mappings = 0;  // ARCH_MMAP_RND_BITS, at its default (arch/riscv/Kconfig)
    std::uint64_t stack = 0;     // STACK_RND_MASK + 1 (arch/riscv/include/asm/elf.h)
    std::uint64_t heap = 0;      // arch_randomize_brk (mm/util.c): 1 GiB, or 32 MiB of 32 bits
};

constexpr RandomPlaces places_of_64_bits{
    .mappings = 1U << 18U, .stack = 1U << 18U, .heap = 1U << 18U};
constexpr RandomPlaces places_of_32_bits{
    .mappings = 1U << 8U, .stack = 1U << 11U, .heap = 1U << 13U};

constexpr VirtualAddress widest_window{std::uint64_t{1} << 47U};
constexpr VirtualAddress widest_32_bit_half{std::uint64_t{1} << 32U};

constexpr std::uint64_t stack_guard_gap = 256 * page_bytes;
constexpr std::uint64_t smallest_gap = std::uint64_t{128} << 20U;

constexpr VirtualAddress page_start(std::uint64_t address) {
    return {address / page_bytes * page_bytes};
}

// mmap_base (mm/util.c): as far below the window's end as the stack may reach.
std::uint64_t gap_above_mappings(const ExecOptions& options, VirtualAddress window_end,
                                 const RandomPlaces& random) {
    const std::uint64_t largest_gap = window_end.value / 6 * 5;
    const std::uint64_t stack_moves = options.seed ? (random.stack - 1) * page_bytes : 0;
    // A limit near 2^64, "unlimited", is not to wrap.
    const std::uint64_t stack = std::min(options.stack_limit_bytes, largest_gap);
    const std::uint64_t gap = stack + stack_guard_gap + stack_moves;
    return std::clamp(gap, std::min(smallest_gap, largest_gap), largest_gap);
}

}  // namespace

ExecPlaces choose_places(const ExecOptions& options) {
    const RandomPlaces& random_places =
        options.user_half_end <= widest_32_bit_half ? places_of_32_bits : places_of_64_bits;
    const VirtualAddress end = std::min(options.user_half_end, widest_window);
    const VirtualAddress program_base{end.value / 3 * 2};  // ELF_ET_DYN_BASE
    ExecPlaces places{
        .window_end = end,
        .stack_end = end,
        .mapping_end = page_start(end.value - gap_above_mappings(options, end, random_places) +
                                  page_bytes - 1),
        .program_base = program_base,
        .loader_heap = program_base,
    };
    if (options.seed) {
        Random random(*options.seed);
        places.randomised = true;
        places.mapping_end.value -= random.below(random_places.mappings) * page_bytes;
        places.program_base.value += random.below(random_places.mappings) * page_bytes;
        places.stack_end.value -= random.below(random_places.stack) * page_bytes;
        places.heap_gap_bytes = random.below(random_places.heap) * page_bytes;
    }
    return places;
}

}  // namespace mmusim::sw
