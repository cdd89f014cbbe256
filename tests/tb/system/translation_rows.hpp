// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/latency.hpp"
#include "hw/base/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tests {

/// One row of a translation log.
struct TranslationRow {
    std::uint64_t access = 0;
    std::uint64_t asid = 0;
    std::string type;
    VirtualAddress virtual_address;
    std::optional<PhysicalAddress> physical_address;
    std::string page_size;
    std::string outcome;
    Cycles issued;
    Cycles done;
    Cycles latency;
    LatencyRecord stages;
};

/// The rows of a log, which has the columns that the simulator's documentation promises. Throws
/// std::runtime_error if it has not.
[[nodiscard]] std::vector<TranslationRow> read_translation_rows(const std::string& path);

}  // namespace mmusim::tests
