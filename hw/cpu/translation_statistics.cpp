// SPDX-License-Identifier: Apache-2.0
#include "hw/cpu/translation_statistics.hpp"

#include <fmt/format.h>

namespace mmusim::hw {

void TranslationStatistics::record(Outcome outcome, unsigned hit_level,
                                   const LatencyRecord& latency) {
    LatencyHistogram& histogram =
        outcome == Outcome::hit ? hits_.at(hit_level - 1) : others_[outcome];
    histogram.record(latency.total());
    breakdown_ += latency;
}

LatencyHistogram TranslationStatistics::latency() const {
    LatencyHistogram all;
    for (const auto& [name, histogram] : classes()) {
        all += histogram;
    }
    return all;
}

std::vector<std::pair<std::string, LatencyHistogram>> TranslationStatistics::classes() const {
    std::vector<std::pair<std::string, LatencyHistogram>> result;
    for (std::size_t level = 0; level < hits_.size(); ++level) {
        result.emplace_back(fmt::format("l{}_hit", level + 1), hits_[level]);
    }
    for (const Outcome outcome :
         {Outcome::walk, Outcome::minor_fault, Outcome::major_fault, Outcome::invalid_fault}) {
        result.emplace_back(name_of(outcome), others_[outcome]);
    }
    return result;
}

}  // namespace mmusim::hw
