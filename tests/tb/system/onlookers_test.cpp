// SPDX-License-Identifier: Apache-2.0
// What a whole machine tells those who look on, held against what it counts.
#include "hw/base/random.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/events/sliced_translations.hpp"
#include "tests/tb/system/machine.hpp"
#include "tests/tb/system/random_machine.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace mmusim::tests::onlookers_test {

namespace {

using nlohmann::json;

/// Counts what it is told.
class CountingObserver final : public tb::RunObserver {
  public:
    void measurement_begun() override { counts = {}; }
    void looked_up(const hw::TlbLookup& lookup) override {
        ++counts[std::string(lookup.tlb) + " lookups"];
        if (lookup.result == hw::LookupResult::miss) {
            ++counts[std::string(lookup.tlb) + " misses"];
        }
        if (lookup.result == hw::LookupResult::dirty_update) {
            ++counts[std::string(lookup.tlb) + " dirty_updates"];
        }
    }
    void filled(const hw::TlbFill& fill) override {
        if (fill.entered) {
            ++counts[std::string(fill.tlb) + " fills"];
        }
        if (fill.evicted) {
            ++counts[std::string(fill.tlb) + " evictions"];
        }
    }
    void removed(const hw::TlbRemoval& removal) override {
        switch (removal.reason) {
            case hw::RemovalReason::fence:
                ++counts[std::string(removal.tlb) + " invalidations"];
                break;
            case hw::RemovalReason::back_invalidation:
                ++counts[std::string(removal.tlb) + " back_invalidations"];
                break;
            case hw::RemovalReason::promotion:
                ++counts[std::string(removal.tlb) + " promotions"];
                break;
        }
    }
    void walk_begun(const hw::WalkBegun& walk) override {
        ++counts["walks"];
        if (walk.again) {
            ++counts["rewalks"];
        }
    }
    void entry_read(const hw::EntryRead& entry) override {
        if (!entry.cached) {
            ++counts["pte_reads"];
        }
    }
    void entry_updated(const hw::EntryUpdated& update) override {
        if (update.exchanged) {
            ++counts["ad_updates"];
        }
    }
    void walk_ended(const hw::WalkEnded& walk) override {
        ++counts[std::string(name_of(walk.end))];
    }
    void fault_ended(const tb::FaultEnded& fault) override {
        ++counts[std::string(name_of(fault.outcome.fault_class())) + " faults"];
    }
    void translation_ended(const tb::TranslationEnded& /*translation*/) override {
        ++counts["translations"];
    }

    std::map<std::string, std::uint64_t> counts;
};

/// The same counts by the machine's own figures; those that are zero are left out.
std::map<std::string, std::uint64_t> counts_of(const tb::RunResult& result) {
    std::map<std::string, std::uint64_t> counts{{"walks", result.walker.walks},
                                                {"rewalks", result.walker.rewalks},
                                                {"pte_reads", result.walker.pte_reads},
                                                {"ad_updates", result.walker.ad_updates},
                                                {"completed", result.walker.completed},
                                                {"faulted", result.walker.faulted},
                                                {"squashed", result.walker.squashed},
                                                {"minor faults", result.faults.minor},
                                                {"major faults", result.faults.major},
                                                {"invalid faults", result.faults.invalid},
                                                {"translations", result.totals.translations}};
    for (const auto& [name, tlb] : result.tlbs) {
        counts[name + " lookups"] = tlb.lookups;
        counts[name + " misses"] = tlb.misses;
        counts[name + " dirty_updates"] = tlb.dirty_updates;
        counts[name + " fills"] = tlb.fills;
        counts[name + " evictions"] = tlb.evictions;
        counts[name + " invalidations"] = tlb.invalidations;
        counts[name + " back_invalidations"] = tlb.back_invalidations;
        counts[name + " promotions"] = tlb.promotions;
    }
    std::erase_if(counts, [](const auto& count) { return count.second == 0; });
    return counts;
}

std::string differences(const std::map<std::string, std::uint64_t>& told,
                        const std::map<std::string, std::uint64_t>& counted) {
    return told == counted ? "" : json(told).dump() + " was told, counted " + json(counted).dump();
}

/// Runs the programs in a child with everybody looking on; says where what they saw differs from
/// the rows and the figures of the same run.
std::string surprises_of(const tb::Configuration& configuration,
                         const std::vector<TestProgram>& programs, tb::RunOptions options = {}) {
    const ScratchDirectory directory;
    options.translation_log = directory.path_of("rows.csv");
    options.events =
        tb::EventsRequest{.path = directory.path_of("slices.json"), .first_hits = true};
    options.walk_log = directory.path_of("walks.log");
    return in_child_process([&] {
        CountingObserver observer;
        options.observer = &observer;
        const tb::RunResult result = run(configuration, programs, options);
        const std::string walks = directory.contents_of("walks.log");
        const auto lines = static_cast<std::uint64_t>(std::count(walks.begin(), walks.end(), '\n'));
        return differences_from_rows(options.events->path, *options.translation_log, true) +
               differences(observer.counts, counts_of(result)) +
               (lines == result.walker.walks ? "" : "the log has another number of walks");
    });
}

std::vector<Access> busy_program(std::uint64_t seed, std::size_t count) {
    constexpr std::uint64_t base = 0x4000'0000;
    Random random(seed);
    std::vector<Access> accesses;
    while (accesses.size() < count) {
        const std::uint64_t page = random.below(3) == 0 ? random.below(200) : random.below(20);
        accesses.push_back(
            {.address = {base + page * page_bytes + random.below(page_bytes)},
             .size_bytes = 8,
             .type = static_cast<AccessType>(random.below(enumerator_count<AccessType>))});
    }
    return accesses;
}

/// Two programs on a machine with cheap faults, small TLBs and short turns.
const std::vector<TestProgram>& busy_programs() {
    static const std::vector<TestProgram> programs{
        {.name = "one", .accesses = busy_program(1, 250)},
        {.name = "two", .accesses = busy_program(2, 350)}};
    return programs;
}

tb::Configuration busy_machine(std::vector<std::string> settings) {
    settings.insert(settings.end(), {"tlbs.l2.sets=4", "tlbs.l2.ways=2", "os.fault_entry_cycles=10",
                                     "os.scheduler.time_slice_cycles=3000"});
    return machine("default", settings);
}

void check_random_runs(std::uint64_t first_seed, std::uint64_t count) {
    for (std::uint64_t seed = first_seed; seed < first_seed + count; ++seed) {
        INFO("seed " << seed);
        Random machines(seed);
        Random programs(seed);
        CHECK_THAT(
            surprises_of(plain_machine(random_settings(machines)), random_programs(programs)),
            Catch::Equals(""));
    }
}

}  // namespace

TEST_CASE("slices fill each translation, and their stages are its row's") {
    const std::vector<std::vector<std::string>> machines{
        {},
        {"cpu.data_path=memory"},
        {"cpu.max_outstanding=8", "cpu.issue_per_cycle=4", "walker.count=2", "tlbs.l1d.mshrs=2"},
        {"tlbs.l1d.ports=1", "tlbs.l1i.hit_latency_cycles=0", "cpu.max_outstanding=4",
         "cpu.issue_per_cycle=4", "tlbs.l1d.hit_under_miss=false", "cpu.data_path=memory"},
        {"os.user_frames=60"},
        {"walk_cache.kind=entries", "paging.ad_update=fault"},
        {"tlbs.l2.inclusion=exclusive"},
        {"tlbs.l2.inclusion=inclusive", "walk_cache.enabled=false"},
    };
    for (const std::vector<std::string>& settings : machines) {
        INFO(settings.size() << " settings, the first " << (settings.empty() ? "" : settings[0]));
        CHECK_THAT(surprises_of(busy_machine(settings), busy_programs()), Catch::Equals(""));
    }
}

TEST_CASE("slices begin anew with the measurement, but for what is parked then") {
    CHECK_THAT(surprises_of(busy_machine({"os.user_frames=60"}), busy_programs(),
                            {.warmup = 200, .limit = 500}),
               Catch::Equals(""));
}

TEST_CASE("slices fill the translations of random programs on random machines") {
    check_random_runs(0, 2);
}

TEST_CASE("slices fill the translations of two hundred random programs", "[.][soak]") {
    check_random_runs(2, 200);
}

TEST_CASE("who looks on changes no figure") {
    const ScratchDirectory directory;
    CountingObserver observer;
    const tb::RunOptions watched{
        .observer = &observer,
        .events = tb::EventsRequest{.path = directory.path_of("slices.json")},
        .walk_log = directory.path_of("walks.log")};
    const tb::Configuration machine = busy_machine({"cpu.max_outstanding=4", "os.user_frames=60"});
    const std::string alone = run_in_child(machine, busy_programs());
    const bool same_bytes = alone == run_in_child(machine, busy_programs(), watched);
    CHECK(same_bytes);
    CHECK(directory.file_count() == 2);
}

}  // namespace mmusim::tests::onlookers_test
