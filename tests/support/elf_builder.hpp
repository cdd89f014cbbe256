// SPDX-License-Identifier: Apache-2.0
// ELF files made byte by byte, as the System V ABI writes them down.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mmusim::tests {

inline constexpr std::uint32_t may_execute = 1;
inline constexpr std::uint32_t may_write = 2;
inline constexpr std::uint32_t may_read = 4;

/// By their numbers: what the ABI calls p_type.
inline constexpr std::uint32_t load_header = 1;
inline constexpr std::uint32_t dynamic_header = 2;
inline constexpr std::uint32_t interpreter_header = 3;
inline constexpr std::uint32_t stack_header = 0x6474e551;
inline constexpr std::uint32_t relocated_header = 0x6474e552;

struct ElfHeaderSpec {
    std::uint32_t type = load_header;
    std::uint32_t flags = may_read;
    std::uint64_t offset = 0;
    std::uint64_t address = 0;
    std::uint64_t file_bytes = 0;
    std::uint64_t memory_bytes = 0;
    std::uint64_t alignment = 0x1000;
};

using ElfNumbers = std::vector<std::uint64_t>;

struct ElfSpec {
    bool is_64_bit = true;
    unsigned type = 3;       ///< 2: fixed addresses, 3: anywhere
    unsigned machine = 243;  ///< RISC-V
    std::uint64_t entry = 0;
    std::vector<ElfHeaderSpec> headers{};
    std::uint64_t file_bytes = 0x4000;
    /// Bytes at offsets of the file, over the zeros that are there else.
    std::vector<std::pair<std::uint64_t, std::string>> contents{};
    /// Numbers as wide as an address, likewise.
    std::vector<std::pair<std::uint64_t, ElfNumbers>> numbers{};
};

[[nodiscard]] std::vector<std::byte> elf_bytes(const ElfSpec& spec);

/// The same as text, for a file.
[[nodiscard]] std::string elf_text(const ElfSpec& spec);

}  // namespace mmusim::tests
