// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/spaces/region.hpp"

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace mmusim::sw {

/// The regions of one address space: they do not overlap, and neighbours that are alike are one.
class RegionMap {
  public:
    /// Adds a region, whole pages, at least one, none of them in another region.
    void insert(const Region& region);

    /// Takes away what lies in the span, splitting regions at its ends; what was taken, in order.
    std::vector<Region> remove(PageSpan span);

    /// Changes what lies in the span, splitting regions at its ends. The change leaves the
    /// addresses as they are.
    void change(PageSpan span, const std::function<void(Region&)>& change);

    [[nodiscard]] std::optional<Region> find(VirtualAddress address) const;

    /// The first region that ends after the address.
    [[nodiscard]] std::optional<Region> first_from(VirtualAddress address) const;

    /// From now on the region that holds the address has had pages of its own.
    void note_own_pages(VirtualAddress address);

    /// The pieces of regions that lie in the span, in order.
    [[nodiscard]] std::vector<Region> in(PageSpan span) const;

    /// Whether every page of the span is in a region.
    [[nodiscard]] bool covers(PageSpan span) const;

    /// Whether no page of the span is in a region.
    [[nodiscard]] bool free(PageSpan span) const;

    /// In the order of their addresses.
    [[nodiscard]] std::vector<Region> all() const;

  private:
    using Regions = std::map<VirtualAddress, Region>;  // by start

    [[nodiscard]] Regions::const_iterator first_in(PageSpan span) const;
    Regions::iterator merge_with_previous(Regions::iterator region);

    Regions regions_;
};

}  // namespace mmusim::sw
