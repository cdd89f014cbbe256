// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <elf.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::sw {

/// The bytes of an ELF file of 32 or 64 bits, little endian, by their places in it (System V ABI,
/// chapters 4 and 5). Its structures are given out in their 64-bit form. What is not there, or is
/// no ELF file, is an InputError that names the file, what was found and what was expected.
class ElfFileView {
  public:
    /// Checks what every program and every library begins with. The bytes outlive the view.
    ElfFileView(std::span<const std::byte> bytes, std::string path);

    [[nodiscard]] bool is_64_bit() const { return is_64_bit_; }
    [[nodiscard]] std::uint64_t size() const { return bytes_.size(); }
    [[nodiscard]] const Elf64_Ehdr& header() const { return header_; }
    [[nodiscard]] std::vector<Elf64_Phdr> program_headers() const;

    /// Of the dynamic section.
    [[nodiscard]] Elf64_Dyn dynamic_entry(std::uint64_t offset) const;
    [[nodiscard]] std::uint64_t dynamic_entry_bytes() const;

    /// A number as wide as an address.
    [[nodiscard]] std::uint64_t word(std::uint64_t offset) const;
    [[nodiscard]] std::uint64_t word_bytes() const { return is_64_bit_ ? 8 : 4; }

    /// The text from `offset` to a NUL before `end`. Longer than a path can be (4096 bytes) is an
    /// error.
    [[nodiscard]] std::string text(std::uint64_t offset, std::uint64_t end,
                                   std::string_view what) const;

    /// An error if the file ends before the last of these bytes.
    void require(std::uint64_t offset, std::uint64_t bytes, std::string_view what) const;

    [[noreturn]] void fail(std::string_view found, std::string_view expected) const;

  private:
    template <typename Structure>
    [[nodiscard]] Structure at(std::uint64_t offset, std::string_view what) const {
        require(offset, sizeof(Structure), what);
        Structure structure{};
        std::memcpy(&structure, bytes_.data() + offset, sizeof(Structure));
        return structure;
    }

    /// An error if it is no ELF file that can be read.
    [[nodiscard]] bool is_identified_as_64_bit() const;
    void check_header() const;

    std::span<const std::byte> bytes_;
    std::string path_;
    bool is_64_bit_;
    Elf64_Ehdr header_{};
};

}  // namespace mmusim::sw
