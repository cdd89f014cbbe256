// SPDX-License-Identifier: Apache-2.0
// The entries of one TLB: lookup, fill, invalidate. No clock and no owner.
#pragma once

#include "hw/base/fence.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/replacement.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/translation.hpp"
#include "hw/tlb/parameters.hpp"
#include "hw/tlb/set_index.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::hw {

/// Pages of several sizes share one array. Each is in the set of its own page number, so a lookup
/// probes one set for each size present.
///
/// Pages of two sizes hold the same address only where software changed the size of a mapping
/// without a fence. The architecture lets either answer; real machines have answered with a mix of
/// both, or stopped (CVE-2018-12207). Here the smallest answers, whole, and the lookup tells.
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

    /// The entry for this page, however it was held before.
    [[nodiscard]] static Entry entry_of(VirtualPageNumber page, Asid asid,
                                        const TranslatedPage& translated);

    /// What a lookup found.
    struct Hit {
        TranslatedPage page;
        bool overlapped = false;  ///< a page of another size holds the address as well

        bool operator==(const Hit&) const = default;
    };

    /// The page that holds `page` for this ASID. A hit is a use of the page that answers.
    [[nodiscard]] std::optional<Hit> lookup(VirtualPageNumber page, Asid asid);

    struct Location {
        std::size_t set = 0;
        std::size_t way = 0;

        bool operator==(const Location&) const = default;
    };

    struct FillResult {
        /// false: the array does not hold pages of this size, or held this one already
        bool entered = false;
        std::optional<Entry> evicted{};      ///< the valid entry that gave way
        std::optional<Location> location{};  ///< where the page is now, if it is held
    };

    /// Enters a page, in an empty way if `empty_ways_first` and there is one, the lowest before the
    /// others; else where the policy says, which then may be an empty way as well. A page that is
    /// there already takes the new translation, and that is a use as every fill.
    FillResult fill(VirtualPageNumber page, Asid asid, const TranslatedPage& translated);

    /// Replaces what is known of a page that is present; one that is absent stays so.
    void refresh(VirtualPageNumber page, Asid asid, const TranslatedPage& translated);

    /// Removes the page of `size` that holds `page`; returns whether there was one.
    bool remove(VirtualPageNumber page, Asid asid, PageSize size);

    /// Removes what the fence names; returns how many entries that were.
    std::uint64_t invalidate(const Fence& fence);

    /// What `invalidate` would remove.
    [[nodiscard]] std::vector<Entry> named_by(const Fence& fence) const;

    /// The set of the page of `size` that holds `page`, and without a size of the smallest that
    /// the array may hold.
    [[nodiscard]] std::size_t set_of(VirtualPageNumber page, std::optional<PageSize> size) const;

    /// All valid entries, by set and way.
    [[nodiscard]] std::vector<Entry> entries() const;

  private:
    // What a lookup compares. Pages of different sizes never have equal tags: the size's place in
    // `page_sizes_` is part of it.
    struct Tag {
        std::uint64_t page = invalid_page;
        std::uint32_t space = 0;
    };

    // An entry, and where in `present_sizes_` the search for a larger one goes on.
    struct Place {
        std::size_t slot;
        std::size_t next_size;
    };

    static constexpr std::size_t smallest_size = 0;
    static constexpr std::uint64_t invalid_page = ~std::uint64_t{0};
    static constexpr std::uint32_t every_space = 1U << 16U;
    static constexpr unsigned size_shift = 56;

    [[nodiscard]] std::optional<std::size_t> size_index(PageSize size) const;
    [[nodiscard]] std::uint64_t page_tag(VirtualPageNumber page, std::size_t size) const;
    [[nodiscard]] static std::uint32_t space_of(Asid asid, const TranslatedPage& page) {
        return page.global ? every_space : asid.value;
    }
    [[nodiscard]] std::size_t set_of(VirtualPageNumber page, std::size_t size) const;
    [[nodiscard]] std::optional<std::size_t> find_way(std::size_t set, std::uint64_t page_tag,
                                                      Asid asid) const;
    [[nodiscard]] std::optional<Place> find(VirtualPageNumber page, Asid asid,
                                            std::size_t first_size) const;
    [[nodiscard]] std::size_t way_to_fill(std::size_t set);
    void invalidate_slot(std::size_t slot);
    void count_in(std::size_t slot);
    void count_out(std::size_t slot);
    [[nodiscard]] bool fenced(std::size_t slot, const Fence& fence) const;
    [[nodiscard]] Entry entry_at(std::size_t slot) const;

    SetIndex set_index_;
    std::size_t ways_;
    bool empty_ways_first_;
    FillUse fill_use_;
    std::vector<PageSize> page_sizes_;
    std::vector<std::uint64_t> entries_by_size_;
    // The places in `page_sizes_` of the sizes that some entry has, smallest first: what a lookup
    // probes.
    std::vector<std::size_t> present_sizes_;
    std::vector<Tag> tags_;
    std::vector<TranslatedPage> pages_;
    ReplacementState replacement_;
};

}  // namespace mmusim::hw
