// SPDX-License-Identifier: Apache-2.0
#include "hw/tlb/miss_classifier.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mmusim::hw {

namespace {

constexpr unsigned size_shift = 56;

constexpr PageSize size_in(std::uint64_t page) {
    return {static_cast<std::uint8_t>(page >> size_shift)};
}

}  // namespace

MissClassifier::MissClassifier(std::size_t entries, std::vector<PageSize> page_sizes)
    : entries_(entries), page_sizes_(std::move(page_sizes)) {}

void MissClassifier::hit(VirtualPageNumber page, Asid asid, PageSize size) {
    const Lookup lookup{.page = page, .asid = asid, .state = LookupState::found, .size = size};
    if (!waiting_.empty()) {
        waiting_.push_back(lookup);
        return;
    }
    const bool just_used = !shadow_.empty() && shadow_.front() == key_of(lookup, size);
    if (!just_used) {
        judge(lookup);
    }
}

MissClassifier::Ticket MissClassifier::miss(VirtualPageNumber page, Asid asid, bool counted) {
    waiting_.push_back({.page = page, .asid = asid, .counted = counted});
    return first_waiting_ + waiting_.size() - 1;
}

void MissClassifier::answered(Ticket ticket, std::optional<PageSize> size) {
    Lookup& lookup = waiting_[ticket - first_waiting_];
    lookup.state = size ? LookupState::found : LookupState::faulted;
    lookup.size = size.value_or(base_page_size);
    while (!waiting_.empty() && waiting_.front().state != LookupState::unanswered) {
        judge(waiting_.front());
        waiting_.pop_front();
        ++first_waiting_;
    }
}

std::size_t MissClassifier::KeyHash::operator()(const Key& key) const {
    constexpr unsigned asid_shift = 40;
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
    const std::uint64_t mixed = (key.page ^ std::uint64_t{key.asid.value} << asid_shift) * odd;
    return static_cast<std::size_t>(mixed ^ mixed >> 32U);
}

MissClassifier::Key MissClassifier::key_of(const Lookup& lookup, PageSize size) {
    return {.page = page_number_in_units_of(size, lookup.page) | std::uint64_t{size.log2_bytes}
                                                                     << size_shift,
            .asid = lookup.asid};
}

void MissClassifier::judge(const Lookup& lookup) {
    const Key key = looked_up(lookup);
    const auto [known, is_first] = known_.try_emplace(key);
    KnownPage& page = known->second;
    if (lookup.counted) {
        count({.page = lookup.page,
               .size = size_in(key.page),
               .asid = lookup.asid,
               .kind = kind_of(is_first, page)});
    }
    page.presumed = lookup.state == LookupState::faulted && (is_first || page.presumed);
    use(key, page);
}

MissClassifier::Key MissClassifier::looked_up(const Lookup& lookup) {
    if (lookup.state == LookupState::faulted) {
        return presumed(lookup);
    }
    if (lookup.size != base_page_size) {
        forget_presumption(lookup);
    }
    const auto larger = std::lower_bound(known_sizes_.begin(), known_sizes_.end(), lookup.size);
    if (larger == known_sizes_.end() || *larger != lookup.size) {
        known_sizes_.insert(larger, lookup.size);
    }
    return key_of(lookup, lookup.size);
}

MissClassifier::Key MissClassifier::presumed(const Lookup& lookup) {
    const auto known = std::find_if(known_sizes_.begin(), known_sizes_.end(), [&](PageSize size) {
        return known_.contains(key_of(lookup, size));
    });
    return key_of(lookup, known == known_sizes_.end() ? base_page_size : *known);
}

// A fault that came before the page was there has left a small page in its place.
void MissClassifier::forget_presumption(const Lookup& lookup) {
    const auto found = known_.find(key_of(lookup, base_page_size));
    if (found == known_.end() || !found->second.presumed) {
        return;
    }
    if (found->second.place) {
        shadow_.erase(*found->second.place);
    }
    known_.erase(found);
}

MissKind MissClassifier::kind_of(bool is_first, const KnownPage& page) {
    if (is_first) {
        return MissKind::compulsory;
    }
    return page.place ? MissKind::conflict : MissKind::capacity;
}

void MissClassifier::count(const JudgedMiss& miss) {
    switch (miss.kind) {
        case MissKind::compulsory: ++kinds_.compulsory; break;
        case MissKind::capacity: ++kinds_.capacity; break;
        case MissKind::conflict: ++kinds_.conflict; break;
    }
    if (listener_) {
        listener_(miss);
    }
}

void MissClassifier::use(const Key& key, KnownPage& page) {
    if (!holds(size_in(key.page))) {
        return;
    }
    if (page.place) {
        shadow_.splice(shadow_.begin(), shadow_, *page.place);
    } else if (shadow_.size() < entries_) {
        shadow_.push_front(key);
    } else {
        known_.find(shadow_.back())->second.place.reset();
        shadow_.splice(shadow_.begin(), shadow_, std::prev(shadow_.end()));
        shadow_.front() = key;
    }
    page.place = shadow_.begin();
}

bool MissClassifier::holds(PageSize size) const {
    return std::find(page_sizes_.begin(), page_sizes_.end(), size) != page_sizes_.end();
}

}  // namespace mmusim::hw
