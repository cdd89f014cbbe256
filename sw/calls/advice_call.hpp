// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sw/calls/advice.hpp"
#include "sw/calls/page_calls.hpp"
#include "sw/hugetlb/explicit_huge_pages.hpp"
#include "sw/processes/process.hpp"
#include "sw/spaces/address_space.hpp"
#include "sw/spaces/region.hpp"

namespace mmusim::sw {

/// What madvise(2) does with a region.
class AdviceCall {
  public:
    struct Parts {
        ExplicitHugePages& huge_pages;
        PageCalls& page_calls;
    };

    explicit AdviceCall(const Parts& parts) : parts_(parts) {}

    /// Whether the advice is for this kind of region, a piece of one of the space's.
    [[nodiscard]] bool possible(const AddressSpace& space, const Region& region,
                                Advice advice) const;
    void give(Process& process, const Region& region, Advice advice);

  private:
    [[nodiscard]] bool fits_huge_pages(Advice advice, const AddressSpace& space,
                                       const Region& region) const;
    void forget(Process& process, const Region& region);

    Parts parts_;
};

}  // namespace mmusim::sw
