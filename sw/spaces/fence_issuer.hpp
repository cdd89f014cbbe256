// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/fence.hpp"
#include "sw/machine.hpp"
#include "sw/spaces/address_space.hpp"
#include "sw/spaces/asid_allocator.hpp"

#include <cstdint>
#include <optional>

namespace mmusim::sw {

/// The one way to a fence, so that each is counted.
class FenceIssuer {
  public:
    /// Each fence of a page or a space costs `fence_cycles`.
    FenceIssuer(const AsidAllocator& asids, Cycles fence_cycles, Machine& machine)
        : asids_(asids), fence_cycles_(fence_cycles), machine_(machine) {}

    void issue(const Fence& fence) {
        ++issued_;
        machine_.fence(fence);
    }

    /// Fences one page of a space, if a TLB can know the space at all.
    void issue(const AddressSpace& space, VirtualAddress address) {
        if (space.asid && asids_.current(*space.asid)) {
            machine_.spend(Stage::fault_fence, fence_cycles_);
            issue({.address = address, .asid = space.asid->asid});
        }
    }

    /// Fences a whole space, with what walk caches know of its tables, if the hardware can know it
    /// at all.
    void issue(const AddressSpace& space) {
        if (space.asid && asids_.current(*space.asid)) {
            machine_.spend(Stage::fault_fence, fence_cycles_);
            issue({.address = std::nullopt, .asid = space.asid->asid});
        }
    }

    /// Fences issued since the start or the last reset.
    [[nodiscard]] std::uint64_t issued() const { return issued_; }

    void reset_statistics() { issued_ = 0; }

  private:
    const AsidAllocator& asids_;
    Cycles fence_cycles_;
    Machine& machine_;
    std::uint64_t issued_ = 0;
};

}  // namespace mmusim::sw
