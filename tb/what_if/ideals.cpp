// SPDX-License-Identifier: Apache-2.0
#include "tb/what_if/ideals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mmusim::tb {

namespace {

// What a page fault costs the operating system, under `os`.
constexpr std::array<std::string_view, 11> costs_of_faults{
    "fault_entry_cycles", "fault_retry_cycles", "region_lookup_cycles", "frame_allocation_cycles",
    "frame_clear_cycles", "frame_copy_cycles",  "reclaim_cycles",       "compaction_cycles",
    "page_table_cycles",  "fence_cycles",       "fault_return_cycles"};

// What a request costs a device, under its `timing`.
constexpr std::array<std::string_view, 5> costs_of_storage{
    "read_nanoseconds", "write_nanoseconds", "seek_nanoseconds", "page_read_nanoseconds",
    "page_write_nanoseconds"};

// By level, the first TLB of each: the chains' own order, without those beside another.
std::vector<std::vector<std::string>> tlbs_by_level(const Configuration& configuration) {
    std::vector<std::vector<std::string>> levels;
    for (const std::string& start : {configuration.cpu.fetch_tlb, configuration.cpu.data_tlb}) {
        std::size_t level = 0;
        for (std::string name = start; name != walker_name;
             name = configuration.tlbs.at(name).next) {
            if (configuration.tlbs.at(name).same_level) {
                continue;
            }
            levels.resize(std::max(levels.size(), level + 1));
            std::vector<std::string>& names = levels[level++];
            if (std::find(names.begin(), names.end(), name) == names.end()) {
                names.push_back(name);
            }
        }
    }
    return levels;
}

void add_perfect_tlbs(const Configuration& configuration, std::vector<Ideal>& ideals) {
    const auto levels = tlbs_by_level(configuration);
    for (std::size_t level = 0; level < levels.size(); ++level) {
        Ideal ideal{.name = fmt::format("perfect_l{}", level + 1),
                    .meaning = "every page that is mapped hits there, at first touch too",
                    .settings = {}};
        for (const std::string& name : levels[level]) {
            ideal.settings.push_back(fmt::format("tlbs.{}.perfect=true", name));
        }
        ideals.push_back(std::move(ideal));
    }
}

Ideal perfect_walk_cache(const Configuration& configuration) {
    Ideal ideal{.name = "perfect_walk_cache",
                .meaning = "every walk reads one entry, its last",
                .settings = {"walk_cache.perfect=true"}};
    if (!configuration.walk_cache.enabled) {
        ideal.settings.emplace_back("walk_cache.enabled=true");
        ideal.settings.emplace_back("walk_cache.lookup_cycles=0");
    }
    return ideal;
}

// No more than one walk for each access is under way at once.
Ideal unlimited_walkers(const Configuration& configuration) {
    return {
        .name = "unlimited_walkers",
        .meaning = "no walk waits for a walker",
        .settings = {fmt::format("walker.count={}", std::max(configuration.walker.count,
                                                             configuration.cpu.max_outstanding))}};
}

Ideal reads_that_hit(const Configuration& configuration) {
    const auto first_cache = configuration.caches.find(configuration.walker.memory_port);
    const Cycles read = first_cache == configuration.caches.end()
                            ? Cycles{1}
                            : first_cache->second.hit_latency_cycles;
    return {.name = "pte_reads_hit",
            .meaning = "a walk's read takes the first cache's hit latency; without caches, 1 cycle",
            .settings = {"walker.perfect_reads=true",
                         fmt::format("walker.perfect_read_cycles={}", read)}};
}

void add_free_storage(std::string_view key, std::vector<std::string>& settings) {
    settings.push_back(fmt::format("{}.kind=custom", key));
    for (const std::string_view cost : costs_of_storage) {
        settings.push_back(fmt::format("{}.timing.{}=0", key, cost));
    }
}

Ideal free_faults(const Configuration& configuration) {
    Ideal ideal{.name = "free_faults",
                .meaning = "page faults are as many, and are served in no time",
                .settings = {}};
    for (const std::string_view cost : costs_of_faults) {
        ideal.settings.push_back(fmt::format("os.{}=0", cost));
    }
    ideal.settings.emplace_back("os.memory_accesses=instant");
    add_free_storage("os.storage", ideal.settings);
    if (configuration.os.swap_has_own_device) {
        add_free_storage("os.swap_storage", ideal.settings);
    }
    return ideal;
}

Ideal free_fences() {
    return {.name = "free_fences",
            .meaning = "a fence takes no time; what it removes is missed all the same",
            .settings = {"os.fence_cycles=0"}};
}

}  // namespace

std::vector<Ideal> ideals_of(const Configuration& configuration) {
    std::vector<Ideal> ideals;
    add_perfect_tlbs(configuration, ideals);
    ideals.push_back(perfect_walk_cache(configuration));
    ideals.push_back(unlimited_walkers(configuration));
    ideals.push_back(reads_that_hit(configuration));
    ideals.push_back(free_faults(configuration));
    ideals.push_back(free_fences());
    return ideals;
}

}  // namespace mmusim::tb
