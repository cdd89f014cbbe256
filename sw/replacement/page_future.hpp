// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/processes/process_id.hpp"

#include <cstdint>
#include <optional>

namespace mmusim::sw {

/// What programs will access, which no machine knows: for the policy that is shown the future.
class PageFuture {
  public:
    PageFuture() = default;
    PageFuture(const PageFuture&) = delete;
    PageFuture& operator=(const PageFuture&) = delete;
    PageFuture(PageFuture&&) = delete;
    PageFuture& operator=(PageFuture&&) = delete;
    virtual ~PageFuture() = default;

    /// How many accesses come before the process's next one to the page; none if there is none.
    [[nodiscard]] virtual std::optional<std::uint64_t> next_access(
        ProcessId process, VirtualPageNumber page) const = 0;
};

}  // namespace mmusim::sw
