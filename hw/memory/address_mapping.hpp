// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "hw/memory/dram_parameters.hpp"

#include <compare>
#include <cstdint>

namespace mmusim::hw {

/// Where a burst lies. `bank` counts within its rank.
struct DramAddress {
    std::uint32_t channel = 0;
    std::uint32_t rank = 0;
    std::uint32_t bank = 0;
    std::uint64_t row = 0;
    std::uint64_t column = 0;

    constexpr auto operator<=>(const DramAddress&) const = default;
};

/// Which burst an address lies in: its number in bursts from the first address of the memory,
/// divided by one field after the other from the last of the mapping to the first. The counts may
/// be any number.
class AddressMapping {
  public:
    AddressMapping(const DramParameters& parameters, PhysicalAddress base,
                   std::uint64_t size_bytes);

    [[nodiscard]] DramAddress locate(PhysicalAddress address) const;

  private:
    DramMapping fields_from_lowest_;
    PerEnumerator<DramField, std::uint64_t> counts_;
    PhysicalAddress base_;
    std::uint64_t burst_bytes_;
};

}  // namespace mmusim::hw
