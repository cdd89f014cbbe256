// SPDX-License-Identifier: Apache-2.0
#include "hw/tlb/tlb_array.hpp"

#include <algorithm>
#include <utility>

namespace mmusim::hw {

TlbArray::TlbArray(const TlbParameters& parameters, std::vector<PageSize> page_sizes,
                   std::uint64_t seed)
    : set_index_(parameters.index, parameters.sets),
      ways_(parameters.ways),
      empty_ways_first_(parameters.empty_ways_first),
      fill_use_(parameters.fill_counts_as_use ? FillUse::is_a_use : FillUse::is_no_use),
      page_sizes_(std::move(page_sizes)),
      entries_by_size_(page_sizes_.size()),
      tags_(std::size_t{parameters.sets} * ways_),
      pages_(tags_.size()),
      replacement_(parameters.replacement, parameters.sets, ways_, seed) {
    present_sizes_.reserve(page_sizes_.size());
}

std::optional<TlbArray::Hit> TlbArray::lookup(VirtualPageNumber page, Asid asid) {
    const std::optional<Place> place = find(page, asid, smallest_size);
    if (!place) {
        return std::nullopt;
    }
    replacement_.used(place->slot / ways_, place->slot % ways_);
    return Hit{.page = pages_[place->slot],
               .overlapped = find(page, asid, place->next_size).has_value()};
}

TlbArray::FillResult TlbArray::fill(VirtualPageNumber page, Asid asid,
                                    const TranslatedPage& translated) {
    const std::optional<std::size_t> size = size_index(translated.size);
    if (!size) {
        return {};
    }
    const std::size_t set = set_of(page, *size);
    const std::optional<std::size_t> present = find_way(set, page_tag(page, *size), asid);
    const std::size_t way = present ? *present : way_to_fill(set);
    const std::size_t slot = set * ways_ + way;

    FillResult result{.entered = !present, .location = Location{.set = set, .way = way}};
    if (!present && tags_[slot].page != invalid_page) {
        result.evicted = entry_at(slot);
        count_out(slot);
    }
    tags_[slot] = {.page = page_tag(page, *size), .space = space_of(asid, translated)};
    pages_[slot] = translated;
    if (!present) {
        count_in(slot);
    }
    replacement_.filled(set, way, fill_use_);
    return result;
}

void TlbArray::refresh(VirtualPageNumber page, Asid asid, const TranslatedPage& translated) {
    const std::optional<Place> place = find(page, asid, smallest_size);
    if (place && pages_[place->slot].size == translated.size) {
        tags_[place->slot].space = space_of(asid, translated);
        pages_[place->slot] = translated;
    }
}

bool TlbArray::remove(VirtualPageNumber page, Asid asid, PageSize size) {
    const std::optional<std::size_t> index = size_index(size);
    if (!index) {
        return false;
    }
    const std::size_t set = set_of(page, *index);
    const std::optional<std::size_t> way = find_way(set, page_tag(page, *index), asid);
    if (way) {
        invalidate_slot(set * ways_ + *way);
    }
    return way.has_value();
}

std::uint64_t TlbArray::invalidate(const Fence& fence) {
    std::uint64_t removed = 0;
    for (std::size_t slot = 0; slot < tags_.size(); ++slot) {
        if (tags_[slot].page == invalid_page || !fenced(slot, fence)) {
            continue;
        }
        invalidate_slot(slot);
        ++removed;
    }
    return removed;
}

TlbArray::Entry TlbArray::entry_of(VirtualPageNumber page, Asid asid,
                                   const TranslatedPage& translated) {
    const unsigned bits_inside = translated.size.page_number_bits_inside();
    return {.virtual_page = {page.value >> bits_inside << bits_inside},
            .asid = translated.global ? Asid{} : asid,
            .page = translated};
}

std::vector<TlbArray::Entry> TlbArray::named_by(const Fence& fence) const {
    std::vector<Entry> result;
    for (std::size_t slot = 0; slot < tags_.size(); ++slot) {
        if (tags_[slot].page != invalid_page && fenced(slot, fence)) {
            result.push_back(entry_at(slot));
        }
    }
    return result;
}

std::size_t TlbArray::set_of(VirtualPageNumber page, std::optional<PageSize> size) const {
    return set_of(page, size ? size_index(*size).value_or(smallest_size) : smallest_size);
}

std::vector<TlbArray::Entry> TlbArray::entries() const {
    std::vector<Entry> result;
    for (std::size_t slot = 0; slot < tags_.size(); ++slot) {
        if (tags_[slot].page != invalid_page) {
            result.push_back(entry_at(slot));
        }
    }
    return result;
}

std::optional<std::size_t> TlbArray::size_index(PageSize size) const {
    const auto found = std::find(page_sizes_.begin(), page_sizes_.end(), size);
    if (found == page_sizes_.end()) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(std::distance(page_sizes_.begin(), found));
}

std::uint64_t TlbArray::page_tag(VirtualPageNumber page, std::size_t size) const {
    return page_number_in_units_of(page_sizes_[size], page) | std::uint64_t{size} << size_shift;
}

std::size_t TlbArray::set_of(VirtualPageNumber page, std::size_t size) const {
    return set_index_(page_number_in_units_of(page_sizes_[size], page));
}

std::optional<std::size_t> TlbArray::find_way(std::size_t set, std::uint64_t page_tag,
                                              Asid asid) const {
    // Every way is compared, and none branched on: which way hits cannot be predicted.
    const Tag* const tags = &tags_[set * ways_];
    std::size_t found = ways_;
    for (std::size_t way = 0; way < ways_; ++way) {
        const bool same_space =
            static_cast<bool>(static_cast<unsigned>(tags[way].space == asid.value) |
                              static_cast<unsigned>(tags[way].space == every_space));
        const bool match = static_cast<bool>(static_cast<unsigned>(tags[way].page == page_tag) &
                                             static_cast<unsigned>(same_space));
        found = match ? way : found;
    }
    if (found == ways_) {
        return std::nullopt;
    }
    return found;
}

std::optional<TlbArray::Place> TlbArray::find(VirtualPageNumber page, Asid asid,
                                              std::size_t first_size) const {
    for (std::size_t i = first_size; i < present_sizes_.size(); ++i) {
        const std::size_t size = present_sizes_[i];
        const std::size_t set = set_of(page, size);
        const std::optional<std::size_t> way = find_way(set, page_tag(page, size), asid);
        if (way) {
            return Place{.slot = set * ways_ + *way, .next_size = i + 1};
        }
    }
    return std::nullopt;
}

void TlbArray::count_in(std::size_t slot) {
    const std::size_t size = *size_index(pages_[slot].size);
    if (++entries_by_size_[size] == 1) {
        const auto larger = std::upper_bound(present_sizes_.begin(), present_sizes_.end(), size);
        present_sizes_.insert(larger, size);
    }
}

void TlbArray::count_out(std::size_t slot) {
    const std::size_t size = *size_index(pages_[slot].size);
    if (--entries_by_size_[size] == 0) {
        std::erase(present_sizes_, size);
    }
}

std::size_t TlbArray::way_to_fill(std::size_t set) {
    for (std::size_t way = 0; empty_ways_first_ && way < ways_; ++way) {
        if (tags_[set * ways_ + way].page == invalid_page) {
            return way;
        }
    }
    return replacement_.victim(set);
}

void TlbArray::invalidate_slot(std::size_t slot) {
    tags_[slot].page = invalid_page;
    count_out(slot);
}

bool TlbArray::fenced(std::size_t slot, const Fence& fence) const {
    const Tag& tag = tags_[slot];
    if (fence.asid && tag.space != fence.asid->value) {
        return false;  // another space's, or a global page, which a fence with an ASID keeps
    }
    if (!fence.address) {
        return true;
    }
    const std::size_t size = *size_index(pages_[slot].size);
    return tag.page == page_tag(page_number_of(*fence.address), size);
}

TlbArray::Entry TlbArray::entry_at(std::size_t slot) const {
    const TranslatedPage& page = pages_[slot];
    const std::uint64_t number = tags_[slot].page & ((std::uint64_t{1} << size_shift) - 1);
    const auto asid = static_cast<std::uint16_t>(page.global ? 0 : tags_[slot].space);
    return {.virtual_page = {number << page.size.page_number_bits_inside()},
            .asid = {asid},
            .page = page};
}

}  // namespace mmusim::hw
