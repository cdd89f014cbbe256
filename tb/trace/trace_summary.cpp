// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/trace_summary.hpp"

#include <algorithm>
#include <numeric>

namespace mmusim::tb {

std::uint64_t TraceSummary::total_accesses() const {
    return std::accumulate(accesses.values.begin(), accesses.values.end(), std::uint64_t{0});
}

void TraceSummarizer::add(const Access& access) {
    const VirtualAddress last_byte = access.address + (access.size_bytes - 1);
    const bool is_first = summary_.total_accesses() == 0;
    summary_.lowest = is_first ? access.address : std::min(summary_.lowest, access.address);
    summary_.highest = std::max(summary_.highest, last_byte);
    ++summary_.accesses[access.type];
    summary_.larger_than_a_byte += access.size_bytes > 1 ? 1 : 0;

    const VirtualPageNumber page = page_number_of(access.address);
    if (latest_pages_[access.type] != page) {
        latest_pages_[access.type] = page;
        add_page(page);
    }
    if (access.crosses_page()) {
        ++summary_.page_crossings;
        add_page(page_number_of(last_byte));
    }
}

void TraceSummarizer::add_page(VirtualPageNumber page) {
    pages_.insert(page.value);
    summary_.pages = pages_.size();
}

}  // namespace mmusim::tb
