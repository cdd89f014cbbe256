// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "tb/explore/exploration.hpp"
#include "tb/explore/exploration_plan.hpp"
#include "tb/explore/lru_geometries.hpp"
#include "tb/explore/lru_point.hpp"
#include "tb/explore/stack_distances.hpp"

#include <cstdint>
#include <vector>

namespace mmusim::tb {

/// Explores accesses as they come.
class Explorer {
  public:
    explicit Explorer(ExplorationPlan plan = {});

    /// `process`: whose access it is, below most_explored_processes.
    void access(std::uint32_t process, const Access& access);

    [[nodiscard]] Exploration exploration() const;

  private:
    /// What the TLBs of one stream and one page size would do.
    struct Stream {
        std::uint64_t accesses = 0;
        LruGeometries geometries{};
        StackDistances distances{};
        std::vector<LruPoint> points{};

        void look_up(ProcessPage page);
    };
    using Streams = PerEnumerator<AccessStreamKind, Stream>;

    [[nodiscard]] StreamExploration exploration_of(const Stream& stream, PageSize size) const;
    [[nodiscard]] std::vector<Geometry> geometries_of(const Stream& stream, PageSize size) const;
    [[nodiscard]] Point point_of(const LruPoint& point, PageSize size) const;
    [[nodiscard]] Target target_of(const Stream& stream, const std::vector<Geometry>& geometries,
                                   MissRate rate) const;
    [[nodiscard]] TlbCost cost_of(TlbShape shape, PageSize size) const;

    ExplorationPlan plan_;
    std::vector<Streams> by_page_size_;
};

}  // namespace mmusim::tb
