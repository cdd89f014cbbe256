// SPDX-License-Identifier: Apache-2.0
// The address space that a program finds when it begins: what Linux maps at execve, and what the
// dynamic linker, ld.so, maps and relocates after that, before the program's first instruction.
//
// The rules are those of Linux 6.15 on RISC-V (fs/binfmt_elf.c, fs/exec.c, mm/util.c,
// arch/riscv/include/asm/processor.h and elf.h) and of glibc 2.36 (elf/dl-map-segments.h,
// elf/dl-reloc.c). Not modelled: the vdso and its data, ld.so's own heap and the memory that it
// gives to thread-local variables, its cache of paths, which is mapped only for a moment, the 2 MiB
// alignment that some file systems give to large mappings, and that Linux keeps a region apart from
// its like if only one of the two was written.
#pragma once

#include "hw/base/types.hpp"
#include "sw/processes/elf_image.hpp"
#include "sw/processes/exec_places.hpp"
#include "sw/spaces/region.hpp"
#include "sw/spaces/region_map.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mmusim::sw {

/// An ELF file, and the object whose pages its regions map.
struct ElfFile {
    std::string path;
    ElfImage image;
    ObjectId object{};
};

/// What is mapped to run a program.
struct ProgramFiles {
    ElfFile program;
    std::optional<ElfFile> interpreter{};
    std::vector<ElfFile> libraries{};  ///< in the order in which ld.so maps them
};

struct ExecLayout {
    /// In the order of their addresses, with the rights that they have at first. All are private.
    std::vector<Region> regions;
    /// Where the heap (brk) begins; it is empty.
    VirtualAddress heap_start;
    /// The first instruction: that of ld.so, if there is one.
    VirtualAddress entry;
    /// The program's executable bytes, from the first to the last (`start_code`, `end_code`); both
    /// 0 if there are none.
    VirtualAddress code_start;
    VirtualAddress code_end;
    /// Pages that are written before the program begins, each once, in this order: that of the
    /// arguments; those in which a file's data ends and zeros begin; those that ld.so relocates,
    /// the program's last.
    std::vector<VirtualPageNumber> written_pages;
    /// What becomes read-only after those writes: mprotect(PROT_READ).
    std::vector<PageSpan> read_only_spans;
};

/// Lays a program out. What does not fit into the user half or overlaps is an InputError that names
/// the file.
[[nodiscard]] ExecLayout lay_out(const ProgramFiles& files, const ExecOptions& options);

}  // namespace mmusim::sw
