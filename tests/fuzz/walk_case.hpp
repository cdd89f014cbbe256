// SPDX-License-Identifier: Apache-2.0
// Page tables and an access made from arbitrary bytes, on which the hardware's walk and the naive
// translation have to agree.
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace mmusim::tests {

struct WalkCase {
    hw::PagingParameters paging;
    hw::TranslationRequest request;
    /// By address; all else is zero.
    std::map<std::uint64_t, std::uint64_t> entries;
};

/// Every sequence of bytes is a case; what is missing counts as zero. Most cases lead deep into the
/// tables, and no case is out of reach.
[[nodiscard]] WalkCase walk_case_of(std::span<const std::uint8_t> bytes);

/// In what the two differ: outcome, address, entries read, entry written. Empty if they agree.
[[nodiscard]] std::string difference_in(const WalkCase& walk_case);

}  // namespace mmusim::tests
