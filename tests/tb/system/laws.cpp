// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/system/laws.hpp"

#include <fmt/format.h>

#include <algorithm>
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

[[nodiscard]] bool has_data_path(const tb::Configuration& configuration) {
    return configuration.cpu.data_path == hw::DataPath::memory;
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

// What the page tables say at the end is what was counted on the way.
void check_process_memory(const tb::RunResult& result, Laws& laws) {
    std::uint64_t anonymous = 0;
    laws.equal("processes with memory = processes", result.process_memory.size(),
               result.processes.size());
    for (std::size_t number = 0; number < result.process_memory.size(); ++number) {
        const sw::ProcessStatistics& process = result.processes[number];
        const sw::ProcessMemory& memory = result.process_memory[number];
        const sw::SmapsStatistics& smaps = memory.smaps;
        const auto rss = [](const auto& mapping) { return mapping.rss; };
        laws.equal("statm: resident = resident pages", memory.statm.resident, process.rss_pages);
        laws.equal("smaps: resident = resident pages", smaps.rss, process.rss_pages * page_bytes);
        laws.equal("maps: resident pages add up", sum_over(memory.maps, rss), smaps.rss);
        laws.equal(
            "smaps: shared + private = resident",
            smaps.shared_clean + smaps.shared_dirty + smaps.private_clean + smaps.private_dirty,
            smaps.rss);
        laws.equal("page tables of all levels = page-table pages",
                   sum_of(memory.page_tables.pages_by_level) + memory.page_tables.spare_pages,
                   process.page_table_pages);
        anonymous += smaps.pss_anon;
    }
    laws.equal("proportional size of all processes = frames of anonymous pages", anonymous,
               result.os.frames.anonymous * page_bytes);
    const sw::VmStatistics& vmstat = result.os.vmstat;
    const sw::FrameStatistics& frames = result.os.frames;
    if (result.workload.warmup == 0) {
        laws.equal("vmstat: pgalloc - pgfree = frames in use", vmstat.pgalloc - vmstat.pgfree,
                   frames.page_table + frames.anonymous + frames.file);
    }
}

void check_tlb(const std::string& name, const TlbStatistics& tlb, hw::Inclusion inclusion,
               Laws& laws) {
    const auto hits = [](const auto& entry) { return entry.second.hits; };
    const auto fills = [](const auto& entry) { return entry.second.fills; };
    laws.equal(name + ": lookups = hits + misses", tlb.lookups, tlb.hits + tlb.misses);
    laws.at_most(name + ": retry misses <= misses", tlb.retry_misses, tlb.misses);
    if (tlb.miss_kinds) {
        const hw::MissKinds& kinds = *tlb.miss_kinds;
        laws.equal(name + ": the causes of all misses but those of retries",
                   kinds.compulsory + kinds.capacity + kinds.conflict,
                   tlb.misses - tlb.retry_misses);
    }
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

// The transactions that arrived at a cache, or at the memory.
[[nodiscard]] const PerEnumerator<MemoryPurpose, std::uint64_t>& asked_of(
    const tb::RunResult& result, std::string_view port) {
    const auto cache = std::find_if(result.caches.begin(), result.caches.end(),
                                    [port](const auto& entry) { return entry.first == port; });
    return cache == result.caches.end() ? result.memory.by_purpose : cache->second.by_purpose;
}

// The entries that the walker read of its port: a perfect read is seen by nobody.
[[nodiscard]] std::uint64_t reads_at_memory(const tb::Configuration& configuration,
                                            const tb::RunResult& result) {
    return configuration.walker.perfect_reads ? 0 : result.walker.pte_reads;
}

// What a perfect part has of its own, and what it leaves to the others.
void check_ideals(const tb::Configuration& configuration, const tb::RunResult& result, Laws& laws) {
    for (const auto& [name, tlb] : result.tlbs) {
        if (!configuration.tlbs.at(name).perfect) {
            continue;
        }
        laws.equal(name + ": a perfect TLB takes nothing in", tlb.fills, std::uint64_t{0});
        if (!overlaps(configuration)) {
            laws.at_most(name + ": a perfect TLB misses only what faults", tlb.misses,
                         result.walker.faulted);
        }
    }
    const hw::WalkerStatistics& walker = result.walker;
    if (walker.walk_cache && configuration.walk_cache.perfect) {
        laws.equal("a perfect walk cache takes nothing in", walker.walk_cache->fills,
                   std::uint64_t{0});
        if (!overlaps(configuration)) {
            laws.at_most("a perfect walk cache leaves one read to a walk", walker.pte_reads,
                         walker.walks);
        }
    }
    if (configuration.os.memory_accesses == sw::MemoryAccesses::instant) {
        const auto& software_port = asked_of(result, configuration.cpu.software_port);
        laws.equal("instant accesses of the operating system are seen by nobody",
                   software_port[MemoryPurpose::table_read] +
                       software_port[MemoryPurpose::table_write] +
                       software_port[MemoryPurpose::frame_clear],
                   std::uint64_t{0});
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

void check_memory(const tb::Configuration& configuration, const tb::RunResult& result, Laws& laws) {
    const hw::MemoryStatistics& memory = result.memory;
    const auto& by_purpose = memory.by_purpose;
    laws.equal("memory: reads by purpose = reads",
               by_purpose[MemoryPurpose::pte_read] + by_purpose[MemoryPurpose::table_read] +
                   by_purpose[MemoryPurpose::line_fill] + by_purpose[MemoryPurpose::data_read] +
                   by_purpose[MemoryPurpose::fetch],
               memory.reads);
    laws.equal("memory: writes by purpose = writes",
               by_purpose[MemoryPurpose::ad_update] + by_purpose[MemoryPurpose::table_write] +
                   by_purpose[MemoryPurpose::frame_clear] + by_purpose[MemoryPurpose::write_back] +
                   by_purpose[MemoryPurpose::write_through] + by_purpose[MemoryPurpose::data_write],
               memory.writes);
    const hw::DramStatistics& dram = memory.dram;
    laws.equal("DRAM: bursts read and written = row hits + misses + conflicts",
               dram.read_bursts + dram.write_bursts,
               dram.row_hits + dram.row_misses + dram.row_conflicts);
    const auto& walker_sees = asked_of(result, configuration.walker.memory_port);
    laws.equal("entries that were read of the walker's port = entries that the walker read",
               walker_sees[MemoryPurpose::pte_read], reads_at_memory(configuration, result));
    laws.equal("A and D bits: the count of the walker's port = the walker's",
               walker_sees[MemoryPurpose::ad_update], result.walker.ad_updates);
    laws.equal("memory: errors", memory.errors, std::uint64_t{0});
}

// Each translation that gave an address is followed by one access, and nothing else makes one.
void check_data_path(const tb::Configuration& configuration, const tb::RunResult& result,
                     Laws& laws) {
    const auto& fetch_side_sees = asked_of(result, configuration.cpu.fetch_port);
    const auto& data_side_sees = asked_of(result, configuration.cpu.data_port);
    const std::uint64_t made = fetch_side_sees[MemoryPurpose::fetch] +
                               data_side_sees[MemoryPurpose::data_read] +
                               data_side_sees[MemoryPurpose::data_write];
    const std::uint64_t translated =
        result.totals.translations - class_count(result, "invalid_fault");
    laws.equal("accesses at memory = translations but for invalid faults", made,
               has_data_path(configuration) ? translated : 0);

    const Cycles service = result.breakdown.stages[Stage::data_access];
    const Cycles waiting = result.breakdown.stages[Stage::data_access_wait];
    const bool straight_to_memory = configuration.cpu.fetch_port == tb::memory_name &&
                                    configuration.cpu.data_port == tb::memory_name;
    if (straight_to_memory && configuration.memory.kind == hw::MemoryKind::fixed) {
        laws.equal("accesses take the memory's latency each", service,
                   configuration.memory.latency_cycles * made);
        laws.equal("accesses do not wait for memory", waiting, Cycles{0});
    }
    if (made == 0) {
        laws.equal("no access, no cycles", service + waiting, Cycles{0});
    }
}

// What those above a cache or the memory have sent it on the caches' own account.
[[nodiscard]] PerEnumerator<MemoryPurpose, std::uint64_t> transfers_to(
    const tb::Configuration& configuration, const tb::RunResult& result, std::string_view next) {
    PerEnumerator<MemoryPurpose, std::uint64_t> transfers;
    for (const auto& [name, cache] : result.caches) {
        if (configuration.caches.at(name).next == next) {
            transfers[MemoryPurpose::line_fill] += cache.fills;
            transfers[MemoryPurpose::write_back] += cache.write_backs;
            transfers[MemoryPurpose::write_through] += cache.write_throughs;
        }
    }
    return transfers;
}

void check_transfers(const tb::Configuration& configuration, const tb::RunResult& result,
                     std::string_view next, Laws& laws) {
    const auto sent = transfers_to(configuration, result, next);
    const auto& arrived = asked_of(result, next);
    for (const MemoryPurpose purpose :
         {MemoryPurpose::line_fill, MemoryPurpose::write_back, MemoryPurpose::write_through}) {
        laws.equal(
            fmt::format("{}: {} that arrived = that the caches above have sent", next, purpose),
            arrived[purpose], sent[purpose]);
    }
}

void check_caches(const tb::Configuration& configuration, const tb::RunResult& result, Laws& laws) {
    for (const auto& [name, cache] : result.caches) {
        laws.equal(name + ": accesses = hits + misses", cache.accesses, cache.hits + cache.misses);
        laws.equal(name + ": misses = fills + merges + misses without fill", cache.misses,
                   cache.fills + cache.mshr_merges + cache.misses_without_fill);
        laws.at_most(name + ": write-backs <= evictions", cache.write_backs, cache.evictions);
        laws.at_most(name + ": transactions <= lines", cache.transactions, cache.accesses);
        laws.equal(name + ": transactions of all purposes = transactions",
                   sum_of(cache.by_purpose.values), cache.transactions);
        laws.equal(name + ": errors", cache.errors, std::uint64_t{0});
        check_transfers(configuration, result, name, laws);
    }
    check_transfers(configuration, result, tb::memory_name, laws);
}

// Of all that was entered, what did not leave is still there.
void check_contents(const tb::Configuration& configuration, const tb::RunResult& result,
                    const MachineFigures& machine, Laws& laws) {
    for (const auto& [name, tlb] : result.tlbs) {
        laws.equal(name + ": entries = fills - what has left", machine.tlb_entries.at(name),
                   tlb.fills - tlb.evictions - tlb.invalidations - tlb.back_invalidations -
                       tlb.promotions);
    }
    for (const auto& [name, cache] : result.caches) {
        const bool keeps_writes = configuration.caches.at(name).write_back;
        laws.equal(name + ": lines = fills + whole lines written - evictions",
                   machine.cache_lines.at(name),
                   cache.fills + (keeps_writes ? cache.misses_without_fill : 0) - cache.evictions);
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

// The part that a port leads to, as the sockets call it.
[[nodiscard]] std::string part_behind(std::string_view port) {
    return port == tb::memory_name ? std::string(port) : tb::part_name_of_cache(port);
}

// One that is no cache's: who speaks, to which port, and why.
struct MemorySocket {
    std::string_view from;
    std::string port;
    std::vector<MemoryPurpose> purposes;
};

[[nodiscard]] std::string name_of_socket(const MemorySocket& memory_socket) {
    return socket(memory_socket.from, part_behind(memory_socket.port));
}

[[nodiscard]] std::vector<MemorySocket> memory_sockets(const tb::Configuration& configuration) {
    using enum MemoryPurpose;
    const hw::CpuParameters& cpu = configuration.cpu;
    std::vector<MemorySocket> sockets{
        {"walker", configuration.walker.memory_port, {pte_read, ad_update}},
        {"software", cpu.software_port, {table_read, table_write, frame_clear}}};
    if (has_data_path(configuration)) {
        sockets.push_back({"core_fetch_memory", cpu.fetch_port, {fetch}});
        sockets.push_back({"core_data_memory", cpu.data_port, {data_read, data_write}});
    }
    return sockets;
}

// All sockets that lead to a cache or to the memory.
[[nodiscard]] std::vector<const SocketFigures*> sockets_to(const tb::Configuration& configuration,
                                                           const MachineFigures& machine,
                                                           std::string_view port) {
    std::vector<const SocketFigures*> sockets;
    const auto add = [&](std::string_view from, std::string_view leads_to) {
        if (leads_to == port) {
            sockets.push_back(&machine.sockets.at(socket(from, part_behind(port))));
        }
    };
    for (const MemorySocket& memory_socket : memory_sockets(configuration)) {
        add(memory_socket.from, memory_socket.port);
    }
    for (const auto& [name, cache] : configuration.caches) {
        add(tb::part_name_of_cache(name), cache.next);
    }
    return sockets;
}

void check_port(const tb::Configuration& configuration, const tb::RunResult& result,
                const MachineFigures& machine, std::string_view port, Laws& laws) {
    const auto sockets = sockets_to(configuration, machine, port);
    const auto& arrived = asked_of(result, port);
    laws.equal(fmt::format("{}: transactions = requests that passed the sockets", port),
               sum_of(arrived.values),
               sum_over(sockets, [](const SocketFigures* figures) { return figures->requests; }));
    for (std::size_t purpose = 0; purpose < arrived.values.size(); ++purpose) {
        laws.equal(
            fmt::format("{}: {} = what passed the sockets", port, names_of<MemoryPurpose>[purpose]),
            arrived.values[purpose], sum_over(sockets, [&](const SocketFigures* figures) {
                return figures->by_purpose.values[purpose];
            }));
    }
}

// Nobody speaks to memory for another's purposes.
void check_purposes(const MemorySocket& memory_socket, const SocketFigures& figures, Laws& laws) {
    const auto count = [&](MemoryPurpose purpose) { return figures.by_purpose[purpose]; };
    laws.equal(fmt::format("requests of {} = those of its own purposes", memory_socket.from),
               figures.requests, sum_over(memory_socket.purposes, count));
}

void check_memory_sockets(const tb::Configuration& configuration, const tb::RunResult& result,
                          const MachineFigures& machine, Laws& laws) {
    for (const MemorySocket& memory_socket : memory_sockets(configuration)) {
        check_purposes(memory_socket, machine.sockets.at(name_of_socket(memory_socket)), laws);
    }
    laws.equal("requests of the walker = its reads and updates",
               machine.sockets.at(socket("walker", part_behind(configuration.walker.memory_port)))
                   .requests,
               reads_at_memory(configuration, result) + result.walker.ad_updates);
    check_port(configuration, result, machine, tb::memory_name, laws);
    for (const auto& [name, cache] : configuration.caches) {
        check_port(configuration, result, machine, name, laws);
    }
}

void check_sockets(const tb::Configuration& configuration, const tb::RunResult& result,
                   const MachineFigures& machine, Laws& laws) {
    for (const auto& [name, figures] : machine.sockets) {
        laws.equal(name + ": requests = answers", figures.requests, figures.answers);
    }
    check_translation_sockets(configuration, result, machine, laws);
    check_memory_sockets(configuration, result, machine, laws);
}

void check_all(const tb::Configuration& configuration, const tb::RunResult& result, Laws& laws) {
    check_latencies(configuration, result, laws);
    check_faults(configuration, result, laws);
    check_frames(result, laws);
    check_process_memory(result, laws);
    check_tlbs(configuration, result, laws);
    check_walker(configuration, result, laws);
    check_ideals(configuration, result, laws);
    check_memory(configuration, result, laws);
    check_data_path(configuration, result, laws);
    check_caches(configuration, result, laws);
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
    check_contents(configuration, result, machine, laws);
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
    for (const MemorySocket& memory_socket : memory_sockets(configuration)) {
        add_socket(std::string(memory_socket.from), part_behind(memory_socket.port));
    }
    for (const auto& [name, cache] : configuration.caches) {
        add_socket(tb::part_name_of_cache(name), part_behind(cache.next));
        figures.cache_lines[name] = system.cache(name).array().lines().size();
    }
    return figures;
}

}  // namespace mmusim::tests
