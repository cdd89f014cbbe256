// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

namespace mmusim::sw {

/// After a compaction that made no block, it is not worth while to try again soon: each further
/// failure in a row doubles how many wishes go by, 64 at most (Linux's mm/compaction.c,
/// defer_compaction and compaction_deferred).
class CompactionDeferral {
  public:
    /// A block is wished for: whether to try.
    [[nodiscard]] bool is_time() {
        const std::uint64_t limit = std::uint64_t{1} << doublings_;
        considered_ = std::min(considered_ + 1, limit);
        return considered_ == limit;
    }

    void failed() {
        constexpr unsigned most_doublings = 6;
        considered_ = 0;
        doublings_ = std::min(doublings_ + 1, most_doublings);
    }

    void succeeded() { *this = {}; }

  private:
    std::uint64_t considered_ = 0;
    unsigned doublings_ = 0;
};

}  // namespace mmusim::sw
