// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/elf_image.hpp"

#include "sw/processes/elf_file_view.hpp"
#include "sw/processes/elf_linkage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace mmusim::sw {

namespace {

// Programs have no more than the lower half of 64-bit addresses.
constexpr std::uint64_t highest_64_bit_end = std::uint64_t{1} << 63U;
constexpr std::uint64_t highest_32_bit_end = std::uint64_t{1} << 32U;

constexpr std::uint64_t widest_alignment = std::uint64_t{1} << 32U;

constexpr Rights rights_of(std::uint32_t flags) {
    return {
        .read = (flags & PF_R) != 0, .write = (flags & PF_W) != 0, .execute = (flags & PF_X) != 0};
}

std::string segment_text(const Elf64_Phdr& header) {
    return fmt::format("a segment (PT_LOAD) at {:#x}", header.p_vaddr);
}

void check_sizes(const ElfFileView& file, const Elf64_Phdr& header) {
    const std::uint64_t highest = file.is_64_bit() ? highest_64_bit_end : highest_32_bit_end;
    if (header.p_filesz > header.p_memsz) {
        file.fail(fmt::format("{} with {:#x} bytes in the file and {:#x} in memory",
                              segment_text(header), header.p_filesz, header.p_memsz),
                  "no more in the file than in memory");
    }
    if (header.p_vaddr > highest || header.p_memsz > highest - header.p_vaddr) {
        file.fail(fmt::format("{} of {:#x} bytes", segment_text(header), header.p_memsz),
                  fmt::format("one that ends at {:#x} or before", highest));
    }
    file.require(header.p_offset, header.p_filesz, segment_text(header));
}

// A page of the file becomes a page of memory, so both begin at the same offset in a page.
void check_alignment(const ElfFileView& file, const Elf64_Phdr& header) {
    const bool is_power = header.p_align == 0 || std::has_single_bit(header.p_align);
    if (!is_power || header.p_align > widest_alignment) {
        file.fail(fmt::format("{} with the alignment {:#x}", segment_text(header), header.p_align),
                  fmt::format("a power of two up to {:#x}", widest_alignment));
    }
    const std::uint64_t alignment = std::max(header.p_align, page_bytes);
    if ((header.p_vaddr - header.p_offset) % alignment != 0) {
        file.fail(fmt::format("{} and at {:#x} in the file", segment_text(header), header.p_offset),
                  fmt::format("two addresses that are equal modulo {:#x}", alignment));
    }
}

void check_order(const ElfFileView& file, const ElfSegment& before, const Elf64_Phdr& header) {
    if (header.p_vaddr < before.end().value) {
        file.fail(fmt::format("{} behind one that ends at {}", segment_text(header), before.end()),
                  "segments in the order of their addresses, without overlap");
    }
}

std::vector<ElfSegment> segments_of(const ElfFileView& file,
                                    const std::vector<Elf64_Phdr>& headers) {
    std::vector<ElfSegment> segments;
    for (const Elf64_Phdr& header : headers) {
        if (header.p_type != PT_LOAD || (header.p_memsz == 0 && header.p_filesz == 0)) {
            continue;
        }
        check_sizes(file, header);
        check_alignment(file, header);
        if (!segments.empty()) {
            check_order(file, segments.back(), header);
        }
        segments.push_back({.file_offset = header.p_offset,
                            .start = {header.p_vaddr},
                            .file_bytes = header.p_filesz,
                            .memory_bytes = header.p_memsz,
                            .rights = rights_of(header.p_flags),
                            .alignment_bytes = std::max<std::uint64_t>(header.p_align, 1)});
    }
    if (segments.empty()) {
        file.fail("no segment that lies in memory (PT_LOAD)", "at least one");
    }
    return segments;
}

std::string interpreter_of(const ElfFileView& file, const Elf64_Phdr& header) {
    file.require(header.p_offset, header.p_filesz, "the interpreter's path (PT_INTERP)");
    std::string path = file.text(header.p_offset, header.p_offset + header.p_filesz,
                                 "the interpreter's path (PT_INTERP)");
    if (path.empty()) {
        file.fail("an interpreter (PT_INTERP) without a name", "a path");
    }
    return path;
}

}  // namespace

ElfImage parse_elf(std::span<const std::byte> bytes, const std::string& path) {
    const ElfFileView file(bytes, path);
    const std::vector<Elf64_Phdr> headers = file.program_headers();
    ElfImage image{
        .placement = file.header().e_type == ET_DYN ? ElfPlacement::anywhere : ElfPlacement::fixed,
        .is_64_bit = file.is_64_bit(),
        .machine = file.header().e_machine,
        .file_bytes = file.size(),
        .entry = {file.header().e_entry},
        .segments = segments_of(file, headers),
    };
    for (const Elf64_Phdr& header : headers) {
        switch (header.p_type) {
            case PT_INTERP: image.interpreter = interpreter_of(file, header); break;
            case PT_DYNAMIC: image.linkage = read_linkage(file, header, image.segments); break;
            case PT_GNU_STACK: image.executable_stack = (header.p_flags & PF_X) != 0; break;
            case PT_GNU_RELRO:
                image.read_only_after_relocation = {.start = {header.p_vaddr},
                                                    .bytes = header.p_memsz};
                break;
            default: break;
        }
    }
    return image;
}

}  // namespace mmusim::sw
