// SPDX-License-Identifier: Apache-2.0
#include "tb/system/working_sets.hpp"

#include <utility>

namespace mmusim::tb {

void WorkingSets::touched(sw::ProcessId process, VirtualPageNumber page) {
    if (processes_.size() <= process.value) {
        processes_.resize(process.value + 1);
    }
    ProcessPages& pages = processes_[process.value];
    std::uint32_t& when =
        group_of(pages, page.value / pages_per_group)[page.value % pages_per_group];
    if (when != interval_) {
        when = interval_;
        ++pages.touched;
    }
}

std::vector<std::uint64_t> WorkingSets::take() {
    ++interval_;
    std::vector<std::uint64_t> sizes;
    sizes.reserve(processes_.size());
    for (ProcessPages& pages : processes_) {
        sizes.push_back(std::exchange(pages.touched, 0));
    }
    return sizes;
}

WorkingSets::Group& WorkingSets::group_of(ProcessPages& pages, std::uint64_t number) {
    if (pages.last_group != number) {
        pages.last_group = number;
        pages.last = &pages.groups[number];
    }
    return *pages.last;
}

}  // namespace mmusim::tb
