// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/system/plain_reference.hpp"

#include <algorithm>
#include <deque>

namespace mmusim::tests {

namespace {

constexpr std::uint64_t bytes_per_page = 4096;
constexpr std::uint64_t entries_per_table = 512;

}  // namespace

bool ListTlb::look_up(SpacedPage page, bool retry) {
    ++figures_.lookups;
    std::list<SpacedPage>& set = set_of(page);
    const auto found = std::find(set.begin(), set.end(), page);
    if (found == set.end()) {
        ++figures_.misses;
        figures_.retry_misses += retry ? 1 : 0;
        return false;
    }
    ++figures_.hits;
    set.splice(set.begin(), set, found);
    return true;
}

void ListTlb::fill(SpacedPage page) {
    ++figures_.fills;
    std::list<SpacedPage>& set = set_of(page);
    set.push_front(page);
    if (set.size() > shape_.ways) {
        set.pop_back();
        ++figures_.evictions;
    }
}

PlainReference::PlainReference(const PlainShape& shape)
    : shape_(shape), l1i_(shape.l1i), l1d_(shape.l1d), l2_(shape.l2) {}

PlainFigures PlainReference::run(const std::vector<std::vector<Access>>& programs) {
    std::vector<std::size_t> next(programs.size(), 0);
    std::deque<std::size_t> runnable;
    for (std::size_t process = 0; process < programs.size(); ++process) {
        runnable.push_back(process);
    }
    std::size_t last = 0;
    while (!runnable.empty()) {
        const std::size_t process = runnable.front();
        runnable.pop_front();
        figures_.context_switches += process == last ? 0 : 1;
        last = process;

        const bool alone = runnable.empty();
        const std::uint64_t turn_end = now_ + shape_.time_slice;
        const std::vector<Access>& program = programs[process];
        while (next[process] < program.size() && (alone || now_ < turn_end)) {
            access(process, program[next[process]++]);
        }
        if (next[process] < program.size()) {
            runnable.push_back(process);
        }
    }
    figures_.cycles = now_;
    figures_.tlbs = {l1i_.figures(), l1d_.figures(), l2_.figures()};
    return figures_;
}

void PlainReference::access(std::size_t process, const Access& access) {
    const std::uint64_t first = access.address.value / bytes_per_page;
    const std::uint64_t last = (access.address.value + access.size_bytes - 1) / bytes_per_page;
    for (std::uint64_t page = first; page <= last; ++page) {
        translate({process, page}, access.type == AccessType::fetch);
    }
}

void PlainReference::translate(SpacedPage page, bool fetch) {
    ++figures_.translations;
    Try attempted = attempt(page, fetch, false);
    std::uint64_t latency = attempted.latency;
    std::string outcome = attempted.outcome;
    if (outcome == "fault") {
        make_present(page);
        ++figures_.retries;
        latency += attempt(page, fetch, true).latency;
        outcome = "minor_fault";
    }
    latency += shape_.accesses_memory ? shape_.memory_latency : 0;
    now_ += latency;
    auto& [count, cycles] = figures_.classes[outcome];
    ++count;
    cycles += latency;
}

PlainReference::Try PlainReference::attempt(SpacedPage page, bool fetch, bool retry) {
    ListTlb& l1 = fetch ? l1i_ : l1d_;
    if (l1.look_up(page, retry)) {
        return {.outcome = "l1_hit", .latency = l1.hit_latency()};
    }
    const std::uint64_t lookups = l1.hit_latency() + l2_.hit_latency();
    if (l2_.look_up(page, retry)) {
        l1.fill(page);
        return {.outcome = "l2_hit", .latency = lookups};
    }
    const std::uint64_t entries = readable_entries(page);
    figures_.entries_read += entries;
    const std::uint64_t latency = lookups + entries * shape_.memory_latency;
    if (!pages_.contains(page)) {
        return {.outcome = "fault", .latency = latency};
    }
    l2_.fill(page);
    l1.fill(page);
    return {.outcome = "walk", .latency = latency};
}

std::uint64_t PlainReference::readable_entries(SpacedPage page) const {
    const std::uint64_t leaf_table = page.second / entries_per_table;
    if (leaf_tables_.contains({page.first, leaf_table})) {
        return 3;
    }
    return middle_tables_.contains({page.first, leaf_table / entries_per_table}) ? 2 : 1;
}

void PlainReference::make_present(SpacedPage page) {
    pages_.insert(page);
    leaf_tables_.insert({page.first, page.second / entries_per_table});
    middle_tables_.insert({page.first, page.second / entries_per_table / entries_per_table});
}

}  // namespace mmusim::tests
