// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/memory_count.hpp"

#include "hw/base/types.hpp"

namespace mmusim::sw {

void MemoryCount::add(const CountedPage& page) {
    const bool anonymous = page.object == MappedObject::anonymous;
    const bool shared = page.mappings > 1;
    whole_.rss += page_bytes;
    whole_.anonymous += anonymous ? page_bytes : 0;
    whole_.anon_huge += anonymous && page.huge ? page_bytes : 0;
    whole_.referenced += page.referenced ? page_bytes : 0;
    if (page.dirty) {
        (shared ? whole_.shared_dirty : whole_.private_dirty) += page_bytes;
    } else {
        (shared ? whole_.shared_clean : whole_.private_clean) += page_bytes;
    }
    pss_.add(page_bytes, page.mappings);
    proportional(page.object).add(page_bytes, page.mappings);
    if (page.locked) {
        locked_.add(page_bytes, page.mappings);
    }
}

void MemoryCount::add_explicit_huge_page(std::uint64_t bytes, std::uint64_t mappings) {
    (mappings > 1 ? whole_.shared_hugetlb : whole_.private_hugetlb) += bytes;
}

MemoryCount& MemoryCount::operator+=(const MemoryCount& other) {
    for_each_field<SmapsStatistics>(
        [&](const auto& field) { whole_.*field.member += other.whole_.*field.member; });
    pss_ += other.pss_;
    anonymous_ += other.anonymous_;
    file_ += other.file_;
    shared_memory_ += other.shared_memory_;
    locked_ += other.locked_;
    return *this;
}

SmapsStatistics MemoryCount::totals() const {
    SmapsStatistics totals = whole_;
    totals.pss = pss_.bytes();
    totals.pss_anon = anonymous_.bytes();
    totals.pss_file = file_.bytes();
    totals.pss_shmem = shared_memory_.bytes();
    totals.locked = locked_.bytes();
    return totals;
}

ProportionalBytes& MemoryCount::proportional(MappedObject object) {
    switch (object) {
        case MappedObject::file: return file_;
        case MappedObject::shared_memory: return shared_memory_;
        case MappedObject::anonymous: break;
    }
    return anonymous_;
}

}  // namespace mmusim::sw
