// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/translation.hpp"

#include <cstdint>

namespace mmusim::hw {

/// One translation whose fault the core takes, for onlookers.
struct FaultedTranslation {
    std::uint64_t access = 0;  ///< the number of its access, from 0
    Cycles issued;
    TranslationRequest request;
    FaultCause cause = FaultCause::page_fault;
};

}  // namespace mmusim::hw
