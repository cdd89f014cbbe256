// SPDX-License-Identifier: Apache-2.0
// A file of slices as a viewer reads it.
#pragma once

#include "hw/base/latency.hpp"
#include "hw/base/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tests {

/// A translation, put together again from its slices.
struct SlicedTranslation {
    std::string name;
    std::uint64_t access = 0;
    std::uint64_t asid = 0;
    std::string virtual_address;
    Cycles issued;
    Cycles done;
    LatencyRecord stages;
    /// The names of the slices in it that have parts, in their order.
    std::vector<std::string> parts;
};

/// The translations of a file in the order in which it has them. Throws std::runtime_error where a
/// slice is not within the one that it lies in, where slices of one row overlap, and where those of
/// the stages do not lie end to end over the whole of a translation.
[[nodiscard]] std::vector<SlicedTranslation> read_sliced_translations(const std::string& path);

/// Where a file of slices and the rows of --accesses of the same run differ, a line each; nothing
/// if they agree. `all`: every row has its slices.
[[nodiscard]] std::string differences_from_rows(const std::string& slices, const std::string& rows,
                                                bool all);

}  // namespace mmusim::tests
