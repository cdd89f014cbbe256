// SPDX-License-Identifier: Apache-2.0
#include "sw/replacement/active_inactive.hpp"

#include <utility>

namespace mmusim::sw {

namespace {

// Linux's default of vm.swappiness: so many of 200 scanned pages are anonymous.
constexpr std::uint64_t swappiness = 60;
constexpr std::uint64_t all_scanned = 200;

// How many times the inactive list the active one may be: 1 below a gigabyte, then the root of ten
// times the gigabytes (inactive_is_low).
std::uint64_t largest_ratio(std::uint64_t pages) {
    constexpr unsigned log2_pages_per_gigabyte = 18;
    const std::uint64_t ten_gigabytes = 10 * (pages >> log2_pages_per_gigabyte);
    std::uint64_t root = 1;
    while ((root + 1) * (root + 1) <= ten_gigabytes) {
        ++root;
    }
    return root;
}

}  // namespace

void ActiveInactiveReplacement::loaded(PhysicalPageNumber frame, PageKind kind) {
    pages_[frame.value] = {.kind = kind};
    lists_of(kind).inactive.push_back(frame);
}

void ActiveInactiveReplacement::released(PhysicalPageNumber frame) {
    const auto page = pages_.find(frame.value);
    if (page == pages_.end()) {
        return;
    }
    Lists& lists = lists_of(page->second.kind);
    lists.inactive.remove(frame);
    lists.active.remove(frame);
    pages_.erase(page);
}

void ActiveInactiveReplacement::moved(PhysicalPageNumber from, PhysicalPageNumber to) {
    auto page = pages_.extract(from.value);
    page.key() = to.value;
    Lists& lists = lists_of(page.mapped().kind);
    FrameQueue& queue = lists.active.contains(from) ? lists.active : lists.inactive;
    queue.replace(from, to);
    pages_.insert(std::move(page));
}

std::optional<PhysicalPageNumber> ActiveInactiveReplacement::victim(PagesInMemory& pages) {
    // Each page may be spared once for being accessed, once for being dirty, and become active and
    // inactive again in between.
    const std::size_t looks = 4 * (anonymous_.size() + file_.size());
    for (std::size_t look = 0; look < looks; ++look) {
        Lists& lists = lists_to_scan();
        refill_inactive(lists, pages);
        const PhysicalPageNumber frame = lists.inactive.front();
        switch (judge(frame, pages)) {
            case Verdict::goes: return frame;
            case Verdict::stays: lists.inactive.move_to_back(frame); break;
            case Verdict::becomes_active:
                lists.inactive.remove(frame);
                lists.active.push_back(frame);
                break;
        }
    }
    return std::nullopt;
}

ActiveInactiveReplacement::Lists& ActiveInactiveReplacement::lists_to_scan() {
    if (anonymous_.size() == 0) {
        return file_;
    }
    if (file_.size() == 0) {
        return anonymous_;
    }
    anonymous_share_ += swappiness;
    if (anonymous_share_ < all_scanned) {
        return file_;
    }
    anonymous_share_ -= all_scanned;
    return anonymous_;
}

// Afterwards there is an inactive page.
void ActiveInactiveReplacement::refill_inactive(Lists& lists, PagesInMemory& pages) {
    const std::uint64_t ratio = largest_ratio(lists.size());
    while (lists.inactive.empty() || lists.inactive.size() * ratio < lists.active.size()) {
        const PhysicalPageNumber frame = lists.active.front();
        const bool used_text =
            pages.take_accessed(frame) > 0 && pages_.at(frame.value).kind == PageKind::program_text;
        if (used_text) {
            lists.active.move_to_back(frame);
            continue;
        }
        lists.active.remove(frame);
        lists.inactive.push_back(frame);
    }
}

ActiveInactiveReplacement::Verdict ActiveInactiveReplacement::judge(PhysicalPageNumber frame,
                                                                    PagesInMemory& pages) {
    if (!pages.may_leave(frame)) {
        return Verdict::stays;
    }
    Page& page = pages_.at(frame.value);
    const std::uint64_t accesses = pages.take_accessed(frame);
    const bool was_marked = page.marked;
    page.marked = accesses > 0;
    if (accesses == 0) {
        // Clean pages first: they cost nothing.
        const bool spared = !page.spared_dirty && pages.dirty(frame);
        page.spared_dirty = spared;
        return spared ? Verdict::stays : Verdict::goes;
    }
    const bool keeps_being_used = was_marked || accesses > 1 || page.kind == PageKind::program_text;
    return keeps_being_used ? Verdict::becomes_active : Verdict::stays;
}

}  // namespace mmusim::sw
