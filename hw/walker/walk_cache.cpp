// SPDX-License-Identifier: Apache-2.0
#include "hw/walker/walk_cache.hpp"

#include <algorithm>
#include <variant>

namespace mmusim::hw {

WalkCache::Array::Array(const WalkCacheArrayParameters& parameters, Replacement replacement,
                        std::uint64_t seed)
    : sets_(parameters.sets),
      ways_(parameters.ways),
      pointers_(sets_ * ways_),
      replacement_(replacement, sets_, ways_, seed) {}

const WalkCache::Pointer* WalkCache::Array::find(std::uint64_t key, Asid asid) {
    const std::optional<std::size_t> way = way_of(key, asid);
    if (!way) {
        return nullptr;
    }
    replacement_.used(set_of(key), *way);
    return &pointers_[set_of(key) * ways_ + *way];
}

bool WalkCache::Array::enter(const Pointer& pointer) {
    const std::size_t set = set_of(pointer.key);
    const std::optional<std::size_t> present = way_of(pointer.key, pointer.asid);
    const std::size_t way = present ? *present : way_for_fill(set);
    Pointer& place = pointers_[set * ways_ + way];
    const bool evicts = place.valid && (place.key != pointer.key || place.asid != pointer.asid);
    place = pointer;
    replacement_.filled(set, way);
    return evicts;
}

std::uint64_t WalkCache::Array::invalidate(std::optional<Asid> asid) {
    std::uint64_t removed = 0;
    for (Pointer& pointer : pointers_) {
        const bool named = pointer.valid && (!asid || pointer.asid == *asid);
        if (named) {
            pointer.valid = false;
            ++removed;
        }
    }
    return removed;
}

std::optional<std::size_t> WalkCache::Array::way_of(std::uint64_t key, Asid asid) const {
    const std::size_t first = set_of(key) * ways_;
    for (std::size_t way = 0; way < ways_; ++way) {
        const Pointer& pointer = pointers_[first + way];
        if (pointer.valid && pointer.key == key && pointer.asid == asid) {
            return way;
        }
    }
    return std::nullopt;
}

std::size_t WalkCache::Array::way_for_fill(std::size_t set) {
    for (std::size_t way = 0; way < ways_; ++way) {
        if (!pointers_[set * ways_ + way].valid) {
            return way;
        }
    }
    return replacement_.victim(set);
}

WalkCache::WalkCache(const WalkCacheParameters& parameters, const PagingFormat& format,
                     std::uint64_t seed)
    : format_(format),
      perfect_(parameters.perfect),
      kind_(perfect_ ? WalkCacheKind::per_level : parameters.kind),
      entries_(parameters.entries, parameters.replacement, seed) {
    for (const WalkCacheArrayParameters& level :
         {parameters.level1, parameters.level2, parameters.level3, parameters.level4}) {
        levels_.emplace_back(level, parameters.replacement, seed + levels_.size() + 1);
    }
}

std::optional<WalkCache::Start> WalkCache::find_start(const TranslationRequest& request) {
    if (kind_ != WalkCacheKind::per_level) {
        return std::nullopt;
    }
    ++statistics_.lookups;
    for (unsigned level = 1; level < format_.levels; ++level) {
        Array& array = levels_[level - 1];
        const Pointer* const found =
            array.find(key_of(level, request.address), request.context.asid);
        if (found != nullptr) {
            ++statistics_.hits;
            ++statistics_.hits_by_level.at(level);
            return Start{
                .level = level - 1, .table = found->entry.page_number(), .global = found->global};
        }
    }
    ++statistics_.misses;
    return std::nullopt;
}

std::optional<WalkCache::Start> WalkCache::find_last_table(const PagingParameters& paging,
                                                           const TranslationRequest& request,
                                                           const EntryAccess& entries) {
    ++statistics_.lookups;
    PageWalk walk(paging, request);
    WalkStep step = walk.start();
    std::optional<Start> last;
    while (const auto* read = std::get_if<ReadEntry>(&step)) {
        const std::optional<PageTableEntry> entry = entries.read(read->address);
        step = entry ? walk.entry_read(*entry) : walk.memory_failed();
        if (std::holds_alternative<ReadEntry>(step)) {
            last = Start{.level = walk.level(), .table = walk.table(), .global = walk.global()};
        }
    }
    if (last) {
        ++statistics_.hits;
        ++statistics_.hits_by_level.at(last->level + 1);
    } else {
        ++statistics_.misses;
    }
    return last;
}

std::optional<PageTableEntry> WalkCache::find_entry(PhysicalAddress address, unsigned level) {
    if (kind_ != WalkCacheKind::entries || level == 0) {
        return std::nullopt;
    }
    ++statistics_.lookups;
    const Pointer* const found = entries_.find(key_of(address), Asid{});
    if (found == nullptr) {
        ++statistics_.misses;
        return std::nullopt;
    }
    ++statistics_.hits;
    ++statistics_.hits_by_level.at(level);
    return found->entry;
}

void WalkCache::pointer_read(const TranslationRequest& request, PhysicalAddress address,
                             unsigned level, PageTableEntry entry, bool global) {
    if (perfect_) {
        return;
    }
    if (kind_ == WalkCacheKind::per_level) {
        enter(levels_[level - 1], {.valid = true,
                                   .key = key_of(level, request.address),
                                   .asid = request.context.asid,
                                   .entry = entry,
                                   .global = global});
    } else {
        enter(entries_, {.valid = true, .key = key_of(address), .asid = {}, .entry = entry});
    }
}

void WalkCache::enter(Array& array, const Pointer& pointer) {
    if (!array.present()) {
        return;
    }
    ++statistics_.fills;
    if (array.enter(pointer)) {
        ++statistics_.evictions;
    }
}

void WalkCache::fence(const Fence& fence) {
    if (fence.address) {
        return;
    }
    for (Array& level : levels_) {
        statistics_.invalidations += level.invalidate(fence.asid);
    }
    // By physical address nobody knows whose pointers these are.
    statistics_.invalidations += entries_.invalidate(std::nullopt);
}

bool WalkCache::concerns(const Fence& fence, Asid asid) const {
    const bool by_space = kind_ == WalkCacheKind::per_level && fence.asid;
    return !fence.address && (!by_space || *fence.asid == asid);
}

std::uint64_t WalkCache::key_of(unsigned level, VirtualAddress address) const {
    return address.value >> format_.page_size_at(level).log2_bytes;
}

std::uint64_t WalkCache::key_of(PhysicalAddress address) const {
    return address.value / format_.entry_bytes;
}

}  // namespace mmusim::hw
