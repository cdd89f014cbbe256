// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <optional>

namespace mmusim {

/// SFENCE.VMA (RISC-V privileged specification): without an address all pages, without an ASID all
/// address spaces. With an ASID, global pages are kept.
struct Fence {
    std::optional<VirtualAddress> address;
    std::optional<Asid> asid;
};

}  // namespace mmusim
