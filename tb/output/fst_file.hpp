// SPDX-License-Identifier: Apache-2.0
// Waves in GTKWave's own format, which is a tenth of the size: made of a value change dump by
// vcd2fst, which comes with GTKWave.
#pragma once

#include <string>
#include <string_view>

namespace mmusim::tb {

/// Whether a wave file of that name is to be an FST file.
[[nodiscard]] bool names_fst_file(std::string_view path);

/// Throws InputError where vcd2fst is not installed: for those who have to know it before the run.
void check_fst_converter(const std::string& path);

/// Makes an FST file at `path`, which is not yet there, of the value change dump at `dump`. Throws
/// InputError where that fails.
void convert_to_fst(const std::string& dump, const std::string& path);

}  // namespace mmusim::tb
