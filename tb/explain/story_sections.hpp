// SPDX-License-Identifier: Apache-2.0
// Parts of the report of a story. Each is empty where it has nothing to tell.
#pragma once

#include "hw/base/enumeration.hpp"
#include "tb/explain/explanation.hpp"
#include "tb/explain/process_story.hpp"
#include "tb/report/number_text.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

namespace mmusim::tb {

/// What became of the page in each TLB that had to do with it.
[[nodiscard]] std::string tlb_part_of(const Explanation& explanation, const ProcessStory& story);

/// The first faults one by one, and all of them together.
[[nodiscard]] std::string fault_part_of(const ProcessStory& story);

/// The first events, in the order of time. `processes` are those of the run.
[[nodiscard]] std::string event_part_of(const ProcessStory& story,
                                        const std::vector<sw::ProcessStatistics>& processes);

/// "0x40001000 (2MiB)": a page, with its size if that is not the smallest, and its process if that
/// is not `own`. `processes` are those of the run.
[[nodiscard]] std::string page_in_words(const HeldPage& page, sw::ProcessId own,
                                        const std::vector<sw::ProcessStatistics>& processes);

/// "first 1, evicted 2": those that are not 0.
template <NamedEnumeration Enumeration>
[[nodiscard]] std::vector<std::string> counts_in_words(
    const PerEnumerator<Enumeration, std::uint64_t>& counts) {
    std::vector<std::string> words;
    for (std::size_t index = 0; index < enumerator_count<Enumeration>; ++index) {
        if (counts.values[index] > 0) {
            words.push_back(fmt::format("{} {}", name_of(static_cast<Enumeration>(index)),
                                        grouped(counts.values[index])));
        }
    }
    return words;
}

}  // namespace mmusim::tb
