// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/enumeration.hpp"
#include "tb/trace/each_access.hpp"
#include "tb/trace/open_trace.hpp"
#include "tb/trace/trace_summary.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mmusim::tb {

/// The trace formats that can be written. ChampSim's are not among them: an instruction there holds
/// its accesses in one order only, and none is without an instruction.
enum class WrittenFormat : std::uint8_t {
    binary,  ///< the project's own: whatever a trace holds
    lackey,  ///< text: whatever a trace holds
    din,     ///< text: no sizes
};

[[nodiscard]] constexpr auto enumerator_names(WrittenFormat) {
    return std::array<std::string_view, 3>{"binary", "lackey", "din"};
}

/// What an option that names one means; an InputError names those that there are.
[[nodiscard]] WrittenFormat written_format_named(std::string_view name);

/// What the name of an output tells, as "x.lackey.xz" does; binary if it tells none. An InputError
/// if it tells a format that cannot be written.
[[nodiscard]] WrittenFormat written_format_of(const std::string& path);

struct TraceConversion {
    std::string input;
    /// Nothing: as the contents or the name tell.
    std::optional<TraceFormat> format{};
    /// Compressed if its name ends in .xz, .zst, .gz, .bz2 or .lz4.
    std::string output;
    WrittenFormat to = WrittenFormat::binary;
    /// So many accesses are left out at the beginning.
    std::uint64_t skip = 0;
    /// Then so many are taken; 0 = all.
    std::uint64_t limit = 0;
};

struct ConvertedTrace {
    TraceSummary summary;
    bool interrupted = false;
};

/// Writes a trace in another format and says what was taken of it. An InputError if it cannot be
/// read or written, if input and output are the same file, or if nothing is left of it. Where it is
/// interrupted there is no output.
[[nodiscard]] ConvertedTrace convert_trace(const TraceConversion& conversion,
                                           const GoOn& go_on = {});

}  // namespace mmusim::tb
