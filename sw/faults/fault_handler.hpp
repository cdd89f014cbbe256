// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "hw/paging/translation.hpp"
#include "sw/faults/fault_outcome.hpp"
#include "sw/frames/cleared_frames.hpp"
#include "sw/machine.hpp"
#include "sw/parameters.hpp"
#include "sw/spaces/address_space.hpp"
#include "sw/spaces/fence_issuer.hpp"
#include "sw/spaces/page_table_editor.hpp"
#include "sw/spaces/region.hpp"

#include <optional>

namespace mmusim::sw {

/// Answers page faults by Linux's rules. What it decides is straight-line code; each phase asks the
/// machine for its time.
class FaultHandler {
  public:
    /// `zero_frame` is the shared page of zeros; none: a read of untouched memory gets a frame of
    /// its own.
    FaultHandler(const OsParameters& parameters, std::optional<PhysicalPageNumber> zero_frame,
                 ClearedFrames& frames, PageTableEditor& page_tables, FenceIssuer& fences,
                 Machine& machine);

    /// Afterwards the access is permitted, or a signal says why not.
    [[nodiscard]] FaultOutcome handle(AddressSpace& space, const hw::PageFault& fault);

  private:
    [[nodiscard]] FaultOutcome resolve(AddressSpace& space, const hw::PageFault& fault);
    [[nodiscard]] FaultOutcome make_present(AddressSpace& space, const Region& region,
                                            const hw::PageFault& fault);
    [[nodiscard]] FaultOutcome map_zero_page(const Region& region, const EntrySlot& slot);
    [[nodiscard]] FaultOutcome map_new_frame(AddressSpace& space, const Region& region,
                                             const EntrySlot& slot, VirtualAddress address);
    [[nodiscard]] FaultOutcome refresh(const AddressSpace& space, const Region& region,
                                       const EntrySlot& slot, const hw::PageFault& fault);

    [[nodiscard]] bool maps_zero_page(hw::PageTableEntry entry) const;
    void fence(const AddressSpace& space, VirtualAddress address);

    OsParameters parameters_;
    std::optional<PhysicalPageNumber> zero_frame_;
    ClearedFrames& frames_;
    PageTableEditor& page_tables_;
    FenceIssuer& fences_;
    Machine& machine_;
};

}  // namespace mmusim::sw
