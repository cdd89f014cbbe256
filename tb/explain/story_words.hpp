// SPDX-License-Identifier: Apache-2.0
// Parts of a story in words.
#pragma once

#include "hw/base/latency.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/parameters.hpp"
#include "sw/spaces/region.hpp"
#include "tb/events/run_observer.hpp"
#include "tb/explain/address_look.hpp"
#include "tb/explain/process_story.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// "VPN[2] 1, VPN[1] 0, VPN[0] 5, offset 0x234".
[[nodiscard]] std::string parts_of(VirtualAddress address, const hw::PagingParameters& paging);

/// "rw-p" as in /proc/PID/maps.
[[nodiscard]] std::string rights_in_words(const sw::Region& region);

/// What is behind an address of a region: "anonymous memory", "page 3 of data", "explicit huge
/// pages of 2MiB". `name` is the region's, and may be empty.
[[nodiscard]] std::string backing_in_words(VirtualAddress address, const sw::Region& region,
                                           std::string_view name,
                                           const hw::PagingParameters& paging);

/// Where an entry leads; of one without V, what the operating system keeps in it: "not valid: in
/// swap, slot 3".
[[nodiscard]] std::string entry_in_words(const SeenEntry& seen, const hw::PagingParameters& paging);

/// What has become of an address from one look to the next: "its entry becomes V-R… ". Empty where
/// both are alike, or there was none before.
[[nodiscard]] std::string difference_in_words(const std::optional<AddressLook>& before,
                                              const std::optional<AddressLook>& after,
                                              const hw::PagingParameters& paging);

/// "l1_hit", "l2_hit" … "walk", "minor_fault", as in the result's `classes`.
[[nodiscard]] std::string class_name(const StoryClass& its_class);

/// "access 12, write: walk, 69 cycles, missed l1d (evicted), l2 (first)". `misses` may be empty.
[[nodiscard]] std::string translation_in_words(const TranslationEnded& translation,
                                               const std::vector<std::string>& misses);

/// "cow_copy, minor, for a write, 30 cycles".
[[nodiscard]] std::string fault_in_words(const FaultStory& fault);

/// The stages that took time, each with its cycles: "pte_read 60, first_tlb_lookup 2".
[[nodiscard]] std::string stages_in_words(const LatencyRecord& cycles);

}  // namespace mmusim::tb
