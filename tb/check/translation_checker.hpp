// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "hw/cpu/faulted_translation.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation.hpp"
#include "hw/tlb/tlb_array.hpp"
#include "sw/spaces/region.hpp"
#include "tb/check/naive_translation.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace mmusim::tb {

/// Two opinions differ; `what()` tells the story.
class CheckFailure : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A translation as the core sees it at its end.
struct EndedTranslation {
    std::uint64_t access = 0;  ///< the number of its access, from 0
    Cycles issued;
    hw::TranslationRequest request;
    /// Nothing if the program got a signal.
    std::optional<hw::TranslatedPage> page;
};

/// What a TLB holds.
struct TlbContents {
    std::string name;
    std::vector<hw::TlbArray::Entry> entries;
};

/// What the checker may look at; nothing of it takes time or changes anything.
struct CheckedMachine {
    NaiveMemory memory;
    /// The region of the running program that holds an address, in the operating system's own map.
    std::function<std::optional<sw::Region>(VirtualAddress)> region_at;
    std::function<std::vector<TlbContents>()> tlbs;
};

/// A second opinion on every translation at its end, hits too, and on every fault: the page tables
/// in memory, read by the naive translation, and the operating system's map.
class TranslationChecker {
  public:
    TranslationChecker(const hw::PagingParameters& paging, CheckedMachine machine);

    /// Throws CheckFailure at a physical address, a right, an A or D bit or a signal that the page
    /// tables or the map do not bear out.
    void check(const EndedTranslation& translation);

    /// Throws CheckFailure where the page tables let the access through, or fault otherwise.
    void check(const hw::FaultedTranslation& fault);

    /// How many translations and faults were found right.
    [[nodiscard]] std::uint64_t checked() const { return checked_; }

  private:
    [[nodiscard]] std::optional<std::string> difference(const EndedTranslation& translation,
                                                        const NaiveAnswer& naive) const;
    [[nodiscard]] bool warranted(const hw::FaultedTranslation& fault,
                                 const NaiveAnswer& naive) const;
    template <typename Event>
    [[nodiscard]] std::string story(const Event& event, const NaiveAnswer& naive,
                                    const std::string& difference) const;

    hw::PagingParameters paging_;
    CheckedMachine machine_;
    std::uint64_t checked_ = 0;
};

}  // namespace mmusim::tb
