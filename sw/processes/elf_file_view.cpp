// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/elf_file_view.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <linux/limits.h>
#include <utility>

namespace mmusim::sw {

namespace {

static_assert(std::endian::native == std::endian::little,
              "the structures of an ELF file are copied as they lie in it");

// Linux reads no more than 64 KiB of program headers (load_elf_phdrs in fs/binfmt_elf.c).
constexpr std::uint64_t longest_table = 65536;

Elf64_Ehdr widened(const Elf32_Ehdr& header) {
    Elf64_Ehdr wide{};
    std::copy(std::begin(header.e_ident), std::end(header.e_ident), std::begin(wide.e_ident));
    wide.e_type = header.e_type;
    wide.e_machine = header.e_machine;
    wide.e_entry = header.e_entry;
    wide.e_phoff = header.e_phoff;
    wide.e_phentsize = header.e_phentsize;
    wide.e_phnum = header.e_phnum;
    return wide;
}

Elf64_Phdr widened(const Elf32_Phdr& header) {
    return {.p_type = header.p_type,
            .p_flags = header.p_flags,
            .p_offset = header.p_offset,
            .p_vaddr = header.p_vaddr,
            .p_paddr = header.p_paddr,
            .p_filesz = header.p_filesz,
            .p_memsz = header.p_memsz,
            .p_align = header.p_align};
}

Elf64_Dyn widened(const Elf32_Dyn& entry) {
    Elf64_Dyn wide{};
    wide.d_tag = entry.d_tag;
    // NOLINTNEXTLINE(*-union-access): the union is that of <elf.h>
    wide.d_un.d_val = entry.d_un.d_val;
    return wide;
}

}  // namespace

ElfFileView::ElfFileView(std::span<const std::byte> bytes, std::string path)
    : bytes_(bytes), path_(std::move(path)), is_64_bit_(is_identified_as_64_bit()) {
    constexpr std::string_view what = "the ELF header";
    header_ = is_64_bit_ ? at<Elf64_Ehdr>(0, what) : widened(at<Elf32_Ehdr>(0, what));
    check_header();
}

bool ElfFileView::is_identified_as_64_bit() const {
    if (bytes_.size() < EI_NIDENT) {
        fail(fmt::format("{} bytes", bytes_.size()), "an ELF file");
    }
    const auto byte = [this](std::size_t place) {
        return std::to_integer<unsigned>(bytes_[place]);
    };
    if (std::memcmp(bytes_.data(), ELFMAG, SELFMAG) != 0) {
        fail(fmt::format("{:02x} {:02x} {:02x} {:02x} at the beginning", byte(0), byte(1), byte(2),
                         byte(3)),
             "an ELF file, which begins with 7f 45 4c 46");
    }
    if (byte(EI_CLASS) != ELFCLASS32 && byte(EI_CLASS) != ELFCLASS64) {
        fail(fmt::format("ELF class {}", byte(EI_CLASS)), "1 (32 bits) or 2 (64 bits)");
    }
    if (byte(EI_DATA) != ELFDATA2LSB) {
        fail(fmt::format("byte order {}", byte(EI_DATA)), "1 (little endian)");
    }
    return byte(EI_CLASS) == ELFCLASS64;
}

void ElfFileView::check_header() const {
    if (header_.e_type != ET_EXEC && header_.e_type != ET_DYN) {
        fail(fmt::format("ELF type {}", header_.e_type),
             "2 (a program) or 3 (a shared object or a program that can lie anywhere)");
    }
    const std::uint64_t entry_bytes = is_64_bit_ ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
    if (header_.e_phentsize != entry_bytes) {
        fail(fmt::format("program headers of {} bytes", header_.e_phentsize),
             fmt::format("{}", entry_bytes));
    }
    if (header_.e_phnum == 0 || header_.e_phnum > longest_table / entry_bytes) {
        fail(fmt::format("{} program headers", header_.e_phnum),
             fmt::format("1 to {}", longest_table / entry_bytes));
    }
    require(header_.e_phoff, header_.e_phnum * entry_bytes, "the program headers");
}

std::vector<Elf64_Phdr> ElfFileView::program_headers() const {
    constexpr std::string_view what = "a program header";
    std::vector<Elf64_Phdr> headers;
    for (std::uint64_t index = 0; index < header_.e_phnum; ++index) {
        const std::uint64_t offset = header_.e_phoff + index * header_.e_phentsize;
        headers.push_back(is_64_bit_ ? at<Elf64_Phdr>(offset, what)
                                     : widened(at<Elf32_Phdr>(offset, what)));
    }
    return headers;
}

Elf64_Dyn ElfFileView::dynamic_entry(std::uint64_t offset) const {
    constexpr std::string_view what = "an entry of the dynamic section";
    return is_64_bit_ ? at<Elf64_Dyn>(offset, what) : widened(at<Elf32_Dyn>(offset, what));
}

std::uint64_t ElfFileView::dynamic_entry_bytes() const {
    return is_64_bit_ ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);
}

std::uint64_t ElfFileView::word(std::uint64_t offset) const {
    constexpr std::string_view what = "an entry of a table";
    return is_64_bit_ ? at<std::uint64_t>(offset, what) : at<std::uint32_t>(offset, what);
}

std::string ElfFileView::text(std::uint64_t offset, std::uint64_t end,
                              std::string_view what) const {
    if (offset >= end) {
        fail(fmt::format("{} at offset {:#x}", what, offset), fmt::format("less than {:#x}", end));
    }
    require(offset, end - offset, what);
    const std::uint64_t longest = std::min<std::uint64_t>(end - offset, PATH_MAX);
    const auto bytes = bytes_.subspan(offset, longest);
    const auto nul = std::find(bytes.begin(), bytes.end(), std::byte{0});
    if (nul == bytes.end()) {
        fail(fmt::format("{} of {} bytes without an end", what, longest),
             fmt::format("one that ends in NUL within {}", PATH_MAX));
    }
    std::string result;
    std::transform(bytes.begin(), nul, std::back_inserter(result),
                   [](std::byte byte) { return static_cast<char>(byte); });
    return result;
}

void ElfFileView::require(std::uint64_t offset, std::uint64_t bytes, std::string_view what) const {
    if (offset > bytes_.size() || bytes > bytes_.size() - offset) {
        fail(fmt::format("{} bytes in the file", bytes_.size()),
             fmt::format("{} at {:#x}, {:#x} bytes long", what, offset, bytes));
    }
}

void ElfFileView::fail(std::string_view found, std::string_view expected) const {
    throw InputError(fmt::format("{}: found {}, expected {}", path_, found, expected));
}

}  // namespace mmusim::sw
