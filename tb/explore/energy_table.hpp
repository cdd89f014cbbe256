// SPDX-License-Identifier: Apache-2.0
// What CACTI says of a lookup in a TLB. Made by cacti_table.sh; docs/explore.md says of what model.
#pragma once

#include "tb/explore/tlb_shape.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace mmusim::tb {

/// The program and the technology that the figures are of.
inline constexpr std::string_view energy_model = "CACTI 7.0, 22 nm";

struct LookupCost {
    std::uint64_t energy_fj = 0;
    std::uint64_t time_ps = 0;

    bool operator==(const LookupCost&) const = default;
};

/// A lookup in a TLB of this shape; nothing for one that the model does not cover. CACTI knows only
/// powers of two: for other numbers of ways the figures lie on the straight line between.
[[nodiscard]] std::optional<LookupCost> modelled_lookup(TlbShape shape);

}  // namespace mmusim::tb
