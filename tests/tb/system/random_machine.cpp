// SPDX-License-Identifier: Apache-2.0
#include "tests/tb/system/random_machine.hpp"

#include "tests/support/child_process.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/system/laws.hpp"
#include "tests/tb/system/translation_rows.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string_view>

namespace mmusim::tests {

namespace {

// Below 2 GiB, the user half of the smallest mode.
constexpr std::uint64_t heap_start = 0x1000'0000;
constexpr std::uint64_t far_heap_start = 0x5000'0000;
constexpr std::uint64_t text_start = 0x40'0000;
constexpr std::uint64_t outside = 0x7000'0000;
constexpr std::uint64_t pages_per_region = 700;

std::string chosen(Random& random, const std::vector<std::string>& choices) {
    return choices[random.below(choices.size())];
}

bool once_in(Random& random, std::uint64_t times) {
    return random.below(times) == 0;
}

class Settings {
  public:
    template <typename Value>
    void set(std::string_view key, const Value& value) {
        settings_.push_back(fmt::format("{}={}", key, value));
    }

    [[nodiscard]] std::vector<std::string> take() && { return std::move(settings_); }

  private:
    std::vector<std::string> settings_;
};

void set_tlb(Random& random, const std::string& name, Settings& settings) {
    const std::string key = "tlbs." + name + ".";
    settings.set(key + "sets", 1 + random.below(20));
    settings.set(key + "ways", 1 + random.below(8));
    settings.set(key + "replacement", chosen(random, {"lru", "fifo", "random"}));
    settings.set(key + "hit_latency_cycles", random.below(10));
    settings.set(key + "mshrs", 1 + random.below(4));
    settings.set(key + "ports", 1 + random.below(3));
    settings.set(key + "hit_under_miss", chosen(random, {"true", "false"}));
    settings.set(key + "perfect", once_in(random, 8) ? "true" : "false");
}

// What the second level owes the first.
void set_inclusion(Random& random, Settings& settings) {
    settings.set("tlbs.l2.inclusion", chosen(random, {"independent", "independent", "inclusive",
                                                      "exclusive", "victim"}));
}

void set_core(Random& random, Settings& settings) {
    const bool blocking = once_in(random, 3);
    settings.set("cpu.max_outstanding", blocking ? 1 : 1 + random.below(24));
    settings.set("cpu.issue_per_cycle", 1 + random.below(4));
}

void set_walk_cache(Random& random, Settings& settings) {
    settings.set("walk_cache.enabled", chosen(random, {"true", "false"}));
    settings.set("walk_cache.perfect", once_in(random, 4) ? "true" : "false");
    settings.set("walk_cache.kind", chosen(random, {"per_level", "entries"}));
    settings.set("walk_cache.lookup_cycles", random.below(3));
    settings.set("walk_cache.level1.sets", 1 + random.below(3));
    settings.set("walk_cache.level1.ways", random.below(4));
    settings.set("walk_cache.level2.ways", random.below(4));
    settings.set("walk_cache.entries.ways", 1 + random.below(8));
}

// Two levels mostly; sometimes one, three, or one first level for both sides.
void set_hierarchy(Random& random, bool sv32, Settings& settings) {
    std::vector<std::string> names{"l1i", "l1d"};
    switch (random.below(5)) {
        case 0:
            settings.set("tlbs.l2", "null");
            settings.set("tlbs.l1i.next", "walker");
            settings.set("tlbs.l1d.next", "walker");
            break;
        case 1:
            set_inclusion(random, settings);
            names.insert(names.end(), {"l2", "l3"});
            settings.set("tlbs.l3", R"({"next": "walker"})");
            settings.set("tlbs.l2.next", "l3");
            break;
        case 2:
            names.insert(names.end(), {"l2"});
            settings.set("cpu.fetch_tlb", "l1d");
            break;
        default: set_inclusion(random, settings); names.insert(names.end(), {"l2"});
    }
    for (const std::string& name : names) {
        set_tlb(random, name, settings);
    }
    if (once_in(random, 4) && names.size() > 2) {
        settings.set("tlbs.l2.same_level", true);
    }
    if (once_in(random, 6)) {
        // None of the pages is so large.
        settings.set("tlbs.l1d.page_sizes", sv32 ? R"(["4MiB"])" : R"(["2MiB"])");
    }
}

void set_paging(Random& random, const std::string& mode, Settings& settings) {
    settings.set("paging.mode", mode);
    settings.set("paging.ad_update", chosen(random, {"hardware", "fault"}));
    settings.set("paging.svnapot", chosen(random, {"true", "false"}));
    settings.set("paging.asid_bits", chosen(random, {"0", "1", mode == "sv32" ? "9" : "16"}));
}

void set_memory(Random& random, Settings& settings) {
    settings.set("memory.kind", chosen(random, {"fixed", "dram"}));
    settings.set("memory.latency_cycles", random.below(200));
    settings.set("memory.size_bytes", "256MiB");
    settings.set("memory.dram.banks", 1 + random.below(8));
    settings.set("memory.dram.bank_groups", 1);
    settings.set("memory.dram.channels", 1 + random.below(3));
    settings.set("memory.dram.standard",
                 chosen(random, {"custom", "DDR4-2400", "DDR5-4800", "LPDDR4-3200"}));
    settings.set("memory.dram.row_policy", chosen(random, {"open", "closed"}));
    settings.set("memory.dram.scheduler", chosen(random, {"fcfs", "fr_fcfs"}));
    settings.set("memory.dram.read_queue_entries", 1 + random.below(4));
    settings.set("memory.dram.write_queue_entries", 3 + random.below(10));
    settings.set("memory.dram.write_high_watermark", 1 + random.below(3));
    settings.set("memory.dram.write_low_watermark", random.below(2));
    settings.set("memory.dram.timing.burst_cycles", 1 + random.below(20));
    settings.set("walker.count", 1 + random.below(4));
    settings.set("walker.start_cycles", random.below(4));
    settings.set("walker.step_cycles", random.below(4));
    settings.set("walker.finish_cycles", random.below(4));
    settings.set("walker.perfect_reads", once_in(random, 5) ? "true" : "false");
    settings.set("walker.perfect_read_cycles", random.below(4));
    settings.set("clock.period_ps", chosen(random, {"1", "333", "1000"}));
}

// None, one, or two of them in a chain; the walker and the software may begin at different ones.
// Returns what a port may lead to.
std::vector<std::string> set_caches(Random& random, Settings& settings) {
    const std::uint64_t count = random.below(3);
    std::vector<std::string> ports{"memory"};
    for (std::uint64_t number = 0; number < count; ++number) {
        const std::string name = fmt::format("c{}", number);
        const std::string key = "caches." + name + ".";
        settings.set(key + "sets", 1 + random.below(70));
        settings.set(key + "ways", 1 + random.below(5));
        settings.set(key + "line_bytes", chosen(random, {"32", "64", "128"}));
        settings.set(key + "replacement", chosen(random, {"lru", "fifo", "random"}));
        settings.set(key + "hit_latency_cycles", random.below(12));
        settings.set(key + "mshrs", 1 + random.below(3));
        settings.set(key + "write_back", chosen(random, {"true", "true", "false"}));
        settings.set(key + "next", ports.back());
        ports.push_back(name);
    }
    settings.set("walker.memory_port", chosen(random, ports));
    settings.set("cpu.software_port", chosen(random, ports));
    return ports;
}

void set_data_path(Random& random, const std::vector<std::string>& ports, Settings& settings) {
    settings.set("cpu.data_path", chosen(random, {"translate-only", "memory"}));
    settings.set("cpu.fetch_port", chosen(random, ports));
    settings.set("cpu.data_port", chosen(random, ports));
}

void set_operating_system(Random& random, Settings& settings) {
    for (const std::string_view phase :
         {"fault_entry_cycles", "region_lookup_cycles", "frame_allocation_cycles",
          "frame_clear_cycles", "page_table_cycles", "fence_cycles", "fault_return_cycles"}) {
        settings.set(fmt::format("os.{}", phase), random.below(50));
    }
    settings.set("os.implicit_mapping", "false");
    settings.set("os.zero_page", chosen(random, {"true", "false"}));
    settings.set("os.memory_accesses", chosen(random, {"posted", "blocking", "instant"}));
    settings.set("os.scheduler.time_slice_cycles", 1 + random.below(5'000));
    settings.set("os.scheduler.context_switch_cycles", random.below(500));
    settings.set("seed", random.below(1'000));
}

void set_hardware(Random& random, std::string_view mode, Settings& settings) {
    set_hierarchy(random, mode == "sv32", settings);
    set_memory(random, settings);
    set_walk_cache(random, settings);
    set_core(random, settings);
    const std::vector<std::string> ports = set_caches(random, settings);
    set_data_path(random, ports, settings);
    settings.set("stats.miss_kinds", true);
}

Access random_access(Random& random) {
    const auto size_bytes = static_cast<std::uint32_t>(1 + random.below(16));
    if (once_in(random, 3)) {
        const std::uint64_t page = random.below(20);
        return {.address = {text_start + page * page_bytes + random.below(page_bytes - 16)},
                .size_bytes = size_bytes,
                .type = AccessType::fetch};
    }
    const std::uint64_t start = once_in(random, 4) ? far_heap_start : heap_start;
    const std::uint64_t pages = once_in(random, 3) ? pages_per_region : 30;
    return {.address = {start + random.below(pages) * page_bytes + random.below(page_bytes - 16)},
            .size_bytes = size_bytes,
            .type = once_in(random, 3) ? AccessType::write : AccessType::read};
}

// Its last byte may be in the next page, which is in the same region.
Access crossing_access(Random& random) {
    return {.address = {heap_start + (1 + random.below(40)) * page_bytes - 3},
            .size_bytes = 8,
            .type = AccessType::write};
}

std::vector<sw::Region> usual_regions() {
    const auto region = [](std::uint64_t start, sw::Rights rights) {
        return sw::Region{
            .start = {start}, .end = {start + pages_per_region * page_bytes}, .rights = rights};
    };
    constexpr sw::Rights read_write{.read = true, .write = true};
    constexpr sw::Rights read_execute{.read = true, .execute = true};
    return {region(text_start, read_execute), region(heap_start, read_write),
            region(far_heap_start, read_write)};
}

TestProgram random_program(Random& random) {
    TestProgram program{.name = "well-behaved", .accesses = {}, .regions = usual_regions()};
    const std::uint64_t count = 500 + random.below(3'000);
    while (program.accesses.size() < count) {
        program.accesses.push_back(once_in(random, 20) ? crossing_access(random)
                                                       : random_access(random));
    }
    const auto somewhere =
        program.accesses.begin() + static_cast<std::ptrdiff_t>(random.below(count));
    switch (random.below(5)) {
        case 0:
            program.name = "strays";
            program.accesses.insert(somewhere, Access{.address = {outside}, .size_bytes = 8});
            break;
        case 1:
            program.name = "scribbles";
            program.accesses.insert(
                somewhere,
                Access{.address = {text_start}, .size_bytes = 8, .type = AccessType::write});
            break;
        case 2:
            // The first half is in the region, the second is not.
            program.name = "runs over";
            program.accesses.insert(
                somewhere, Access{.address = {heap_start + pages_per_region * page_bytes - 4},
                                  .size_bytes = 8});
            break;
        case 3:
            // The other way round.
            program.name = "runs in";
            program.accesses.insert(somewhere,
                                    Access{.address = {heap_start - 4}, .size_bytes = 8});
            break;
        default: break;
    }
    return program;
}

// Follows one program through its address space.
class FateTeller {
  public:
    FateTeller(const TestProgram& program, bool zero_page)
        : program_(program), zero_page_(zero_page) {}

    [[nodiscard]] Fate tell() {
        for (const Access& access : program_.accesses) {
            ++fate_.accesses;
            touch(access.address, access.type);
            if (!fate_.signal && access.crosses_page()) {
                touch({access.address.value + access.size_bytes - 1}, access.type);
            }
            if (fate_.signal) {
                break;
            }
        }
        // A process that is ended by a signal keeps nothing.
        fate_.resident_pages = fate_.signal ? 0 : owned_.size();
        fate_.touched_pages.assign(touched_.begin(), touched_.end());
        return fate_;
    }

  private:
    void touch(VirtualAddress address, AccessType type) {
        const auto region =
            std::find_if(program_.regions.begin(), program_.regions.end(),
                         [address](const sw::Region& candidate) {
                             return candidate.start <= address && address < candidate.end;
                         });
        if (region == program_.regions.end()) {
            fate_.signal = sw::Signal::segv_maperr;
            return;
        }
        const bool allowed = type == AccessType::write   ? region->rights.write
                             : type == AccessType::fetch ? region->rights.execute
                                                         : region->rights.read;
        if (!allowed) {
            fate_.signal = sw::Signal::segv_accerr;
            return;
        }
        make_present(page_number_of(address).value, type == AccessType::write);
    }

    void make_present(std::uint64_t page, bool write) {
        const bool first_touch = touched_.insert(page).second;
        const bool needs_frame = !owned_.contains(page) && (write || !zero_page_);
        if (first_touch || needs_frame) {
            ++fate_.minor_faults;
        }
        if (needs_frame) {
            owned_.insert(page);
        }
    }

    const TestProgram& program_;
    bool zero_page_;
    std::set<std::uint64_t> touched_;
    std::set<std::uint64_t> owned_;
    Fate fate_;
};

using Surprises = std::vector<std::string>;

template <typename Thing>
std::string text_of(const Thing& thing) {
    std::ostringstream text;
    text << thing;
    return text.str();
}

// Where accesses overlap, later ones may have been made when one of them ends the program.
std::uint64_t accesses_without_later_ones(std::uint64_t found, const Fate& expected,
                                          bool overlaps) {
    const bool later_ones = overlaps && expected.signal && found > expected.accesses;
    return later_ones ? expected.accesses : found;
}

void compare_fates(const tb::RunResult& result, const std::vector<Fate>& expected, bool overlaps,
                   Surprises& surprises) {
    for (std::size_t number = 0; number < expected.size(); ++number) {
        const sw::ProcessStatistics& process = result.processes.at(number);
        const Fate found{
            .accesses = accesses_without_later_ones(process.accesses, expected[number], overlaps),
            .minor_faults = process.minor,
            .resident_pages = process.rss_pages,
            .signal = process.signal,
            .touched_pages = expected[number].touched_pages};
        if (found != expected[number]) {
            surprises.push_back(fmt::format("process {} ({}): {}, expected {}", number,
                                            process.name, text_of(found),
                                            text_of(expected[number])));
        }
    }
}

// In a single process: which pages got an address, and no frame for two of them but the zero page.
void compare_pages(const std::vector<TranslationRow>& rows, const Fate& expected, bool zero_page,
                   Surprises& surprises) {
    std::map<std::uint64_t, std::uint64_t> frames;
    for (const TranslationRow& row : rows) {
        if (row.physical_address) {
            frames[page_number_of(row.virtual_address).value] =
                page_number_of(*row.physical_address).value;
        }
    }
    std::vector<std::uint64_t> pages;
    std::set<std::uint64_t> different_frames;
    for (const auto& [page, frame] : frames) {
        pages.push_back(page);
        different_frames.insert(frame);
    }
    if (pages != expected.touched_pages) {
        surprises.push_back(fmt::format("{} pages were translated, expected {}", pages.size(),
                                        expected.touched_pages.size()));
    }
    if (!zero_page && different_frames.size() != pages.size()) {
        surprises.emplace_back("two pages share a frame");
    }
}

// The laws, and the fates of the programs.
Surprises judge(const tb::Configuration& configuration, const std::vector<TestProgram>& programs,
                const std::string& log) {
    const bool zero_page = configuration.os.zero_page;
    std::vector<Fate> expected;
    expected.reserve(programs.size());
    for (const TestProgram& program : programs) {
        expected.push_back(fate_of(program, zero_page));
    }
    MachineFigures machine;
    const tb::RunResult result =
        run(configuration, programs, {.translation_log = log, .check = true},
            [&](const auto& system) { machine = machine_figures(configuration, system); });

    Surprises surprises = broken_laws(configuration, result, machine);
    compare_fates(result, expected, configuration.cpu.max_outstanding > 1, surprises);
    if (programs.size() == 1) {
        compare_pages(read_translation_rows(log), expected.front(), zero_page, surprises);
    }
    return surprises;
}

}  // namespace

std::vector<std::string> random_hardware_settings(Random& random, std::string_view mode) {
    Settings settings;
    set_hardware(random, mode, settings);
    return std::move(settings).take();
}

std::vector<std::string> random_settings(Random& random) {
    Settings settings;
    const std::string mode = chosen(random, {"sv39", "sv39", "sv39", "sv48", "sv57", "sv32"});
    set_paging(random, mode, settings);
    set_hardware(random, mode, settings);
    set_operating_system(random, settings);
    return std::move(settings).take();
}

std::vector<TestProgram> random_programs(Random& random) {
    std::vector<TestProgram> programs;
    const std::uint64_t count = 1 + random.below(4);
    while (programs.size() < count) {
        programs.push_back(random_program(random));
    }
    return programs;
}

std::ostream& operator<<(std::ostream& stream, const Fate& fate) {
    return stream << fate.accesses << " accesses, " << fate.minor_faults << " minor faults, "
                  << fate.resident_pages << " resident pages, "
                  << (fate.signal ? name_of(*fate.signal) : "no signal");
}

Fate fate_of(const TestProgram& program, bool zero_page) {
    return FateTeller(program, zero_page).tell();
}

std::string surprises_of_random_run(std::uint64_t seed) {
    // The same programs meet many machines.
    constexpr std::uint64_t different_programs = 12;
    Random machines(seed);
    Random programs(seed % different_programs);
    const tb::Configuration configuration = plain_machine(random_settings(machines));
    const std::vector<TestProgram> chosen_programs = random_programs(programs);
    const ScratchDirectory directory;
    return in_child_process([&] {
        const Surprises surprises =
            judge(configuration, chosen_programs, directory.path_of("translations.csv"));
        return fmt::format("{}", fmt::join(surprises, "\n"));
    });
}

}  // namespace mmusim::tests
