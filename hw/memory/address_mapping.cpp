// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/address_mapping.hpp"

#include <algorithm>

namespace mmusim::hw {

AddressMapping::AddressMapping(const DramParameters& parameters, PhysicalAddress base,
                               std::uint64_t size_bytes)
    : fields_from_lowest_(parameters.mapping), base_(base), burst_bytes_(parameters.burst_bytes) {
    std::ranges::reverse(fields_from_lowest_);
    counts_[DramField::channel] = parameters.channels;
    counts_[DramField::rank] = parameters.ranks;
    counts_[DramField::bank] = parameters.banks;
    counts_[DramField::column] = parameters.row_bytes / parameters.burst_bytes;
    const std::uint64_t bytes_per_row_number =
        parameters.row_bytes * parameters.channels * parameters.ranks * parameters.banks;
    counts_[DramField::row] = (size_bytes + bytes_per_row_number - 1) / bytes_per_row_number;
}

DramAddress AddressMapping::locate(PhysicalAddress address) const {
    std::uint64_t rest = (address.value - base_.value) / burst_bytes_;
    PerEnumerator<DramField, std::uint64_t> numbers;
    for (const DramField field : fields_from_lowest_) {
        numbers[field] = rest % counts_[field];
        rest /= counts_[field];
    }
    return {.channel = static_cast<std::uint32_t>(numbers[DramField::channel]),
            .rank = static_cast<std::uint32_t>(numbers[DramField::rank]),
            .bank = static_cast<std::uint32_t>(numbers[DramField::bank]),
            .row = numbers[DramField::row],
            .column = numbers[DramField::column]};
}

}  // namespace mmusim::hw
