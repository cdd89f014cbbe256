// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "tb/trace/open_trace.hpp"
#include "tb/trace/user_half.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace mmusim::tb {

/// The accesses that a TRACE of the command line names: those of a generator, or of a file.
/// `format` is that of files, if it is not to be detected; `seed` is where a generator's random
/// numbers start. Throws InputError.
[[nodiscard]] std::unique_ptr<AccessSource> open_source(const std::string& trace,
                                                        std::optional<TraceFormat> format,
                                                        std::uint64_t seed, UserHalf user_half);

}  // namespace mmusim::tb
