// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/process_maps.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mmusim::sw {

namespace {

// Names begin in this column (show_vma_header_prefix in fs/proc/task_mmu.c, with 64-bit pointers).
constexpr std::size_t name_column = 73;

// A stack is data even if it cannot be written; what is shared is not the process's own.
bool is_data(const Region& region) {
    return region.grows_down || (region.rights.write && region.sharing == Sharing::private_);
}

}  // namespace

std::string maps_line(const Region& region, std::string_view name) {
    std::string line = fmt::format(
        "{:08x}-{:08x} {}{}{}{} {:08x} 00:00 {} ", region.start.value, region.end.value,
        region.rights.read ? 'r' : '-', region.rights.write ? 'w' : '-',
        region.rights.execute ? 'x' : '-', region.sharing == Sharing::shared ? 's' : 'p',
        region.object_page * page_bytes, region.object ? region.object->value + 1 : 0);
    if (!name.empty()) {
        line.resize(std::max(line.size(), name_column), ' ');
        line += name;
    }
    return line;
}

SpaceSize size_of_space(std::span<const Region> regions, VirtualAddress code_start,
                        VirtualAddress code_end) {
    SpaceSize size;
    for (const Region& region : regions) {
        size.total += region.pages();
        size.data += is_data(region) ? region.pages() : 0;
    }
    const VirtualPageNumber first = page_number_of(code_start);
    const VirtualPageNumber end = page_number_of(code_end + (page_bytes - 1));
    size.text = end.value - first.value;
    return size;
}

}  // namespace mmusim::sw
