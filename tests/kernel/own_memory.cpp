// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/own_memory.hpp"

#include "tests/kernel/machine_refusal.hpp"

#include <algorithm>
#include <fstream>
#include <ios>
#include <sstream>
#include <string>
#include <sys/mman.h>

namespace mmusim::tests {

namespace {

/// A line of /proc/self/maps: START-END RIGHTS ...
[[nodiscard]] OwnRange range_of(const std::string& line) {
    std::istringstream words(line);
    OwnRange range;
    char dash = '-';
    std::string rights;
    words >> std::hex >> range.start >> dash >> range.end >> rights;
    range.readable = rights.find('r') != std::string::npos;
    range.writable = rights.find('w') != std::string::npos && rights.find('p') != std::string::npos;
    return range;
}

void make_range_present(const OwnRange& range) {
    // What the kernel refuses to fill, it does not count faults of either.
    // NOLINTNEXTLINE(*-reinterpret-cast,performance-no-int-to-ptr): /proc names it by a number
    void* const start = reinterpret_cast<void*>(range.start);
    if (range.writable) {
        ::madvise(start, range.end - range.start, MADV_POPULATE_WRITE);
    } else if (range.readable) {
        ::madvise(start, range.end - range.start, MADV_POPULATE_READ);
    }
}

}  // namespace

OwnMemory OwnMemory::of_this_process() {
    OwnMemory memory;
    std::ifstream maps("/proc/self/maps");
    std::string line;
    while (std::getline(maps, line)) {
        memory.ranges_.push_back(range_of(line));
    }
    if (memory.ranges_.empty()) {
        throw MachineRefusal("/proc/self/maps cannot be read");
    }
    return memory;
}

bool OwnMemory::overlaps(std::uint64_t start, std::uint64_t end) const {
    return std::any_of(ranges_.begin(), ranges_.end(), [&](const OwnRange& range) {
        return start < range.end && range.start < end;
    });
}

void OwnMemory::make_present() const {
    std::for_each(ranges_.begin(), ranges_.end(), make_range_present);
}

}  // namespace mmusim::tests
