// SPDX-License-Identifier: Apache-2.0
#include "sw/calls/advice_call.hpp"

#include <cstdint>

namespace mmusim::sw {

namespace {

bool fits(Advice advice, const Region& region) {
    const bool anonymous_private = !region.object && region.sharing == Sharing::private_;
    switch (advice) {
        case Advice::free: return anonymous_private && !region.locked;
        case Advice::dontneed:
        case Advice::pageout: return !region.locked;
        case Advice::normal:
        case Advice::random:
        case Advice::sequential:
        case Advice::willneed:
        case Advice::hugepage:
        case Advice::nohugepage: break;
    }
    return true;
}

}  // namespace

bool AdviceCall::possible(const AddressSpace& space, const Region& region, Advice advice) const {
    return region.leaf_level > 0 ? fits_huge_pages(advice, space, region) : fits(advice, region);
}

void AdviceCall::give(Process& process, const Region& region, Advice advice) {
    const PageSpan span = region.span();
    switch (advice) {
        case Advice::normal:
            parts_.page_calls.change_regions(
                process, span, [](Region& changed) { changed.pattern = AccessPattern::normal; });
            break;
        case Advice::random:
            parts_.page_calls.change_regions(
                process, span, [](Region& changed) { changed.pattern = AccessPattern::random; });
            break;
        case Advice::sequential:
            parts_.page_calls.change_regions(process, span, [](Region& changed) {
                changed.pattern = AccessPattern::sequential;
            });
            break;
        case Advice::hugepage:
            parts_.page_calls.change_regions(process, span, [](Region& changed) {
                changed.huge_pages = HugePageAdvice::wanted;
            });
            break;
        case Advice::nohugepage:
            parts_.page_calls.change_regions(process, span, [](Region& changed) {
                changed.huge_pages = HugePageAdvice::unwanted;
            });
            break;
        case Advice::willneed: parts_.page_calls.read_in(process, region); break;
        case Advice::dontneed: forget(process, region); break;
        case Advice::free: parts_.page_calls.let_go(process, span); break;
        case Advice::pageout: parts_.page_calls.page_out(process, span); break;
    }
}

// Advice that changes a region concerns whole pages; MADV_DONTNEED only has to begin with one, and
// leaves the last part as it is (mm/madvise.c, can_madv_lru_vma and
// madvise_dontneed_free_valid_vma).
bool AdviceCall::fits_huge_pages(Advice advice, const AddressSpace& space,
                                 const Region& region) const {
    switch (advice) {
        case Advice::free:
        case Advice::pageout: return false;
        case Advice::willneed: return true;
        case Advice::dontneed:
            return region.start.value % parts_.huge_pages.bytes_of_page(region) == 0;
        case Advice::normal:
        case Advice::random:
        case Advice::sequential:
        case Advice::hugepage:
        case Advice::nohugepage: break;
    }
    return !parts_.huge_pages.cut_by(space, region.span());
}

void AdviceCall::forget(Process& process, const Region& region) {
    if (region.leaf_level == 0) {
        parts_.page_calls.drop_pages(process, region.span());
        return;
    }
    const std::uint64_t whole =
        region.end.value - region.end.value % parts_.huge_pages.bytes_of_page(region);
    parts_.huge_pages.drop(process, {.start = region.start, .end = {whole}});
}

}  // namespace mmusim::sw
