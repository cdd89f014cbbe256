// SPDX-License-Identifier: Apache-2.0
// Random programs under memory pressure: whatever they do, and whatever fails, every load finds the
// last store, no frame is lost, and the counts agree.
#include "hw/base/random.hpp"
#include "sw/operating_system.hpp"
#include "tests/sw/accounts.hpp"
#include "tests/sw/checked_machine.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace mmusim::sw::random_system_calls_test {

namespace {

using namespace mmusim::literals;
using tests::CheckedMachine;
using tests::CountingMachine;

constexpr PhysicalAddress base{0x8000'0000};
constexpr std::uint64_t pages_per_huge_page = 512;
constexpr std::uint64_t file_bytes = 40 * page_bytes + 1000;

struct Setting {
    PageReplacementPolicy policy = PageReplacementPolicy::clock;
    ReplacementScope scope = ReplacementScope::global;
    std::uint64_t user_frames = 96;
    std::uint64_t swap_pages = 256;
    std::uint64_t swap_readahead = 0;
    bool zero_page = true;
    HugePages huge_pages = HugePages::never;
    HugePageDefrag defrag = HugePageDefrag::never;
    std::uint64_t fragmentation_percent = 0;
    bool fragmentation_movable = false;
    std::uint64_t hugetlb_pages = 0;
    std::uint64_t memory_bytes = 4_MiB;
    std::uint64_t largest_mapping_pages = 24;
    unsigned asid_bits = 2;
    CountingMachine::Storage storage = CountingMachine::Storage::slow;
    bool failures = false;
    std::size_t most_processes = 8;
};

class Soak {
  public:
    Soak(const Setting& setting, std::uint64_t seed)
        : setting_(setting),
          random_(seed),
          machine_(paging_of(setting)),
          os_(parameters_of(setting), paging_of(setting), base, setting.memory_bytes, machine_) {
        machine_.boot(os_);
        machine_.storage = setting.storage;
        file_ = os_.objects().make_file("file", file_bytes);
        shared_ = os_.objects().make_shared_memory("shared", 32 * page_bytes);
        oracle().make_file(file_, file_bytes, os_.objects()[file_].first_storage_page);
        oracle().make_shared_memory(shared_);
        new_process();
    }

    void run(std::uint64_t operations) {
        for (std::uint64_t operation = 0; operation < operations; ++operation) {
            if (setting_.failures && random_.below(50) == 0) {
                machine_.fail_next_transfer();
            }
            step();
            machine_.reset_counts();
            if (operation % 64 == 0) {
                check_counts();
                os_.tick();
            }
            if (operation % 512 == 0) {
                check_memory();
            }
        }
        while (!processes_.empty()) {
            end_process(0);
        }
        drop_everything();
        check_counts();
        check_memory();
        const FrameStatistics frames = os_.statistics().frames;
        CHECK(frames.anonymous == 0);
        CHECK(frames.page_table == 0);
        const HugetlbStatistics pool = os_.statistics().hugetlb;
        CHECK(pool.total == setting_.hugetlb_pages * pages_per_huge_page);
        CHECK(pool.free == pool.total);
        CHECK(pool.reserved == 0);
        // What is left there are pages of shared memory, which nobody has taken away.
        CHECK(os_.statistics().swap.pages_used <= os_.objects()[shared_].pages());
    }

    [[nodiscard]] const OperatingSystem& os() const { return os_; }
    [[nodiscard]] const std::set<Signal>& signals() const { return signals_; }

    /// All that was counted, in words.
    [[nodiscard]] std::string counts() const {
        const OsStatistics statistics = os_.statistics();
        const FaultStatistics faults = os_.fault_statistics();
        return fmt::format("{} {} {} {} {} {} {} {} {}", fmt::join(faults.by_kind.values, " "),
                           statistics.evictions.clean, statistics.evictions.dirty,
                           statistics.swap.reads, statistics.swap.writes,
                           statistics.page_cache.reads, statistics.page_cache.writes,
                           statistics.tlb_invalidations, os_.process_statistics().size());
    }

  private:
    struct Mapping {
        PageSpan span;
        bool object = false;
        bool huge = false;
    };
    struct Program {
        ProcessId id;
        std::vector<Mapping> mappings{};
        std::vector<PageSpan> gone{};  ///< nothing comes to these places any more
    };

    static hw::PagingParameters paging_of(const Setting& setting) {
        return {.asid_bits = setting.asid_bits};
    }
    static OsParameters parameters_of(const Setting& setting) {
        OsParameters parameters;
        parameters.implicit_mapping = false;
        parameters.zero_page = setting.zero_page;
        parameters.thp = setting.huge_pages;
        parameters.thp_defrag = setting.defrag;
        parameters.fragmentation_percent = setting.fragmentation_percent;
        parameters.fragmentation_movable = setting.fragmentation_movable;
        parameters.hugetlb.pages_2mib = setting.hugetlb_pages;
        parameters.user_frames = setting.user_frames;
        parameters.page_replacement = setting.policy;
        parameters.replacement_scope = setting.scope;
        parameters.readahead_pages = 8;
        parameters.swap = {.size_bytes = setting.swap_pages * page_bytes,
                           .readahead_pages = setting.swap_readahead};
        return parameters;
    }

    [[nodiscard]] tb::ContentsOracle& oracle() { return machine_.contents().programs(); }

    void new_process() {
        if (const auto id = os_.create_process("process")) {
            processes_.push_back({.id = *id});
            oracle().make_process(*id);
        }
    }

    void end_process(std::size_t index) {
        os_.exit(processes_[index].id);
        oracle().exit(processes_[index].id);
        processes_.erase(processes_.begin() + static_cast<std::ptrdiff_t>(index));
    }

    void step() {
        if (processes_.empty()) {
            new_process();
            return;
        }
        const std::size_t index = random_.below(processes_.size());
        Program& program = processes_[index];
        const std::uint64_t choice = random_.below(1000);
        if (program.mappings.empty() || choice < 12) {
            map(program);
        } else if (choice < 890) {
            access(index);
        } else if (choice < 900) {
            access_what_is_gone(program);
        } else if (choice < 912) {
            unmap(program);
        } else if (choice < 930) {
            protect(program);
        } else if (choice < 940) {
            move(program);
        } else if (choice < 975) {
            advise(program);
        } else if (choice < 985) {
            fork(program);
        } else if (choice < 990) {
            lock(program);
        } else if (choice < 995) {
            static_cast<void>(os_.sync_file(file_));
        } else if (choice < 998) {
            static_cast<void>(os_.drop_file(file_));
        } else {
            end_process(index);
        }
        os_.storage_done();
    }

    void map(Program& program) {
        if (setting_.hugetlb_pages > 0 && random_.below(2) == 0) {
            map_huge(program);
            return;
        }
        const std::uint64_t pages = 1 + random_.below(setting_.largest_mapping_pages);
        MapRequest request{.bytes = pages * page_bytes, .rights = {.read = true, .write = true}};
        request.sharing = random_.below(2) == 0 ? Sharing::private_ : Sharing::shared;
        const std::uint64_t backing = random_.below(3);
        if (backing == 0) {
            request.object = file_;
            request.offset_bytes = random_.below(45) * page_bytes;
        } else if (backing == 1 || request.sharing == Sharing::shared) {
            request.object = shared_;
            request.offset_bytes = random_.below(8) * page_bytes;
        }
        request.populate = random_.below(8) == 0;
        const auto mapped = os_.calls().map(program.id, request);
        if (const auto* const start = std::get_if<VirtualAddress>(&mapped)) {
            const PageSpan span{.start = *start, .end = *start + request.bytes};
            program.mappings.push_back({.span = span, .object = request.object.has_value()});
            for (const Region& region : os_.regions_of(program.id, span)) {
                oracle().map(program.id, region);
            }
            tell_of_copies(program);
        }
    }

    void map_huge(Program& program) {
        MapRequest request{.bytes = (1 + random_.below(2)) * 2_MiB,
                           .rights = {.read = true, .write = true},
                           .page_size = PageSize{21}};
        if (random_.below(2) == 0) {
            request.sharing = Sharing::shared;
            request.object = os_.objects().make_shared_memory("huge", request.bytes);
            oracle().make_shared_memory(*request.object);
        }
        const auto mapped = os_.calls().map(program.id, request);
        if (const auto* const start = std::get_if<VirtualAddress>(&mapped)) {
            const PageSpan span{.start = *start, .end = *start + request.bytes};
            program.mappings.push_back(
                {.span = span, .object = request.object.has_value(), .huge = true});
            oracle().map(program.id, os_.regions_of(program.id, span).front());
        }
    }

    // A part of one of the program's mappings, or the whole of it.
    [[nodiscard]] PageSpan some_span(const Program& program) {
        const Mapping& mapping = program.mappings[random_.below(program.mappings.size())];
        const PageSpan whole = mapping.span;
        const std::uint64_t unit = mapping.huge ? pages_per_huge_page * page_bytes : page_bytes;
        const std::uint64_t pages = (whole.end.value - whole.start.value) / unit;
        const std::uint64_t first = random_.below(2) == 0 ? 0 : random_.below(pages);
        const std::uint64_t count = 1 + random_.below(pages - first);
        return {.start = whole.start + first * unit, .end = whole.start + (first + count) * unit};
    }

    void access(std::size_t index) {
        const Program& program = processes_[index];
        const PageSpan span = some_span(program);
        const std::uint64_t words = (span.end.value - span.start.value) / 8;
        const VirtualAddress address = span.start + random_.below(words) * 8;
        const AccessType type = random_.below(2) == 0 ? AccessType::write : AccessType::read;
        const CheckedMachine::Access result = machine_.access(program.id, address, type);
        if (result.signal) {
            signals_.insert(*result.signal);
        }
        if (result.signal == Signal::kill) {
            end_process(index);
        }
    }

    void access_what_is_gone(const Program& program) {
        if (!program.gone.empty()) {
            const PageSpan span = program.gone[random_.below(program.gone.size())];
            REQUIRE(machine_.access(program.id, span.start, AccessType::read).signal ==
                    Signal::segv_maperr);
        }
    }

    void unmap(Program& program) {
        const std::size_t chosen = random_.below(program.mappings.size());
        const PageSpan span = program.mappings[chosen].span;
        REQUIRE_FALSE(os_.calls().unmap(program.id, span));
        oracle().unmap(program.id, span);
        program.mappings.erase(program.mappings.begin() + static_cast<std::ptrdiff_t>(chosen));
        program.gone.push_back(span);
    }

    void protect(Program& program) {
        constexpr std::array<Rights, 3> choices{Rights{}, Rights{.read = true},
                                                Rights{.read = true, .write = true}};
        const Rights rights = choices.at(random_.below(choices.size()));
        static_cast<void>(os_.calls().protect(program.id, some_span(program), rights));
    }

    void move(Program& program) {
        Mapping& mapping = program.mappings[random_.below(program.mappings.size())];
        const auto moved = os_.calls().move(program.id, mapping.span, std::nullopt);
        if (const auto* const start = std::get_if<VirtualAddress>(&moved)) {
            oracle().move(program.id, mapping.span, *start);
            program.gone.push_back(mapping.span);
            const std::uint64_t bytes = mapping.span.end.value - mapping.span.start.value;
            mapping.span = {.start = *start, .end = *start + bytes};
        }
    }

    void advise(Program& program) {
        const auto advice = static_cast<Advice>(random_.below(enumerator_count<Advice>));
        const PageSpan span = some_span(program);
        if (os_.calls().advise(program.id, span, advice)) {
            return;
        }
        if (advice == Advice::dontneed) {
            oracle().dontneed(program.id, span);
        } else if (advice == Advice::free) {
            oracle().free(program.id, span);
        }
    }

    void fork(const Program& program) {
        if (processes_.size() == setting_.most_processes) {
            return;
        }
        Program child = program;
        const auto forked = os_.fork(program.id, "child");
        if (const auto* const id = std::get_if<ProcessId>(&forked)) {
            child.id = *id;
            oracle().fork(program.id, *id);
            processes_.push_back(child);
        }
    }

    void lock(const Program& program) {
        const PageSpan span = some_span(program);
        if (random_.below(2) == 0 && !os_.calls().lock(program.id, span)) {
            tell_of_copies(program);
        }
        static_cast<void>(os_.calls().unlock(program.id, span));
    }

    void tell_of_copies(const Program& program) {
        for (const PageSpan span : os_.calls().copied()) {
            oracle().copy_private(program.id, span);
        }
    }

    // What the dead processes leave: pages on their way to swap, of the file and of shared memory.
    void drop_everything() {
        setting_.failures = false;
        machine_.finish_transfers();
        os_.storage_done();
        static_cast<void>(os_.drop_file(file_));
    }

    void check_counts() const {
        tests::check_accounts(os_);
        const OsStatistics statistics = os_.statistics();
        const FrameStatistics& frames = statistics.frames;
        REQUIRE(
            (setting_.user_frames == 0 || frames.anonymous + frames.file <= setting_.user_frames));
        REQUIRE(statistics.swap.pages_used <= setting_.swap_pages);
    }

    // What page tables say of each process is what was counted on the way.
    void check_memory() const {
        const std::vector<ProcessStatistics> processes = os_.process_statistics();
        const std::vector<ProcessMemory> memory = os_.process_memory();
        REQUIRE(memory.size() == processes.size());
        std::uint64_t anonymous = 0;
        for (std::size_t process = 0; process < memory.size(); ++process) {
            check_process(processes[process], memory[process]);
            anonymous += memory[process].smaps.pss_anon;
        }
        // Each process's share is cut to whole bytes, and each page's to 1/4096.
        const std::uint64_t mapped = os_.mapped_anonymous_frames() * page_bytes;
        REQUIRE(anonymous <= mapped);
        REQUIRE(anonymous + 2 * memory.size() >= mapped);
        const VmStatistics vmstat = os_.statistics().vmstat;
        const FrameStatistics frames = os_.statistics().frames;
        REQUIRE(vmstat.pgalloc - vmstat.pgfree ==
                frames.page_table + frames.anonymous + frames.file);
        REQUIRE(vmstat.pgsteal <= vmstat.pgscan);
    }

    static void check_process(const ProcessStatistics& process, const ProcessMemory& memory) {
        const SmapsStatistics& smaps = memory.smaps;
        REQUIRE(memory.statm.resident == process.rss_pages);
        REQUIRE(memory.statm.shared == process.shared_pages);
        REQUIRE(smaps.rss == process.rss_pages * page_bytes);
        REQUIRE(smaps.rss - smaps.anonymous == process.shared_pages * page_bytes);
        REQUIRE(smaps.swap >= process.swapped_pages * page_bytes);
        REQUIRE(smaps.shared_clean + smaps.shared_dirty + smaps.private_clean +
                    smaps.private_dirty ==
                smaps.rss);
        REQUIRE(smaps.pss <= smaps.rss);
        REQUIRE(smaps.size == memory.statm.total * page_bytes);
        const auto& levels = memory.page_tables.pages_by_level;
        REQUIRE(std::accumulate(levels.begin(), levels.end(), memory.page_tables.spare_pages) ==
                process.page_table_pages);
    }

    Setting setting_;
    Random random_;
    CheckedMachine machine_;
    OperatingSystem os_;
    ObjectId file_;
    ObjectId shared_;
    std::vector<Program> processes_;
    std::set<Signal> signals_;
};

}  // namespace

TEST_CASE("random programs under memory pressure find what they stored, by every policy") {
    const auto policy =
        GENERATE(PageReplacementPolicy::fifo, PageReplacementPolicy::clock,
                 PageReplacementPolicy::second_chance, PageReplacementPolicy::nfu,
                 PageReplacementPolicy::aging, PageReplacementPolicy::active_inactive);
    const auto scope = GENERATE(ReplacementScope::global, ReplacementScope::local);
    Soak soak({.policy = policy, .scope = scope}, 7);

    soak.run(8'000);

    CHECK(soak.os().statistics().evictions.dirty > 0);
    CHECK(soak.os().statistics().evictions.clean > 0);
    CHECK(soak.os().fault_statistics().major > 0);
}

TEST_CASE("random programs find what they stored with any swap, with and without ASIDs") {
    const auto swap_pages = GENERATE(std::uint64_t{0}, std::uint64_t{20}, std::uint64_t{1'000});
    const auto asid_bits = GENERATE(0U, 1U, 16U);
    const auto storage =
        GENERATE(CountingMachine::Storage::instant, CountingMachine::Storage::slow);
    Soak soak({.user_frames = 80,
               .swap_pages = swap_pages,
               .swap_readahead = swap_pages == 1'000 ? 8U : 0U,
               .zero_page = asid_bits != 1,
               .asid_bits = asid_bits,
               .storage = storage},
              11);

    soak.run(6'000);

    CHECK(soak.os().fault_statistics().by_kind[FaultKind::cow_copy] > 0);
}

TEST_CASE("random programs find what they stored in huge pages, whole and split") {
    const auto huge_pages = GENERATE(HugePages::madvise, HugePages::always);
    const auto zero_page = GENERATE(false, true);
    Soak soak({.user_frames = 0,
               .swap_pages = 4'000,
               .zero_page = zero_page,
               .huge_pages = huge_pages,
               .memory_bytes = 24_MiB,
               .largest_mapping_pages = 2'000},
              13);

    soak.run(6'000);

    CHECK(soak.os().fault_statistics().by_kind[FaultKind::cow_reuse] > 0);
}

TEST_CASE("random programs find what they stored when pages move for huge pages") {
    const auto percent = GENERATE(std::uint64_t{0}, std::uint64_t{60});
    const auto movable = GENERATE(false, true);
    const auto storage =
        GENERATE(CountingMachine::Storage::instant, CountingMachine::Storage::slow);
    Soak soak({.user_frames = 0,
               .swap_pages = 4'000,
               .huge_pages = HugePages::always,
               .defrag = HugePageDefrag::always,
               .fragmentation_percent = percent,
               .fragmentation_movable = movable,
               .memory_bytes = 12_MiB,
               .largest_mapping_pages = 1'500,
               .storage = storage},
              17);

    soak.run(6'000);

    const CompactionStatistics compaction = soak.os().statistics().compaction;
    CHECK(compaction.success > 0);
    CHECK(compaction.pages_moved > 0);
    CHECK(compaction.stall == compaction.success + compaction.fail);
}

TEST_CASE("random programs find what they stored in explicit huge pages beside all others") {
    const auto hugetlb_pages = GENERATE(std::uint64_t{3}, std::uint64_t{12});
    const auto huge_pages = GENERATE(HugePages::never, HugePages::always);
    Soak soak({.user_frames = 0,
               .swap_pages = 4'000,
               .huge_pages = huge_pages,
               .defrag = HugePageDefrag::always,
               .hugetlb_pages = hugetlb_pages,
               .memory_bytes = 48_MiB,
               .largest_mapping_pages = 1'500},
              19);

    soak.run(6'000);

    CHECK(soak.signals().contains(Signal::bus_adrerr));
    CHECK(soak.os().fault_statistics().by_kind[FaultKind::cow_copy] > 0);
}

TEST_CASE("when storage fails now and then, no page is lost that is not told of") {
    const auto seed = GENERATE(range(1, 9));
    Soak soak({.failures = true}, static_cast<std::uint64_t>(seed));

    soak.run(20'000);

    CHECK(soak.signals().contains(Signal::bus_adrerr));
}

TEST_CASE("the same seed does the same, another something else") {
    const auto counts_of = [](std::uint64_t seed) {
        Soak soak({}, seed);
        soak.run(2'000);
        return soak.counts();
    };

    CHECK(counts_of(3) == counts_of(3));
    CHECK(counts_of(3) != counts_of(4));
}

// A million in all. Each case is a test of its own, so that two can run at a time.
constexpr std::uint64_t quarter_of_a_million = 250'000;

TEST_CASE("a quarter of a million operations: active and inactive lists", "[.][soak]") {
    Soak soak({.policy = PageReplacementPolicy::active_inactive,
               .user_frames = 160,
               .swap_readahead = 8,
               .most_processes = 12},
              101);

    soak.run(quarter_of_a_million);

    CHECK(soak.os().statistics().evictions.dirty > 0);
}

TEST_CASE("a quarter of a million operations: storage that fails", "[.][soak]") {
    Soak soak({.policy = PageReplacementPolicy::second_chance,
               .scope = ReplacementScope::local,
               .failures = true,
               .most_processes = 12},
              102);

    soak.run(quarter_of_a_million);

    CHECK(soak.signals().contains(Signal::bus_adrerr));
}

TEST_CASE("a quarter of a million operations: huge pages", "[.][soak]") {
    Soak soak({.user_frames = 0,
               .swap_pages = 6'000,
               .huge_pages = HugePages::always,
               .memory_bytes = 24_MiB,
               .largest_mapping_pages = 2'000,
               .most_processes = 12},
              103);

    soak.run(quarter_of_a_million);

    CHECK(soak.os().statistics().evictions.dirty > 0);
}

TEST_CASE("a quarter of a million operations: hardly any swap", "[.][soak]") {
    Soak soak({.policy = PageReplacementPolicy::aging,
               .swap_pages = 24,
               .zero_page = false,
               .asid_bits = 0,
               .storage = CountingMachine::Storage::instant,
               .most_processes = 12},
              104);

    soak.run(quarter_of_a_million);

    CHECK(soak.signals().contains(Signal::kill));
}

}  // namespace mmusim::sw::random_system_calls_test
