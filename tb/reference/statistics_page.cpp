// SPDX-License-Identifier: Apache-2.0
#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/latency.hpp"
#include "hw/base/problems.hpp"
#include "hw/cache/statistics.hpp"
#include "hw/cpu/statistics.hpp"
#include "hw/memory/statistics.hpp"
#include "hw/tlb/statistics.hpp"
#include "hw/walker/statistics.hpp"
#include "sw/processes/memory_statistics.hpp"
#include "sw/statistics.hpp"
#include "tb/explore/exploration.hpp"
#include "tb/reference/markdown.hpp"
#include "tb/reference/pages.hpp"
#include "tb/report/figure_list.hpp"
#include "tb/system/memory_pressure.hpp"
#include "tb/trace/trace_survey.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr std::string_view statistics_introduction = R"(# Statistics

Made by `generate_reference` from the field lists of the code; a test checks that it is current.

Every figure of the results that `mmusim run --json FILE` writes. Every counter counts an event
once, from the end of the warm-up on; a retry after a page fault counts in `totals.retries`, its
lookups in `lookups`, its misses in `misses` and again in `retry_misses`. The last column has what
perf(1) calls the same, where it has a name for it.

)";

constexpr std::string_view derived_section = R"(## `derived`

What follows from counted figures: `cycles_per_translation` is `totals.cycles` divided by
`totals.translations`, `misses_per_1000_accesses` has `tlbs.NAME.misses` and
`walks_per_1000_accesses` `walker.walks`, for every thousand of `totals.accesses`. `null` where there
is nothing to divide by.

)";

constexpr std::string_view what_if_section = R"(## `what_if`

There with `--what-if`: for each `ideal` its `meaning`, the `settings` that make the machine so, each
`KEY=VALUE`, the `cycles` that the same run takes then, `saved_cycles`, below 0 where that is more,
and `saved_share` of `totals.cycles`. Where a run did not come to its end these three are `null`, and
`error` says why. The page [what if](what-if.md) says what each ideal is.

)";

constexpr std::string_view latency_section = R"(## `latency_cycles`

The latency of every translation from its issue to its end, page faults and retries included, and
the access itself where `cpu.data_path` is `memory`: `mean`, `p50`, `p90`, `p99`, `p999`, `max`, and
`histogram`, a list of `[low, high, count]` with both ends included. A percentile p is the smallest
latency with at least ⌈p·n⌉ of the n translations at or below it.

)";

constexpr std::string_view timeline_section = R"(## `timeline`

There with `--interval N`: an entry after every N accesses. `accesses`, `cycles`, `misses` by TLB and
`faults` count from the start of the measurement; `resident_pages` by process is the state then. The
rest is of the interval alone: `working_set_pages` by process (4 KiB pages that it touched), the
`frames` that there are for data, `major_faults_per_1000_accesses`, `refaults` (pages that came back
from storage after they had been made to leave), `stalled_share` (of the cycles, those in which
nobody could run, for all who would have waited for storage), and the verdict `thrashing`, whose rule
is on the page [memory as on Linux](memory.md).

)";

constexpr std::string_view repeats_text = R"(## `repeats`

There with `--repeat N`: the `seeds` of the runs, and under `figures` the dotted name of each figure that
all of them have, with its `mean`, its `spread`, `min` and `max`. The spread is the standard deviation of
a sample: the root of the sum of the squared distances from the mean, divided by N - 1. All else of the
result is of the first seed. The page [sweeps](sweep.md) has more.

)";

constexpr std::string_view classes_section = R"(## `classes`

Every translation is in exactly one class, by what answered it in the end: `l1_hit`, `l2_hit` and so
on down the chain, `walk`, `minor_fault`, `major_fault`, `invalid_fault`. Each has `count` and
`cycles`; the counts add up to `totals.translations` and the cycles to `breakdown_cycles.total`. `mean`,
`p50` and so on to `histogram` are of the latencies of that class, as in `latency_cycles`.

)";

/// What another tool calls a figure.
struct Alias {
    std::string_view figure;
    std::string_view name;
};

constexpr std::array<Alias, 9> perf_aliases{{
    {.figure = "tlbs.NAME.lookups",
     .name = "dTLB-loads and dTLB-stores, iTLB-loads: for the TLB that `cpu.data_tlb` or "
             "`cpu.fetch_tlb` names"},
    {.figure = "tlbs.NAME.hits", .name = "dtlb_load_misses.stlb_hit: for the second level"},
    {.figure = "tlbs.NAME.misses",
     .name = "dTLB-load-misses and dTLB-store-misses, iTLB-load-misses: for the TLB that "
             "`cpu.data_tlb` or `cpu.fetch_tlb` names"},
    {.figure = "walker.walks", .name = "dtlb_load_misses.miss_causes_a_walk, of all accesses"},
    {.figure = "walker.completed", .name = "dtlb_load_misses.walk_completed, of all accesses"},
    {.figure = "walker.service_cycles", .name = "dtlb_load_misses.walk_pending, of all accesses"},
    {.figure = "faults.minor", .name = "minor-faults"},
    {.figure = "faults.major", .name = "major-faults"},
    {.figure = "os.context_switches", .name = "context-switches"},
}};

class FigureTable {
  public:
    template <HasFields Statistics>
    void add(const std::string& prefix) {
        for_each_figure<Statistics>(prefix,
                                    [this](const FigureDescription& figure) { add_row(figure); });
    }

    [[nodiscard]] std::string text() const {
        return markdown_table({"name", "unit", "meaning", "in perf"}, rows_);
    }

  private:
    void add_row(const FigureDescription& figure) {
        const auto* const alias =
            std::find_if(perf_aliases.begin(), perf_aliases.end(),
                         [&](const Alias& candidate) { return candidate.figure == figure.name; });
        rows_.push_back({markdown_code(figure.name), std::string{figure.unit}, meaning_of(figure),
                         alias == perf_aliases.end() ? std::string{} : std::string{alias->name}});
    }

    [[nodiscard]] static std::string meaning_of(const FigureDescription& figure) {
        return figure.enumerators.empty() ? std::string{figure.description}
                                          : fmt::format("{}: `{}`", figure.description,
                                                        fmt::join(figure.enumerators, "`, `"));
    }

    std::vector<std::vector<std::string>> rows_;
};

template <HasFields Statistics>
[[nodiscard]] std::string section(std::string_view name, std::string_view about) {
    FigureTable table;
    table.add<Statistics>(std::string{name});
    return fmt::format("## `{}`\n\n{}\n\n{}", name, about, table.text());
}

[[nodiscard]] std::string stages_section() {
    std::vector<std::vector<std::string>> rows;
    for (std::size_t stage = 0; stage < enumerator_count<Stage>; ++stage) {
        rows.push_back({markdown_code(fmt::format("breakdown_cycles.{}", names_of<Stage>[stage])),
                        std::string{StageDescriptions::texts[stage]}});
    }
    return "## `breakdown_cycles`\n\n"
           "Where the cycles of all latencies went: one entry per stage, and `total`. The stages "
           "add up to\n`total` exactly, and `total` is the sum of all latencies.\n\n" +
           markdown_table({"stage", "cycles spent in"}, rows);
}

[[nodiscard]] std::string memory_section() {
    FigureTable table;
    table.add<sw::ProcessMemory>("processes[]");
    return "What each process has in memory at the end of the run, as Linux shows it under "
           "/proc/PID; `mmusim run\n--proc` prints the same as text. A page is shared if two "
           "page-table entries or more map it, of whatever process, and\ndirty if one of them or "
           "the operating system says so; a page of shared memory that swap does not have is "
           "dirty. The page\nof zeros counts in no figure.\n\n" +
           table.text();
}

// An alias of a figure that was renamed would vanish without a word.
void require_every_alias_in(std::string_view page) {
    for (const Alias& alias : perf_aliases) {
        if (page.find(markdown_code(alias.figure)) == std::string_view::npos) {
            throw ModelError(fmt::format("an alias is for {}, which is no figure", alias.figure));
        }
    }
}

}  // namespace

std::string statistics_page() {
    std::string page{statistics_introduction};
    page += section<hw::Totals>("totals", "The run as a whole.");
    page += derived_section;
    page += latency_section;
    page += timeline_section;
    page += stages_section();
    page += classes_section;
    page += what_if_section;
    page += section<hw::TlbStatistics>(
        "tlbs.NAME",
        "One group for each TLB, one for each page size in it. Always lookups = hits + misses.");
    page += section<hw::WalkerStatistics>(
        "walker", "All walkers together. Always walks = completed + faulted + squashed.");
    page += section<hw::CacheStatistics>(
        "caches.NAME",
        "One group for each data cache. Always accesses = hits + misses, and misses = fills +\n"
        "mshr_merges + misses_without_fill.");
    page += section<hw::MemoryStatistics>("memory", "The memory controller.");
    page += section<sw::FaultStatistics>("faults", "Page faults of all processes.");
    page += section<sw::OsStatistics>(
        "os", "The operating system. Always total = free + page_table + anonymous + file.");
    page += section<ThrashingStatistics>(
        "os.thrashing",
        "There with `--interval N`. The rule is on the page [memory as on Linux](memory.md).");
    page += section<sw::ProcessStatistics>("processes[]",
                                           "One group for each process; they add up to `faults`.");
    page += memory_section();
    page += repeats_text;
    page += section<StreamExploration>(
        "streams.NAME",
        "What `mmusim explore --json FILE` writes: a group for the accesses that a TLB for "
        "instructions sees\n(`fetch`), one for data (`data`) and one for both (`unified`), in "
        "pages of 4 KiB. With `--page-size`\nthere are the same groups for each size, as "
        "`by_page_size.SIZE.NAME`. The page [explore](explore.md)\nsays how to read them.");
    page += section<TraceSurvey>(
        "trace", "What `mmusim trace info --json FILE` writes. Addresses are numbers there.");
    page.pop_back();
    require_every_alias_in(page);
    return page;
}

}  // namespace mmusim::tb
