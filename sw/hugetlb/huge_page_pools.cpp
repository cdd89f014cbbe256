// SPDX-License-Identifier: Apache-2.0
#include "sw/hugetlb/huge_page_pools.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mmusim::sw {

namespace {

constexpr PageSize largest_huge_page{30};

std::uint64_t frames_in(PageSize size) {
    return size.bytes() / page_bytes;
}

std::vector<PhysicalPageNumber> take_pages(std::uint64_t count, PageSize size,
                                           FrameAllocator& allocator) {
    std::vector<PhysicalPageNumber> pages;
    while (pages.size() < count) {
        const auto page = allocator.allocate(FrameUse::others, size.page_number_bits_inside());
        if (!page) {
            throw InputError(fmt::format(
                "os.hugetlb: memory has room for {} huge pages of {}, expected room for {}",
                pages.size(), size, count));
        }
        pages.push_back(*page);
    }
    return pages;
}

}  // namespace

std::vector<PageSize> huge_page_sizes(const hw::PagingFormat& format) {
    std::vector<PageSize> sizes;
    for (unsigned level = 1; level < format.levels; ++level) {
        if (format.page_size_at(level) <= largest_huge_page) {
            sizes.push_back(format.page_size_at(level));
        }
    }
    return sizes;
}

// The largest first, as long as there are blocks for them.
HugePagePools::HugePagePools(const HugetlbParameters& parameters, const hw::PagingFormat& format,
                             FrameAllocator& allocator)
    : format_(format) {
    for (auto level = static_cast<unsigned>(huge_page_sizes(format).size()); level > 0; --level) {
        const PageSize size = format.page_size_at(level);
        pools_[level] = HugePagePool(take_pages(pages_of(parameters, size), size, allocator));
    }
}

std::optional<unsigned> HugePagePools::level_of(PageSize size) const {
    const auto found = std::find_if(pools_.begin(), pools_.end(), [&](const auto& pool) {
        return format_.page_size_at(pool.first) == size;
    });
    return found == pools_.end() ? std::nullopt : std::optional(found->first);
}

HugetlbStatistics HugePagePools::statistics() const {
    HugetlbStatistics statistics;
    for (const auto& [level, pool] : pools_) {
        const std::uint64_t frames = frames_in(format_.page_size_at(level));
        statistics.total += pool.total() * frames;
        statistics.free += pool.free() * frames;
        statistics.reserved += pool.promised() * frames;
    }
    return statistics;
}

}  // namespace mmusim::sw
