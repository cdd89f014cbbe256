// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/enumeration.hpp"
#include "tb/trace/user_half.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mmusim::tb {

/// The trace formats that can be read. A new one is a name here, a row in open_trace.cpp and a
/// reader.
enum class TraceFormat : std::uint8_t {
    lackey,      ///< the text of Valgrind's lackey --trace-mem=yes
    champsim,    ///< ChampSim's instructions
    cloudsuite,  ///< ChampSim's instructions as the CloudSuite traces have them
    din,         ///< the text of Dinero
    drmemtrace,  ///< the records of DynamoRIO's drmemtrace
    binary,      ///< the project's own
};

[[nodiscard]] constexpr auto enumerator_names(TraceFormat) {
    return std::array<std::string_view, 6>{"lackey", "champsim",   "cloudsuite",
                                           "din",    "drmemtrace", "binary"};
}

/// The format that a file's name tells by one of its parts between dots, as in "x.lackey.xz".
[[nodiscard]] std::optional<TraceFormat> trace_format_by_name(const std::string& path);

/// What a `--format` option means; an InputError names the formats that there are.
[[nodiscard]] TraceFormat trace_format_named(std::string_view name);

/// The same, where the option may be missing: then the format is to be detected.
[[nodiscard]] std::optional<TraceFormat> chosen_trace_format(
    const std::optional<std::string>& name);

/// The accesses of a trace, plain or compressed, in the given format or else in the one that its
/// contents or its name tell. An InputError if there is no such file, if its format is unknown or
/// may be one of several, and later, from next_batch(), for a malformed record, for an address
/// outside the user half, and for a trace without any access.
[[nodiscard]] std::unique_ptr<AccessSource> open_trace(const std::string& path,
                                                       std::optional<TraceFormat> format,
                                                       UserHalf user_half);

/// Throws InputError where a trace is there but can be read only once, as from a pipe: for those
/// who have to know it before the run. `reader` is the option that reads traces twice.
void check_readable_twice(const std::string& path, std::string_view reader);

}  // namespace mmusim::tb
