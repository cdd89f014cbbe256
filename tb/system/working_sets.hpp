// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/processes/process_id.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace mmusim::tb {

/// How many distinct pages of 4 KiB each process has touched since it was asked last: Denning's
/// working set W(t, T), T being an interval of accesses of all processes together ("The working set
/// model for program behavior", 1968). Exact, unlike what A bits show.
class WorkingSets {
  public:
    void touched(sw::ProcessId process, VirtualPageNumber page);

    /// By process, and begins anew; who touched nothing yet may be missing at the end.
    [[nodiscard]] std::vector<std::uint64_t> take();

  private:
    /// When each of some neighbouring pages was touched last.
    static constexpr std::uint64_t pages_per_group = 512;
    using Group = std::array<std::uint32_t, pages_per_group>;

    struct ProcessPages {
        std::unordered_map<std::uint64_t, Group> groups{};
        std::optional<std::uint64_t> last_group{};
        Group* last = nullptr;  // of `groups`, which does not move them
        std::uint64_t touched = 0;
    };

    [[nodiscard]] static Group& group_of(ProcessPages& pages, std::uint64_t number);

    std::vector<ProcessPages> processes_;
    std::uint32_t interval_ = 1;
};

}  // namespace mmusim::tb
