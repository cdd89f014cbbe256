// SPDX-License-Identifier: Apache-2.0
#include "sw/replacement/page_replacement.hpp"

#include "sw/replacement/active_inactive.hpp"
#include "sw/replacement/textbook_policies.hpp"

namespace mmusim::sw {

void PageReplacement::tick(PagesInMemory& /*pages*/) {}

void PageReplacement::accessed(PhysicalPageNumber /*frame*/) {}

std::unique_ptr<PageReplacement> make_page_replacement(PageReplacementPolicy policy) {
    switch (policy) {
        case PageReplacementPolicy::fifo: return std::make_unique<FifoReplacement>();
        case PageReplacementPolicy::lru: return std::make_unique<LruReplacement>();
        case PageReplacementPolicy::clock:
            return std::make_unique<ClockReplacement>(LoadCounts::as_access);
        case PageReplacementPolicy::second_chance:
            return std::make_unique<ClockReplacement>(LoadCounts::as_none);
        case PageReplacementPolicy::nfu:
            return std::make_unique<CountingReplacement>(CountingReplacement::Counter::sum);
        case PageReplacementPolicy::aging:
            return std::make_unique<CountingReplacement>(CountingReplacement::Counter::shifted);
        case PageReplacementPolicy::active_inactive:
            return std::make_unique<ActiveInactiveReplacement>();
        case PageReplacementPolicy::opt: break;
    }
    return std::make_unique<OptimalReplacement>();
}

}  // namespace mmusim::sw
