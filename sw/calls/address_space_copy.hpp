// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/calls/page_calls.hpp"
#include "sw/hugetlb/explicit_huge_pages.hpp"
#include "sw/pages/pages.hpp"
#include "sw/processes/process.hpp"
#include "sw/spaces/page_table_editor.hpp"
#include "sw/spaces/region.hpp"

namespace mmusim::sw {

/// What fork(2) gives a child: the parent's regions, and its pages to be shared until one of the
/// two writes (mm/memory.c, copy_page_range).
class AddressSpaceCopy {
  public:
    struct Parts {
        PageTableEditor& page_tables;
        Pages& pages;
        ExplicitHugePages& huge_pages;
        PageCalls& page_calls;
    };

    explicit AddressSpaceCopy(const Parts& parts) : parts_(parts) {}

    /// The child has nothing so far. False: no frames for its page tables; then it has a part.
    [[nodiscard]] bool make(Process& parent, Process& child);

  private:
    [[nodiscard]] bool share_region(Process& parent, const Region& region, Process& child);
    [[nodiscard]] bool share_explicit_huge_page(Process& parent, const Region& region,
                                                VirtualAddress address, Process& child);
    [[nodiscard]] bool share_page(Process& parent, VirtualAddress address, Process& child);
    [[nodiscard]] bool share_split_page(Process& parent, VirtualAddress address, Process& child);

    Parts parts_;
};

}  // namespace mmusim::sw
