// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "tb/trace/open_trace.hpp"
#include "tb/trace/trace_summary.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tb {

struct TraceConversion {
    std::string input;
    /// Nothing: as the contents or the name tell.
    std::optional<TraceFormat> format{};
    /// Compressed if its name ends in .xz, .zst, .gz, .bz2 or .lz4.
    std::string output;
    /// So many accesses are left out at the beginning.
    std::uint64_t skip = 0;
    /// Then so many are taken; 0 = all.
    std::uint64_t limit = 0;
};

/// Writes a trace as a binary trace and says what it holds. An InputError if it cannot be read or
/// written, if input and output are the same file, or if nothing is left of it.
[[nodiscard]] TraceSummary convert_trace(const TraceConversion& conversion);

/// What a trace holds, all of it read.
[[nodiscard]] TraceSummary summarize_trace(const std::string& path,
                                           std::optional<TraceFormat> format);

}  // namespace mmusim::tb
