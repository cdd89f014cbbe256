// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/page_story.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace mmusim::tests::page_story_test {

using hw::LookupResult;
using hw::RemovalReason;
using tb::HeldPage;
using tb::MissCause;
using tb::PageStory;
using tb::ProcessStory;
using tb::StoryEventKind;
using tb::TlbStory;

namespace {

constexpr VirtualAddress watched{0x4000'1010};
constexpr VirtualAddress in_same_huge_page{0x4010'0000};
constexpr VirtualAddress rival{0x4000'3000};
constexpr PageSize huge{21};
constexpr PhysicalPageNumber root{1};

/// A run as its observer hears of it: one TLB, l1d of two sets and one way, unless it is said
/// otherwise.
class ToldRun {
  public:
    explicit ToldRun(std::uint64_t limit = 0, bool tells_misses_apart = false)
        : story(watched,
                {.paging = {},
                 .tlbs = {{"l1d", {.sets = 2, .ways = 1}}, {"l2", {.sets = 128, .ways = 12}}},
                 .tells_misses_apart = tells_misses_apart},
                limit) {
        story.machine_ready(
            {.now = [this] { return now; },
             .memory = [this](PhysicalAddress address, unsigned) { return memory_at(address); },
             .processes = [this] { return regions.size(); },
             .address = [this](sw::ProcessId process,
                               VirtualAddress) { return look_of(process); }});
        turn({0}, {0});
    }

    PageStory story;
    Cycles now{};
    std::map<std::uint64_t, std::uint64_t> memory;
    /// Of each process at the address; a process without an element has exited.
    std::vector<std::optional<tb::WatchedAddress>> regions{tb::WatchedAddress{.root = root}};

    void turn(sw::ProcessId process, Asid asid) {
        running_ = process;
        asid_ = asid;
        story.turn_begun({.process = process, .context = {.root = root, .asid = asid}, .at = now});
    }

    void lookup(VirtualAddress address, LookupResult result, std::size_t slot = 0,
                bool retry = false) {
        const hw::TranslationRequest request = request_of(address);
        hw::TlbLookup lookup{.translation = {slot},
                             .request = request,
                             .retry = retry,
                             .tlb = "l1d",
                             .level = 1,
                             .result = result,
                             .from = now,
                             .until = now + Cycles{1}};
        story.looked_up(lookup);
    }

    void end(VirtualAddress address, std::optional<PageSize> size, std::size_t slot = 0,
             hw::Outcome outcome = hw::Outcome::walk) {
        const hw::TranslationRequest request = request_of(address);
        LatencyRecord latency;
        latency.add(Stage::first_tlb_lookup, {1});
        latency.add(Stage::pte_read, {60});
        story.translation_ended(
            {.process = running_,
             .translation = {slot},
             .access = access,
             .request = request,
             .page = size ? std::optional(hw::TranslatedPage{.size = *size}) : std::nullopt,
             .outcome = outcome,
             .levels = 1,
             .issued = now,
             .done = now + Cycles{61},
             .latency = latency});
        ++access;
    }

    void miss(VirtualAddress address, PageSize size = base_page_size) {
        lookup(address, LookupResult::miss);
        end(address, size);
    }
    void hit(VirtualAddress address, PageSize size = base_page_size) {
        lookup(address, LookupResult::hit);
        end(address, size, 0, hw::Outcome::hit);
    }

    [[nodiscard]] hw::TlbArray::Entry entry(VirtualAddress address, PageSize size) const {
        const std::uint64_t first = address.value >> size.log2_bytes << size.log2_bytes;
        return {.virtual_page = page_number_of(VirtualAddress{first}),
                .asid = asid_,
                .page = {.size = size}};
    }
    void fill(VirtualAddress address, PageSize size = base_page_size,
              std::optional<hw::TlbArray::Entry> evicted = std::nullopt,
              std::string_view tlb = "l1d") {
        story.filled({.tlb = tlb,
                      .set = 1,
                      .way = 0,
                      .entry = entry(address, size),
                      .entered = true,
                      .evicted = evicted,
                      .at = now});
    }
    void remove(RemovalReason reason, PageSize size = base_page_size) {
        story.removed({.tlb = "l1d", .entry = entry(watched, size), .reason = reason, .at = now});
    }

    [[nodiscard]] ProcessStory told(std::uint32_t process = 0) {
        story.run_ended();
        const std::vector<ProcessStory> stories = story.stories();
        return *std::find_if(stories.begin(), stories.end(), [&](const ProcessStory& candidate) {
            return candidate.process.value == process;
        });
    }
    [[nodiscard]] TlbStory l1d(std::uint32_t process = 0) { return told(process).tlbs.at(0); }

    std::uint64_t access = 0;

  private:
    [[nodiscard]] hw::TranslationRequest request_of(VirtualAddress address) const {
        return {.address = address, .context = {.root = root, .asid = asid_}};
    }
    [[nodiscard]] std::optional<std::uint64_t> memory_at(PhysicalAddress address) const {
        const auto found = memory.find(address.value);
        return found == memory.end() ? 0 : found->second;
    }
    [[nodiscard]] std::optional<tb::WatchedAddress> look_of(sw::ProcessId process) const {
        return process.value < regions.size() ? regions[process.value] : std::nullopt;
    }

    sw::ProcessId running_{};
    Asid asid_{};
};

std::vector<std::uint64_t> cycles_of(const ProcessStory& story) {
    std::vector<std::uint64_t> cycles;
    for (const tb::StoryEvent& event : story.events) {
        cycles.push_back(event.at.value);
    }
    return cycles;
}

}  // namespace

TEST_CASE("accesses of the page are counted, and no others") {
    ToldRun run;
    run.miss(watched);
    run.fill(watched);
    run.hit({0x4000'1ff8});
    run.miss({0x4000'0ff8});
    run.miss({0x4000'2000});
    const ProcessStory story = run.told();
    CHECK(story.accesses == 2);
    CHECK(story.translations == 2);
    CHECK(story.cycles.total() == Cycles{122});
    CHECK(story.cycles.stages[Stage::pte_read] == Cycles{120});
    CHECK(story.classes.at({.outcome = hw::Outcome::walk}).count == 1);
    CHECK(story.classes.at({.outcome = hw::Outcome::hit, .levels = 1}).count == 1);
    CHECK(story.tlbs.at(0).lookups == 2);
    CHECK(story.tlbs.at(0).hits == 1);
    CHECK(story.tlbs.at(0).misses == 1);
    CHECK(story.tlbs.at(1).lookups == 0);
}

TEST_CASE("a miss is told by why the page was not there") {
    ToldRun run;
    run.miss(watched);
    run.fill(watched);
    const auto causes = [&run] { return run.l1d().causes; };
    REQUIRE(causes()[MissCause::first] == 1);

    SECTION("another page has taken its place") {
        run.fill(rival, base_page_size, run.entry(watched, base_page_size));
        run.miss(watched);
        CHECK(causes()[MissCause::evicted] == 1);
    }
    SECTION("a fence has removed it") {
        run.remove(RemovalReason::fence);
        run.miss(watched);
        CHECK(causes()[MissCause::fenced] == 1);
    }
    SECTION("an inclusive TLB below has evicted it") {
        run.remove(RemovalReason::back_invalidation);
        run.miss(watched);
        CHECK(causes()[MissCause::back_invalidated] == 1);
    }
    SECTION("it has moved up, out of an exclusive TLB") {
        run.remove(RemovalReason::promotion);
        run.miss(watched);
        CHECK(causes()[MissCause::moved_up] == 1);
    }
    SECTION("the last reason counts") {
        run.remove(RemovalReason::fence);
        run.miss(watched);
        run.fill(watched);
        run.fill(rival, base_page_size, run.entry(watched, base_page_size));
        run.miss(watched);
        CHECK(causes()[MissCause::fenced] == 1);
        CHECK(causes()[MissCause::evicted] == 1);
    }
}

TEST_CASE("a TLB that never takes the page in has missed it once for the first time") {
    ToldRun run;
    run.miss(watched, huge);
    run.miss(watched, huge);
    run.miss(watched, huge);
    const TlbStory l1d = run.l1d();
    CHECK(l1d.causes[MissCause::first] == 1);
    CHECK(l1d.causes[MissCause::not_kept] == 2);
}

TEST_CASE("a lookup after a fault, and one while another is unanswered, are no misses for long") {
    ToldRun run;
    run.lookup(watched, LookupResult::miss, 0);
    run.lookup(watched, LookupResult::miss, 1);
    run.lookup(watched, LookupResult::miss, 0, true);
    run.fill(watched);
    run.end(watched, base_page_size, 0);
    run.end(watched, base_page_size, 1);
    const TlbStory l1d = run.l1d();
    CHECK(l1d.misses == 3);
    CHECK(l1d.causes[MissCause::first] == 1);
    CHECK(l1d.causes[MissCause::under_way] == 1);
    CHECK(l1d.causes[MissCause::retry] == 1);
}

TEST_CASE("a translation that is dropped is not awaited any more") {
    ToldRun run;
    run.lookup(watched, LookupResult::miss, 0);
    run.story.dropped({0});
    run.miss(watched);
    const TlbStory l1d = run.l1d();
    CHECK(l1d.misses == 1);
    CHECK(l1d.causes[MissCause::first] == 1);
}

TEST_CASE("who evicts it and whom it evicts is told with how often") {
    ToldRun run;
    for (int round = 0; round < 3; ++round) {
        run.fill(watched, base_page_size,
                 round == 0 ? std::nullopt : std::optional(run.entry(rival, base_page_size)));
        run.fill(rival, base_page_size, run.entry(watched, base_page_size));
    }
    const TlbStory l1d = run.l1d();
    const HeldPage the_rival{.page = page_number_of(rival)};
    CHECK(l1d.fills == 3);
    CHECK(l1d.evictions == 3);
    CHECK(l1d.evicted_by == tb::PageCounts{{the_rival, 3}});
    CHECK(l1d.evicted == tb::PageCounts{{the_rival, 2}});
    REQUIRE(l1d.watched_sets.size() == 1);
    CHECK(l1d.watched_sets.front().set == 1);
    CHECK(l1d.watched_sets.front().pages == 2);
    CHECK_FALSE(l1d.held_at_end);
}

TEST_CASE("time in a TLB goes from the fill to the removal, or to the end") {
    ToldRun run;
    run.now = {100};
    run.fill(watched);
    run.now = {150};
    run.remove(RemovalReason::fence);
    run.now = {200};
    run.fill(watched);
    run.now = {230};
    const TlbStory l1d = run.l1d();
    CHECK(l1d.held == Cycles{80});
    CHECK(l1d.held_at_end);
    CHECK(l1d.removals[RemovalReason::fence] == 1);
}

TEST_CASE("an address in a superpage is followed through the superpage") {
    ToldRun run;
    run.miss(in_same_huge_page, huge);
    run.fill(in_same_huge_page, huge);
    run.hit(watched, huge);
    run.hit(in_same_huge_page, huge);
    run.fill({0x8000'0000}, huge, run.entry(watched, huge));
    run.miss(in_same_huge_page, huge);
    const ProcessStory story = run.told();
    CHECK(story.translations == 4);
    CHECK(story.translations_of_base_page == 1);
    CHECK(story.by_page_size == std::map<PageSize, std::uint64_t>{{huge, 4}});
    CHECK(story.tlbs.at(0).causes[MissCause::first] == 1);
    CHECK(story.tlbs.at(0).causes[MissCause::evicted] == 1);
    CHECK(story.tlbs.at(0).evictions == 1);
}

TEST_CASE("small pages beside it in what was a superpage are not its own") {
    ToldRun run;
    run.miss(watched, huge);
    run.miss(in_same_huge_page, base_page_size);
    run.fill(in_same_huge_page, base_page_size);
    CHECK(run.told().translations == 1);
    CHECK(run.l1d().fills == 0);
}

TEST_CASE("both parts of an access that crosses inside a superpage are one access") {
    ToldRun run;
    for (const std::uint64_t address : {0x4000'1ffcU, 0x4000'2000U}) {
        run.access = 7;
        run.hit({address}, huge);
    }
    const ProcessStory story = run.told();
    CHECK(story.translations == 2);
    CHECK(story.accesses == 1);
}

TEST_CASE("an ASID that another process has by now is the other's") {
    ToldRun run;
    run.regions.resize(2, tb::WatchedAddress{.root = root});
    run.miss(watched);
    run.fill(watched);
    // The fence comes before the turn of the one who takes the ASID over.
    run.remove(RemovalReason::fence);
    run.turn({1}, {0});
    run.miss(watched);
    run.fill(watched);
    run.hit(watched);
    CHECK(run.told(0).translations == 1);
    CHECK(run.l1d(0).removals[RemovalReason::fence] == 1);
    CHECK_FALSE(run.l1d(0).held_at_end);
    CHECK(run.told(1).translations == 2);
    CHECK(run.l1d(1).causes[MissCause::first] == 1);
    CHECK(run.l1d(1).held_at_end);
}

TEST_CASE("figures begin with the measurement; what a TLB holds is known from before") {
    ToldRun run;
    run.now = {10};
    run.miss(watched);
    run.fill(watched);
    run.fill(rival, base_page_size, run.entry(watched, base_page_size));
    run.now = {50};
    run.story.measurement_begun();
    run.miss(watched);
    const ProcessStory story = run.told();
    CHECK(story.translations == 1);
    CHECK(story.tlbs.at(0).fills == 0);
    CHECK(story.tlbs.at(0).evictions == 0);
    CHECK(story.tlbs.at(0).causes[MissCause::first] == 0);
    CHECK(story.tlbs.at(0).causes[MissCause::evicted] == 1);
    CHECK(cycles_of(story) == std::vector<std::uint64_t>{50});
}

TEST_CASE(
    "what a script did before its first access is told where the measurement begins with it") {
    ToldRun run;
    run.story.step_begun({.line = 1, .text = "P map", .at = {}});
    run.regions = {tb::WatchedAddress{
        .root = root,
        .region = sw::Region{.start = {0x4000'0000}, .end = {0x4000'2000}, .rights = {}}}};
    run.story.step_begun({.line = 2, .text = "P read", .at = {}});
    run.story.measurement_begun();
    run.miss(watched);
    CHECK(run.told().event_count == 2);
}

TEST_CASE("the first events are told in the order of time, and all are counted") {
    ToldRun run(3);
    run.now = {10};
    run.lookup(watched, LookupResult::miss);
    run.now = {70};
    run.fill(watched);
    run.now = {80};
    run.fill(rival, base_page_size, run.entry(watched, base_page_size));
    run.now = {90};
    run.fill(watched, base_page_size, run.entry(rival, base_page_size));
    // Told last, and begun first.
    run.now = {10};
    run.end(watched, base_page_size);
    const ProcessStory story = run.told();
    CHECK(story.event_count == 4);
    CHECK(cycles_of(story) == std::vector<std::uint64_t>{10, 70, 80});
    CHECK(story.events.at(0).kind == StoryEventKind::translation);
    CHECK(story.events.at(0).words ==
          "access 0, read of 0x40001010: walk, 61 cycles; missed l1d (first)");
    CHECK(story.events.at(2).kind == StoryEventKind::eviction);
    CHECK(story.events.at(2).other == HeldPage{.page = page_number_of(rival)});
}

TEST_CASE("what happens in one cycle is told in the order in which it happens") {
    ToldRun run;
    run.now = {40};
    run.remove(RemovalReason::fence);
    run.lookup(watched, LookupResult::miss);
    run.fill(watched);
    run.end(watched, base_page_size);
    run.remove(RemovalReason::fence);
    const ProcessStory story = run.told();
    std::vector<StoryEventKind> kinds;
    for (const tb::StoryEvent& event : story.events) {
        kinds.push_back(event.kind);
    }
    CHECK(kinds == std::vector<StoryEventKind>{StoryEventKind::removal, StoryEventKind::translation,
                                               StoryEventKind::fill, StoryEventKind::removal});
}

TEST_CASE("a fault is told with its phases, its kind and its access") {
    ToldRun run;
    run.access = 5;
    run.lookup(watched, LookupResult::miss);
    run.now = {100};
    run.story.fault_begun({.translation = {0}, .fault = {.address = watched}, .at = {100}});
    run.story.fault_worked(
        {.translation = {0}, .stage = Stage::fault_entry, .from = {100}, .until = {130}});
    run.story.fault_waited({.translation = {0},
                            .from = {130},
                            .storage_done = {200},
                            .until = {220},
                            .service = {50}});
    run.story.fault_ended(
        {.translation = {0}, .outcome = {.kind = sw::FaultKind::swap_in}, .at = {220}});
    run.end(watched, base_page_size, 0, hw::Outcome::major_fault);
    run.end({0x5000'0000}, base_page_size);
    const ProcessStory story = run.told();
    CHECK(story.fault_count() == 1);
    CHECK(story.fault_counts[sw::FaultKind::swap_in] == 1);
    REQUIRE(story.faults.size() == 1);
    const tb::FaultStory& fault = story.faults.front();
    CHECK(fault.access == 5);
    CHECK(fault.at == Cycles{100});
    CHECK(fault.until == Cycles{220});
    CHECK(fault.cycles.stages[Stage::fault_entry] == Cycles{30});
    CHECK(fault.cycles.stages[Stage::storage] == Cycles{50});
    CHECK(fault.cycles.stages[Stage::storage_wait] == Cycles{20});
    CHECK(fault.cycles.stages[Stage::run_queue_wait] == Cycles{20});
    CHECK(fault.cycles.total() == fault.until - fault.at);
}

TEST_CASE("misses are told apart as the machine tells them apart") {
    ToldRun run(0, true);
    run.story.miss_judged({.tlb = "l1d",
                           .page = page_number_of(watched),
                           .size = base_page_size,
                           .kind = hw::MissKind::conflict});
    run.story.miss_judged({.tlb = "l1d",
                           .page = page_number_of(in_same_huge_page),
                           .size = huge,
                           .kind = hw::MissKind::capacity});
    run.story.miss_judged({.tlb = "l1d", .page = page_number_of(in_same_huge_page)});
    run.story.miss_judged({.tlb = "l1d", .page = page_number_of(watched)});
    const TlbStory l1d = run.l1d();
    REQUIRE(l1d.kinds);
    CHECK((*l1d.kinds)[hw::MissKind::compulsory] == 1);
    CHECK((*l1d.kinds)[hw::MissKind::capacity] == 1);
    CHECK((*l1d.kinds)[hw::MissKind::conflict] == 1);
    ToldRun without;
    CHECK_FALSE(without.l1d().kinds);
}

TEST_CASE("the walk is looked at without rights, and leaves the tables alone") {
    ToldRun run;
    // Sv39: 0x40001010 is entry 1 of the root, entry 0 of the next, entry 1 of the last.
    run.memory = {{0x1008, 0x2U << 10U | 1U},
                  {0x2000, 0x3U << 10U | 1U},
                  {0x3008, 0x9U << 10U | hw::PageFlags::valid_bit | hw::PageFlags::execute_bit}};
    const ProcessStory story = run.told();
    REQUIRE(story.at_end);
    REQUIRE(story.at_end->walk.entries.size() == 3);
    CHECK(story.at_end->walk.entries[0] ==
          tb::SeenEntry{.level = 2, .address = {0x1008}, .entry = hw::PageTableEntry{0x801}});
    CHECK(story.at_end->walk.entries[2].level == 0);
    REQUIRE(story.at_end->walk.page);
    CHECK(story.at_end->walk.page->physical_address(watched) == PhysicalAddress{0x9010});
    CHECK(run.memory.at(0x3008) == (0x9U << 10U | 9U));
}

TEST_CASE("a region that is gone, and a process that has exited, are told as last known") {
    ToldRun run;
    const std::string map_line = "P map";
    const std::string unmap_line = "P unmap";
    const std::string exit_line = "P exit";
    run.story.step_begun({.line = 2, .text = map_line, .at = {0}});
    const sw::Region region{.start = {0x4000'0000}, .end = {0x4000'2000}, .rights = {}};
    run.regions = {tb::WatchedAddress{.root = root, .region = region}};
    run.now = {7};
    run.story.step_begun({.line = 3, .text = unmap_line, .at = {7}});
    run.regions = {tb::WatchedAddress{.root = root}};
    run.now = {9};
    run.story.step_begun({.line = 4, .text = exit_line, .at = {9}});
    run.regions = {std::nullopt};
    const ProcessStory story = run.told();
    CHECK_FALSE(story.at_end);
    REQUIRE(story.last_mapped);
    CHECK(story.last_mapped->at == Cycles{7});
    CHECK(story.last_mapped->region == region);
    REQUIRE(story.events.size() == 3);
    CHECK(story.events[0].words == "line 2, P map: its region is 0x40000000-0x40002000 ---p");
    CHECK(story.events[1].words == "line 3, P unmap: its region is gone");
    CHECK(story.events[2].words == "line 4, P exit: the process has exited");
}

}  // namespace mmusim::tests::page_story_test
