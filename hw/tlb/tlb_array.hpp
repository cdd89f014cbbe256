// SPDX-License-Identifier: Apache-2.0
// The entries of one TLB: lookup, fill, invalidate. No clock and no owner.
#pragma once

#include "hw/base/fence.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/replacement.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/translation.hpp"
#include "hw/tlb/parameters.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::hw {

/// Pages of several sizes share one array. Each is in the set of its own page number, so a lookup
/// probes one set for each size present; where two sizes hold the address, the smaller answers.
class TlbArray {
  public:
    /// `page_sizes` are the sizes that it may hold, smallest first, seven at most.
    TlbArray(const TlbParameters& parameters, std::vector<PageSize> page_sizes, std::uint64_t seed);

    /// An entry as others see it.
    struct Entry {
        VirtualPageNumber virtual_page;  ///< the first 4 KiB page of it
        Asid asid;
        TranslatedPage page;

        bool operator==(const Entry&) const = default;
    };

    /// The page that holds `page` for this ASID. A hit counts as a use.
    [[nodiscard]] std::optional<TranslatedPage> lookup(VirtualPageNumber page, Asid asid);

    struct FillResult {
        bool entered = false;            ///< false: the array does not hold pages of this size
        std::optional<Entry> evicted{};  ///< the valid entry that gave way
    };

    /// Enters the page that holds `page`. Empty ways are taken first, the lowest before the others.
    /// A page that is present in this size is replaced where it is, and does not count as entered.
    FillResult fill(VirtualPageNumber page, Asid asid, const TranslatedPage& translated);

    /// Replaces what is known of a page that is present; one that is absent stays so.
    void refresh(VirtualPageNumber page, Asid asid, const TranslatedPage& translated);

    /// Removes the page of `size` that holds `page`; returns whether there was one.
    bool remove(VirtualPageNumber page, Asid asid, PageSize size);

    /// Removes what the fence names; returns how many entries that were.
    std::uint64_t invalidate(const Fence& fence);

    /// All valid entries, by set and way.
    [[nodiscard]] std::vector<Entry> entries() const;

  private:
    // What a lookup compares. Pages of different sizes never have equal tags: the size's place in
    // `page_sizes_` is part of it.
    struct Tag {
        std::uint64_t page = invalid_page;
        std::uint32_t space = 0;
    };

    static constexpr std::uint64_t invalid_page = ~std::uint64_t{0};
    static constexpr std::uint32_t every_space = 1U << 16U;
    static constexpr unsigned size_shift = 56;

    [[nodiscard]] std::optional<std::size_t> size_index(PageSize size) const;
    [[nodiscard]] std::uint64_t page_tag(VirtualPageNumber page, std::size_t size) const;
    [[nodiscard]] std::size_t set_of(VirtualPageNumber page, std::size_t size) const;
    [[nodiscard]] std::optional<std::size_t> find_way(std::size_t set, std::uint64_t page_tag,
                                                      Asid asid) const;
    [[nodiscard]] std::optional<std::size_t> find_slot(VirtualPageNumber page, Asid asid) const;
    [[nodiscard]] std::optional<std::size_t> empty_way(std::size_t set) const;
    void invalidate_slot(std::size_t slot);
    [[nodiscard]] bool fenced(std::size_t slot, const Fence& fence) const;
    [[nodiscard]] Entry entry_at(std::size_t slot) const;

    std::size_t sets_;
    bool power_of_two_sets_;
    std::size_t ways_;
    std::vector<PageSize> page_sizes_;
    std::vector<std::uint64_t> present_by_size_;
    std::vector<Tag> tags_;
    std::vector<TranslatedPage> pages_;
    ReplacementState replacement_;
};

}  // namespace mmusim::hw
