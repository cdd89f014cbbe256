// SPDX-License-Identifier: Apache-2.0
// Replacement policies, shared by every set-associative structure.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/random.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mmusim::hw {

/// How the way that gives way is chosen. A *use* is a lookup that hits and, unless the structure
/// says otherwise, a fill. At the start no way was ever used, and all state is zero.
enum class Replacement : std::uint8_t {
    /// The way whose last use is longest ago; of ways never used, the lowest.
    lru,
    /// A binary tree over the ways; each node points to one of its halves. A use makes every node
    /// on the way's path point to the other half; the victim is where the path from the root leads.
    /// At the start all nodes point to the lower half (So and Rechtschaffen, "Cache operations by
    /// MRU change", 1988). Where the ways are no power of two, a subtree of n ways has in its lower
    /// half the largest power of two below n and in its upper half the rest, as in Rocket Chip
    /// (util/Replacement.scala, PseudoLRU).
    tree_plru,
    /// One bit for each way, set by a use. Where that would set the last clear one, all *others*
    /// are cleared. The victim is the lowest way whose bit is clear (Al-Zoubi, Milenkovic and
    /// Milenkovic, "Performance evaluation of cache replacement policies for the SPEC CPU2000
    /// benchmark suite", 2004, "PLRUm").
    bit_plru,
    /// The same, but where the last clear bit would be set, *all* are cleared, the newest way's
    /// too, so that it may be the next victim ("used bits" of Wally's TLB, openhwgroup/cvw,
    /// src/mmu/tlb/tlblru.sv).
    nru,
    /// The way with the fewest uses since its fill; of equals, the lowest (drcachesim's default for
    /// TLBs, DynamoRIO, clients/drcachesim/simulator/policy_lfu.cpp).
    lfu,
    /// The way whose fill is longest ago, used or not.
    fifo,
    /// Any way, by the generator of the configuration's seed.
    random,
    /// Static re-reference interval prediction, 2 bits for each way, hit priority: a hit writes 0,
    /// a fill 2. The victim is the lowest way with 3; while there is none, all are incremented. At
    /// the start all are 3 (Jaleel, Theobald, Steely and Emer, ISCA 2010, SRRIP-HP).
    srrip,
};

[[nodiscard]] constexpr auto enumerator_names(Replacement) {
    return std::array<std::string_view, 8>{"lru", "tree_plru", "bit_plru", "nru",
                                           "lfu", "fifo",      "random",   "srrip"};
}

/// Whether a fill is a use. Where it is not, a way just filled is as likely to give way as before,
/// until a hit. No difference to fifo, random and srrip.
enum class FillUse : bool { is_no_use, is_a_use };

/// Which way of a full set gives way. It knows nothing of what the ways hold.
class ReplacementState {
  public:
    ReplacementState(Replacement policy, std::size_t sets, std::size_t ways, std::uint64_t seed);

    /// The way was found by a lookup.
    void used(std::size_t set, std::size_t way) {
        if (policy_ == Replacement::lru) {
            stamp(set, way);
        } else if (keeps_uses_) {
            keep_use(set, way);
        }
    }

    /// The way was filled.
    void filled(std::size_t set, std::size_t way, FillUse use = FillUse::is_a_use);

    /// The way of a full set that the next fill takes.
    [[nodiscard]] std::size_t victim(std::size_t set);

  private:
    void stamp(std::size_t set, std::size_t way) { stamps_[set * ways_ + way] = ++time_; }

    // The marks of one set: a node of a tree, a bit or a prediction for each element.
    [[nodiscard]] std::uint8_t* marks_of(std::size_t set) { return &marks_[set * marks_per_set_]; }

    void keep_use(std::size_t set, std::size_t way);
    void point_away_from(std::size_t set, std::size_t way);
    void set_bit(std::size_t set, std::size_t way);

    [[nodiscard]] std::size_t way_of_lowest_stamp(std::size_t set) const;
    [[nodiscard]] std::size_t way_at_the_end_of_the_path(std::size_t set);
    [[nodiscard]] std::size_t lowest_clear_way(std::size_t set);
    [[nodiscard]] std::size_t lowest_distant_way(std::size_t set);

    Replacement policy_;
    // Whether a use changes anything, under another policy than lru.
    bool keeps_uses_;
    std::size_t ways_;
    unsigned tree_levels_;
    // When each way was used or filled last; under lfu, how often it was used.
    std::vector<std::uint64_t> stamps_;
    std::uint64_t time_ = 0;
    std::size_t marks_per_set_;
    std::vector<std::uint8_t> marks_;
    Random random_;
};

}  // namespace mmusim::hw
