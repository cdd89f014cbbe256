// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sw/processes/elf_file_view.hpp"
#include "sw/processes/elf_image.hpp"

#include <span>

namespace mmusim::sw {

/// Reads the dynamic section that a program header names: the libraries that are needed, where they
/// are looked for, and which pages relocations write.
[[nodiscard]] ElfLinkage read_linkage(const ElfFileView& file, const Elf64_Phdr& dynamic,
                                      std::span<const ElfSegment> segments);

}  // namespace mmusim::sw
