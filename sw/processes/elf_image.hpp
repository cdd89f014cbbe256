// SPDX-License-Identifier: Apache-2.0
// What an ELF file says of the memory that a program or a library wants.
#pragma once

#include "hw/base/types.hpp"
#include "sw/spaces/region.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mmusim::sw {

/// A part of the file that lies in memory (PT_LOAD), at addresses as they were linked. Bytes of
/// memory beyond those of the file are zeros.
struct ElfSegment {
    std::uint64_t file_offset = 0;
    VirtualAddress start;
    std::uint64_t file_bytes = 0;
    std::uint64_t memory_bytes = 0;
    Rights rights;
    /// A power of two; less than a page means a page.
    std::uint64_t alignment_bytes = 1;

    [[nodiscard]] constexpr VirtualAddress file_end() const { return start + file_bytes; }
    [[nodiscard]] constexpr VirtualAddress end() const { return start + memory_bytes; }
};

/// What the dynamic linker, ld.so, reads of a file (PT_DYNAMIC).
struct ElfLinkage {
    std::vector<std::string> needed;      ///< names of libraries, in order
    std::optional<std::string> soname{};  ///< the name under which others need it
    std::optional<std::string>
        run_path{};  ///< DT_RUNPATH, as it stands: directories between colons
    std::optional<std::string> older_run_path{};  ///< DT_RPATH
    /// The pages that relocations write, at addresses as linked, in ascending order.
    std::vector<VirtualPageNumber> relocated_pages{};
};

/// Where a file wants to lie: where it was linked (ET_EXEC), or anywhere (ET_DYN).
enum class ElfPlacement : std::uint8_t { fixed, anywhere };

/// Some bytes, at addresses as linked.
struct ElfSpan {
    VirtualAddress start;
    std::uint64_t bytes = 0;
};

struct ElfImage {
    ElfPlacement placement = ElfPlacement::fixed;
    bool is_64_bit = true;
    std::uint16_t machine = 0;  ///< e_machine: EM_RISCV …
    std::uint64_t file_bytes = 0;
    VirtualAddress entry;
    /// By ascending addresses, at least one, none without memory; they do not overlap.
    std::vector<ElfSegment> segments;
    std::optional<std::string> interpreter{};  ///< the path of ld.so (PT_INTERP)
    /// Whether PT_GNU_STACK asks for it. Without one RISC-V's stack is not executable.
    bool executable_stack = false;
    /// What ld.so makes read-only when it has relocated the file (PT_GNU_RELRO).
    std::optional<ElfSpan> read_only_after_relocation{};
    ElfLinkage linkage{};
};

/// Reads an ELF file of 32 or 64 bits, little endian, for any machine. What Linux or ld.so would
/// refuse is an InputError that names the file, what was found and what was expected.
[[nodiscard]] ElfImage parse_elf(std::span<const std::byte> bytes, const std::string& path);

}  // namespace mmusim::sw
