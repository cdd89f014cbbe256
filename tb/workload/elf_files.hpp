// SPDX-License-Identifier: Apache-2.0
// Real programs, from this machine's disk.
#pragma once

#include "sw/processes/exec_layout.hpp"

#include <filesystem>

namespace mmusim::tb {

/// Reads a program, its interpreter and the libraries that it needs, these breadth first, as ld.so
/// loads them, each once. A library is looked for in DT_RUNPATH of who needs it, or in DT_RPATH of
/// that and of who needs that, `$ORIGIN` replaced; then in /lib/TRIPLET, /usr/lib/TRIPLET, /lib,
/// /usr/lib and /usr/TRIPLET/lib, where TRIPLET is Debian's name of the program's machine. Files
/// for another machine are passed over. An interpreter that is not at its place is looked for under
/// /usr/TRIPLET. The environment and ld.so's cache play no part.
///
/// Paths are canonical, so a file that two programs need has one path. Whatever is missing, or is
/// no ELF file, is an InputError that says who needs it.
[[nodiscard]] sw::ProgramFiles read_program_files(const std::filesystem::path& program);

}  // namespace mmusim::tb
