// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/system/laws.hpp"

#include <fmt/format.h>

#include <array>
#include <numeric>
#include <string_view>
#include <utility>

namespace mmusim::tests {

namespace {

using hw::MemoryPurpose;
using hw::TlbStatistics;

class Laws {
  public:
    template <typename Figure>
    void equal(const std::string& law, Figure left, Figure right) {
        if (left != right) {
            broken_.push_back(fmt::format("{}: {} and {}", law, left, right));
        }
    }

    void at_most(const std::string& law, std::uint64_t left, std::uint64_t right) {
        if (left > right) {
            broken_.push_back(fmt::format("{}: {} is more than {}", law, left, right));
        }
    }

    [[nodiscard]] std::vector<std::string> broken() && { return std::move(broken_); }

  private:
    std::vector<std::string> broken_;
};

template <typename Range, typename Figure>
[[nodiscard]] auto sum_over(const Range& range, Figure figure) {
    decltype(figure(*range.begin())) sum{};
    for (const auto& element : range) {
        sum += figure(element);
    }
    return sum;
}

[[nodiscard]] std::uint64_t sum_of(const auto& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

[[nodiscard]] bool overlaps(const tb::Configuration& configuration) {
    return configuration.cpu.max_outstanding > 1;
}

void check_latencies(const tb::Configuration& configuration, const tb::RunResult& result,
                     Laws& laws) {
    const auto count = [](const auto& latency) { return latency.second.count(); };
    const auto cycles = [](const auto& latency) { return latency.second.total(); };
    const auto bucket_count = [](const auto& bucket) { return bucket.count; };

    laws.equal("translations of all classes = translations", sum_over(result.classes, count),
               result.totals.translations);
    laws.equal("latencies = translations", result.latency.count(), result.totals.translations);
    laws.equal("histogram = translations", sum_over(result.latency.buckets(), bucket_count),
               result.totals.translations);
    laws.equal("cycles of all classes = all latencies", sum_over(result.classes, cycles),
               result.latency.total());
    laws.equal("cycles of all stages = all latencies", result.breakdown.total(),
               result.latency.total());
    laws.at_most("all latencies <= cycles x accesses under way", result.latency.total().value,
                 result.totals.cycles.value * configuration.cpu.max_outstanding);
    laws.at_most("accesses <= translations", result.totals.accesses, result.totals.translations);
}

[[nodiscard]] std::uint64_t class_count(const tb::RunResult& result, std::string_view name) {
    const auto of_name = [name](const auto& entry) {
        return entry.first == name ? entry.second.count() : std::uint64_t{0};
    };
    return sum_over(result.classes, of_name);
}

void check_faults(const tb::Configuration& configuration, const tb::RunResult& result, Laws& laws) {
    const sw::FaultStatistics& faults = result.faults;
    const auto& processes = result.processes;

    laws.equal("faults of all kinds = faults", sum_of(faults.by_kind.values),
               faults.minor + faults.major + faults.invalid);
    // What faulted behind an older access that trapped is made again without a trap.
    laws.at_most("faults that were answered <= retries", faults.minor + faults.major,
                 result.totals.retries);
    if (!overlaps(configuration)) {
        laws.equal("retries = faults that were answered", result.totals.retries,
                   faults.minor + faults.major);
    }
    laws.equal("translations of class invalid_fault = invalid faults",
               class_count(result, "invalid_fault"), faults.invalid);
    laws.at_most("translations of class minor_fault <= minor faults",
                 class_count(result, "minor_fault"), faults.minor);
    laws.equal("minor faults of all processes = minor faults",
               sum_over(processes, [](const auto& process) { return process.minor; }),
               faults.minor);
    laws.equal("major faults of all processes = major faults",
               sum_over(processes, [](const auto& process) { return process.major; }),
               faults.major);
    laws.equal("invalid faults of all processes = invalid faults",
               sum_over(processes, [](const auto& process) { return process.invalid; }),
               faults.invalid);
    laws.equal("accesses of all processes = accesses",
               sum_over(processes, [](const auto& process) { return process.accesses; }),
               result.totals.accesses);
}

void check_frames(const tb::RunResult& result, Laws& laws) {
    const sw::FrameStatistics& frames = result.os.frames;
    laws.equal("frames: total = free + page tables + anonymous + file", frames.total,
               frames.free + frames.page_table + frames.anonymous + frames.file);
    laws.equal("resident pages of all processes = frames of data",
               sum_over(result.processes, [](const auto& process) { return process.rss_pages; }),
               frames.anonymous + frames.file);
    laws.equal(
        "page-table pages of all processes = frames of page tables",
        sum_over(result.processes, [](const auto& process) { return process.page_table_pages; }),
        frames.page_table);
}

void check_tlb(const std::string& name, const TlbStatistics& tlb, hw::Inclusion inclusion,
               Laws& laws) {
    const auto hits = [](const auto& entry) { return entry.second.hits; };
    const auto fills = [](const auto& entry) { return entry.second.fills; };
    laws.equal(name + ": lookups = hits + misses", tlb.lookups, tlb.hits + tlb.misses);
    laws.at_most(name + ": retry misses <= misses", tlb.retry_misses, tlb.misses);
    if (hw::filled_by_misses(inclusion)) {
        laws.at_most(name + ": fills <= misses", tlb.fills, tlb.misses);
    }
    laws.at_most(name + ": merges <= misses", tlb.mshr_merges, tlb.misses);
    laws.equal(name + ": hits of all page sizes = hits", sum_over(tlb.by_page_size, hits),
               tlb.hits);
    laws.equal(name + ": fills of all page sizes = fills", sum_over(tlb.by_page_size, fills),
               tlb.fills);
}

// Over the TLBs whose misses `next` answers.
template <typename Figure>
[[nodiscard]] std::uint64_t sum_above(const tb::Configuration& configuration,
                                      const tb::RunResult& result, std::string_view next,
                                      Figure figure) {
    return sum_over(result.tlbs, [&](const auto& entry) {
        return configuration.tlbs.at(entry.first).next == next ? figure(entry.second)
                                                               : std::uint64_t{0};
    });
}

constexpr auto misses_of = [](const TlbStatistics& tlb) { return tlb.misses; };
constexpr auto merges_of = [](const TlbStatistics& tlb) { return tlb.mshr_merges; };

// Misses go down, but for those that joined another; and one that has joined in vain goes down
// after all.
void check_sent_down(const std::string& law, std::uint64_t sent, std::uint64_t misses,
                     std::uint64_t merges, Laws& laws) {
    laws.at_most(law + ", at most", sent, misses);
    laws.at_most(law + " but for merges, at least", misses - merges, sent);
}

void check_tlbs(const tb::Configuration& configuration, const tb::RunResult& result, Laws& laws) {
    std::uint64_t lookups_of_the_core = 0;
    for (const auto& [name, tlb] : result.tlbs) {
        check_tlb(name, tlb, configuration.tlbs.at(name).inclusion, laws);
        const std::uint64_t misses = sum_above(configuration, result, name, misses_of);
        const std::uint64_t merges = sum_above(configuration, result, name, merges_of);
        const bool first =
            name == configuration.cpu.fetch_tlb || name == configuration.cpu.data_tlb;
        if (first) {
            lookups_of_the_core += tlb.lookups - misses;
        } else {
            check_sent_down(name + ": lookups = misses above", tlb.lookups, misses, merges, laws);
        }
    }
    // Of an access that is not made because an older one ended its program, the lookups stay.
    laws.at_most("translations + retries <= lookups of the first level",
                 result.totals.translations + result.totals.retries, lookups_of_the_core);
    if (!overlaps(configuration)) {
        laws.equal("lookups of the first level = translations + retries", lookups_of_the_core,
                   result.totals.translations + result.totals.retries);
    }
}

void check_walker(const tb::Configuration& configuration, const tb::RunResult& result, Laws& laws) {
    const hw::WalkerStatistics& walker = result.walker;
    laws.equal("walks = completed + faulted + squashed", walker.walks,
               walker.completed + walker.faulted + walker.squashed);
    laws.equal("misses of the last level = walks + merges - rewalks",
               sum_above(configuration, result, tb::walker_name, misses_of),
               walker.walks + sum_above(configuration, result, tb::walker_name, merges_of) -
                   walker.rewalks);
    laws.equal("walks by the level of their end = completed + faulted",
               sum_of(walker.ended_by_level), walker.completed + walker.faulted);
    laws.equal("walks of all page sizes = completed",
               sum_over(walker.by_page_size, [](const auto& entry) { return entry.second.walks; }),
               walker.completed);
    laws.equal("requests by their waiting, in cycles", walker.wait.total(), walker.wait_cycles);
    laws.equal("requests by their service, in cycles", walker.service.total(),
               walker.service_cycles);
    laws.equal("requests = completed + faulted", walker.service.count(),
               walker.completed + walker.faulted);
    if (walker.walk_cache) {
        laws.equal("walk cache: lookups = hits + misses", walker.walk_cache->lookups,
                   walker.walk_cache->hits + walker.walk_cache->misses);
        laws.equal("walk cache: hits of all levels = hits",
                   sum_of(walker.walk_cache->hits_by_level), walker.walk_cache->hits);
    }
    laws.equal("entries read at all levels = entries read", sum_of(walker.pte_reads_by_level),
               walker.pte_reads);
    if (!overlaps(configuration)) {
        laws.at_most("faults found by walks <= faults", walker.faulted,
                     result.faults.minor + result.faults.major + result.faults.invalid);
    }
    laws.at_most("walking costs at least the reads", result.breakdown.stages[Stage::pte_read].value,
                 walker.service_cycles.value);
    laws.at_most("waiting for a walker is a stage",
                 result.breakdown.stages[Stage::walker_wait].value, walker.wait_cycles.value);
    if (!overlaps(configuration)) {
        laws.equal("waiting for a walker is a stage", walker.wait_cycles,
                   result.breakdown.stages[Stage::walker_wait]);
    }
}

void check_memory(const tb::RunResult& result, Laws& laws) {
    const hw::MemoryStatistics& memory = result.memory;
    const auto& by_purpose = memory.by_purpose;
    laws.equal("memory: reads by purpose = reads",
               by_purpose[MemoryPurpose::pte_read] + by_purpose[MemoryPurpose::table_read],
               memory.reads);
    laws.equal("memory: writes by purpose = writes",
               by_purpose[MemoryPurpose::ad_update] + by_purpose[MemoryPurpose::table_write] +
                   by_purpose[MemoryPurpose::frame_clear],
               memory.writes);
    laws.equal("entries that memory saw read = entries that the walker read",
               by_purpose[MemoryPurpose::pte_read], result.walker.pte_reads);
    laws.equal("A and D bits: memory's count = the walker's", by_purpose[MemoryPurpose::ad_update],
               result.walker.ad_updates);
    laws.equal("memory: errors", memory.errors, std::uint64_t{0});
}

// Of all that was entered, what did not leave is still there.
void check_contents(const tb::RunResult& result, const MachineFigures& machine, Laws& laws) {
    for (const auto& [name, tlb] : result.tlbs) {
        laws.equal(name + ": entries = fills - what has left", machine.tlb_entries.at(name),
                   tlb.fills - tlb.evictions - tlb.invalidations - tlb.back_invalidations -
                       tlb.promotions);
    }
}

[[nodiscard]] std::string socket(std::string_view from, std::string_view to) {
    return fmt::format("{} to {}", from, to);
}

// The sockets by which the core reaches its first TLBs.
[[nodiscard]] std::array<std::pair<std::string_view, std::string>, 2> core_sockets(
    const tb::Configuration& configuration) {
    return {std::pair{"core_fetch", configuration.cpu.fetch_tlb},
            std::pair{"core_data", configuration.cpu.data_tlb}};
}

void check_translation_sockets(const tb::Configuration& configuration, const tb::RunResult& result,
                               const MachineFigures& machine, Laws& laws) {
    const auto requests = [&](const auto& side) {
        return machine.sockets.at(socket(side.first, side.second)).requests;
    };
    laws.at_most("translations + retries <= requests of the core",
                 result.totals.translations + result.totals.retries,
                 sum_over(core_sockets(configuration), requests));
    if (!overlaps(configuration)) {
        laws.equal("requests of the core = translations + retries",
                   sum_over(core_sockets(configuration), requests),
                   result.totals.translations + result.totals.retries);
    }
    for (const auto& [name, tlb] : result.tlbs) {
        const std::string leading_down = socket(name, configuration.tlbs.at(name).next);
        check_sent_down(leading_down + ": requests = misses",
                        machine.sockets.at(leading_down).requests, tlb.misses, tlb.mshr_merges,
                        laws);
    }
}

void check_memory_sockets(const tb::RunResult& result, const MachineFigures& machine, Laws& laws) {
    const SocketFigures& walker = machine.sockets.at(socket("walker", "memory"));
    const SocketFigures& software = machine.sockets.at(socket("software", "memory"));
    const hw::MemoryStatistics& memory = result.memory;
    laws.equal("requests of the walker = its reads and updates", walker.requests,
               result.walker.pte_reads + result.walker.ad_updates);
    laws.equal("requests to memory = reads + writes", walker.requests + software.requests,
               memory.reads + memory.writes);
    for (std::size_t purpose = 0; purpose < memory.by_purpose.values.size(); ++purpose) {
        laws.equal(
            fmt::format("memory: {} = what passed the sockets", names_of<MemoryPurpose>[purpose]),
            memory.by_purpose.values[purpose],
            walker.by_purpose.values[purpose] + software.by_purpose.values[purpose]);
    }
    for (const MemoryPurpose purpose :
         {MemoryPurpose::table_read, MemoryPurpose::table_write, MemoryPurpose::frame_clear}) {
        laws.equal(fmt::format("the walker's requests: {}", purpose), walker.by_purpose[purpose],
                   std::uint64_t{0});
    }
}

void check_sockets(const tb::Configuration& configuration, const tb::RunResult& result,
                   const MachineFigures& machine, Laws& laws) {
    for (const auto& [name, figures] : machine.sockets) {
        laws.equal(name + ": requests = answers", figures.requests, figures.answers);
    }
    check_translation_sockets(configuration, result, machine, laws);
    check_memory_sockets(result, machine, laws);
}

void check_all(const tb::Configuration& configuration, const tb::RunResult& result, Laws& laws) {
    check_latencies(configuration, result, laws);
    check_faults(configuration, result, laws);
    check_frames(result, laws);
    check_tlbs(configuration, result, laws);
    check_walker(configuration, result, laws);
    check_memory(result, laws);
}

}  // namespace

std::vector<std::string> broken_laws(const tb::Configuration& configuration,
                                     const tb::RunResult& result) {
    Laws laws;
    check_all(configuration, result, laws);
    return std::move(laws).broken();
}

std::vector<std::string> broken_laws(const tb::Configuration& configuration,
                                     const tb::RunResult& result, const MachineFigures& machine) {
    Laws laws;
    check_all(configuration, result, laws);
    check_contents(result, machine, laws);
    check_sockets(configuration, result, machine, laws);
    return std::move(laws).broken();
}

MachineFigures machine_figures(const tb::Configuration& configuration,
                               const tb::SystemModule& system) {
    MachineFigures figures;
    const auto add_socket = [&](const std::string& from, const std::string& to) {
        const tb::MonitorModule& monitor = system.monitor(from, to);
        figures.sockets[socket(from, to)] = {.requests = monitor.requests(),
                                             .answers = monitor.answers(),
                                             .by_purpose = monitor.by_purpose()};
    };
    for (const auto& [side, tlb] : core_sockets(configuration)) {
        add_socket(std::string(side), tlb);
    }
    for (const auto& [name, tlb] : configuration.tlbs) {
        add_socket(name, tlb.next);
        figures.tlb_entries[name] = system.tlb(name).array().entries().size();
    }
    add_socket("walker", "memory");
    add_socket("software", "memory");
    return figures;
}

}  // namespace mmusim::tests
