// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/tlb/tlb_module.hpp"
#include "hw/walker/walker_module.hpp"
#include "tests/support/page_table_image.hpp"
#include "tests/support/simulation.hpp"
#include "tests/support/test_memories.hpp"
#include "tests/support/translation_requester.hpp"

namespace mmusim::tests {

/// The first frame of the page tables of a bench.
inline constexpr PhysicalPageNumber bench_root{0x80100};

struct MmuParameters {
    hw::PagingParameters paging{};
    hw::TlbParameters l1{.sets = 16, .ways = 4, .hit_latency_cycles = {1}};
    hw::TlbParameters l2{.sets = 128, .ways = 12, .hit_latency_cycles = {7}};
    hw::WalkerParameters walker{};
    hw::WalkCacheParameters walk_cache{};
};

/// One requester, two TLBs, a walker and a memory with page tables, one below the other.
template <typename Memory>
class MmuBench {
  public:
    MmuBench(const MmuParameters& parameters, Simulation& simulation, Memory& memory)
        : tables(memory.image(), parameters.paging.mode, bench_root),
          requester("requester", bench_root, simulation.clock()),
          l1("l1", parameters.l1, parameters.paging, 1, simulation.clock()),
          l2("l2", parameters.l2, parameters.paging, 2, simulation.clock()),
          walker("walker", parameters.walker, parameters.walk_cache, parameters.paging, 3,
                 simulation.clock()) {
        requester.initiator.bind(l1.upstream_target);
        l1.downstream_initiator.bind(l2.upstream_target);
        l1.set_lower_level(l2);
        l2.downstream_initiator.bind(walker.upstream_target);
        walker.memory_initiator.bind(memory.upstream_target);
    }

    PageTableImage tables;
    TranslationRequester requester;
    hw::TlbModule l1;
    hw::TlbModule l2;
    hw::WalkerModule walker;
};

}  // namespace mmusim::tests
