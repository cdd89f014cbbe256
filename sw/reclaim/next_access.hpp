// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sw/frames/frame_table.hpp"
#include "sw/processes/processes.hpp"
#include "sw/replacement/page_future.hpp"

#include <cstdint>
#include <optional>

namespace mmusim::sw {

/// How many accesses come before the next one to what the frame holds, by any process: by those
/// that map it, and for the page of an object also by those that may map it. None if there is none.
[[nodiscard]] std::optional<std::uint64_t> next_access(const Frame& frame,
                                                       const Processes& processes,
                                                       const PageFuture& future);

}  // namespace mmusim::sw
