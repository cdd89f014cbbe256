// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/latency.hpp"
#include "hw/base/latency_histogram.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mmusim::hw {

/// How a translation ended, the worst that happened to it. Hits are told apart by the level that
/// had the page, 1 for the first.
enum class Outcome : std::uint8_t { hit, walk, minor_fault, major_fault, invalid_fault };

[[nodiscard]] constexpr auto enumerator_names(Outcome) {
    return std::array<std::string_view, 5>{"hit", "walk", "minor_fault", "major_fault",
                                           "invalid_fault"};
}

/// Latencies by class and by stage. Every translation is in exactly one class, and its stages sum
/// to its latency.
class TranslationStatistics {
  public:
    /// `levels`: how many TLBs the longest chain has.
    explicit TranslationStatistics(unsigned levels) : hits_(levels) {}

    /// A hit in the first TLB: its whole latency is that lookup.
    void record_first_hit(Cycles latency) {
        hits_.front().record(latency);
        breakdown_.add(Stage::first_tlb_lookup, latency);
    }

    /// `hit_level` counts where the outcome is a hit.
    void record(Outcome outcome, unsigned hit_level, const LatencyRecord& latency);

    [[nodiscard]] const LatencyRecord& breakdown() const { return breakdown_; }

    /// All latencies together.
    [[nodiscard]] LatencyHistogram latency() const;

    /// The classes in the order of the report: l1_hit, l2_hit … walk, minor_fault, major_fault,
    /// invalid_fault.
    [[nodiscard]] std::vector<std::pair<std::string, LatencyHistogram>> classes() const;

  private:
    std::vector<LatencyHistogram> hits_;
    PerEnumerator<Outcome, LatencyHistogram> others_;
    LatencyRecord breakdown_;
};

}  // namespace mmusim::hw
