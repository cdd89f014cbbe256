// SPDX-License-Identifier: Apache-2.0
// What if there is no frame, or storage does not do as it is asked: each scenario again and again,
// with the failure one allocation or one request later each time, until it is past the end.
#include "sw/operating_system.hpp"
#include "tests/sw/accounts.hpp"
#include "tests/sw/checked_machine.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mmusim::sw::failure_injection_test {

namespace {

using namespace mmusim::literals;
using tests::CheckedMachine;
using tests::CountingMachine;

constexpr PhysicalAddress base{0x8000'0000};
constexpr std::uint64_t file_pages = 7;
constexpr std::uint64_t shared_pages = 6;
constexpr Rights read_only{.read = true};
constexpr Rights read_write{.read = true, .write = true};

struct Setting {
    std::uint64_t user_frames = 0;
    std::uint64_t swap_pages = 0;
    std::uint64_t memory_bytes = 1_MiB;
    HugePages huge_pages = HugePages::never;
    CountingMachine::Storage storage = CountingMachine::Storage::instant;
};

enum class FailureOf : std::uint8_t { frames, storage };

/// `count` failures, the first after so many allocations or requests that succeed.
struct Failures {
    FailureOf what = FailureOf::frames;
    std::uint64_t after = 0;
    std::uint64_t count = 1;

    [[nodiscard]] bool hit(std::uint64_t number) const {
        return number >= after && number - after < count;
    }
};

constexpr std::uint64_t all_from_then_on = std::numeric_limits<std::uint64_t>::max();

class FailingMachine final : public CheckedMachine {
  public:
    FailingMachine(const hw::PagingParameters& paging, const Failures& failures)
        : CheckedMachine(paging), failures_(failures) {}

    [[nodiscard]] IoTicket transfer(const StorageTransfer& transfer) override {
        if (failures_.what == FailureOf::storage && failures_.hit(requests_)) {
            fail_next_transfer();
        }
        ++requests_;
        return CheckedMachine::transfer(transfer);
    }

    void fail_no_more() { failures_.count = 0; }
    [[nodiscard]] std::uint64_t requests() const { return requests_; }

  private:
    Failures failures_;
    std::uint64_t requests_ = 0;
};

/// What a scenario does. A process that has died does nothing any more.
class Day {
  public:
    struct Program {
        ProcessId id;
        bool alive = true;
    };

    Day(const Setting& setting, const Failures& failures)
        : failures_(failures),
          machine_({}, failures),
          os_(parameters_of(setting), {}, base, setting.memory_bytes, machine_) {
        machine_.boot(os_);
        machine_.storage = setting.storage;
        file = os_.objects().make_file("file", file_pages * page_bytes);
        shared = os_.objects().make_shared_memory("shared", shared_pages * page_bytes);
        oracle().make_file(file, file_pages * page_bytes, os_.objects()[file].first_storage_page);
        oracle().make_shared_memory(shared);
        if (failures.what == FailureOf::frames) {
            os_.fail_allocations(failures.after, failures.count);
        }
    }

    ObjectId file;
    ObjectId shared;

    Program create() {
        const std::optional<ProcessId> id = os_.create_process("program");
        outcomes_.insert(id ? "" : "no process");
        if (!id) {
            return {.id = {}, .alive = false};
        }
        oracle().make_process(*id);
        return programs_.emplace_back(Program{.id = *id});
    }

    Program fork(const Program& parent) {
        if (!alive(parent)) {
            return {.id = {}, .alive = false};
        }
        const std::uint64_t page_tables = os_.statistics().frames.page_table;
        const std::vector<Region> before = os_.regions_of(parent.id);
        const auto forked = os_.fork(parent.id, "child");
        tests::check_accounts(os_);
        if (const auto* const error = std::get_if<CallError>(&forked)) {
            outcomes_.emplace(name_of(*error));
            REQUIRE(error_of_memory(*error));
            REQUIRE(os_.statistics().frames.page_table == page_tables);
            REQUIRE(os_.regions_of(parent.id) == before);
            return {.id = {}, .alive = false};
        }
        const ProcessId child = std::get<ProcessId>(forked);
        oracle().fork(parent.id, child);
        return programs_.emplace_back(Program{.id = child});
    }

    PageSpan map(const Program& program, const MapRequest& request) {
        if (!alive(program)) {
            return {};
        }
        const auto mapped = os_.calls().map(program.id, request);
        tests::check_accounts(os_);
        const VirtualAddress start = std::get<VirtualAddress>(mapped);
        const PageSpan span{.start = start, .end = start + request.bytes};
        for (const Region& region : os_.regions_of(program.id, span)) {
            oracle().map(program.id, region);
        }
        tell_of_copies(program);
        return span;
    }

    /// Each page of the span once.
    void access(const Program& program, PageSpan span, AccessType type) {
        for (VirtualAddress address = span.start; address < span.end && alive(program);
             address = address + page_bytes) {
            touch(program, address, type);
            tests::check_accounts(os_);
        }
    }
    void read(const Program& program, PageSpan span) { access(program, span, AccessType::read); }
    void write(const Program& program, PageSpan span) { access(program, span, AccessType::write); }

    /// The span's new place.
    PageSpan move(const Program& program, PageSpan span) {
        if (!alive(program)) {
            return span;
        }
        const std::vector<Region> before = os_.regions_of(program.id);
        const auto moved = os_.calls().move(program.id, span, std::nullopt);
        tests::check_accounts(os_);
        if (const auto* const error = std::get_if<CallError>(&moved)) {
            outcomes_.emplace(name_of(*error));
            REQUIRE(error_of_memory(*error));
            REQUIRE(os_.regions_of(program.id) == before);
            return span;
        }
        const VirtualAddress to = std::get<VirtualAddress>(moved);
        oracle().move(program.id, span, to);
        return {.start = to, .end = to + (span.end.value - span.start.value)};
    }

    void grow(const Program& program, PageSpan& span, std::uint64_t pages) {
        if (call(program,
                 [&] { return os_.calls().resize(program.id, span, pages * page_bytes); })) {
            const PageSpan more{.start = span.end, .end = span.start + pages * page_bytes};
            for (const Region& region : os_.regions_of(program.id, more)) {
                oracle().map(program.id, region);
            }
            tell_of_copies(program);
            span.end = more.end;
        }
    }

    void unmap(const Program& program, PageSpan span) {
        if (call(program, [&] { return os_.calls().unmap(program.id, span); })) {
            oracle().unmap(program.id, span);
        }
    }

    void protect(const Program& program, PageSpan span, Rights rights) {
        call(program, [&] { return os_.calls().protect(program.id, span, rights); });
    }

    void lock(const Program& program, PageSpan span) {
        if (call(program, [&] { return os_.calls().lock(program.id, span); })) {
            tell_of_copies(program);
        }
    }

    void advise(const Program& program, PageSpan span, Advice advice) {
        call(program, [&] { return os_.calls().advise(program.id, span, advice); });
    }

    void sync(const Program& program, PageSpan span) {
        call(program, [&] { return os_.calls().sync(program.id, span); });
    }

    void drop_file() { note(os_.drop_file(file)); }

    void exit(const Program& program) {
        if (alive(program)) {
            os_.exit(program.id);
            ended(program.id);
        }
    }

    /// Whether there were fewer allocations or requests than were to succeed.
    [[nodiscard]] bool past_the_end() const {
        const std::uint64_t tried =
            failures_.what == FailureOf::frames ? os_.allocations_tried() : machine_.requests();
        return tried <= failures_.after;
    }

    /// Nothing fails any more. What was stored is found; what was taken is given back.
    void end() {
        os_.fail_allocations(0, 0);
        machine_.fail_no_more();
        const std::vector<Program> left = programs_;
        for (const Program& program : left) {
            read_all(program);
            exit(program);
        }
        REQUIRE_FALSE(os_.drop_file(file));
        const Program reader = create();
        read(reader, map(reader, {.bytes = file_pages * page_bytes,
                                  .rights = read_only,
                                  .sharing = Sharing::shared,
                                  .object = file}));
        REQUIRE(alive(reader));
        exit(reader);
        REQUIRE_FALSE(os_.drop_file(file));

        tests::check_accounts(os_);
        const OsStatistics statistics = os_.statistics();
        REQUIRE(statistics.frames.anonymous == 0);
        REQUIRE(statistics.frames.page_table == 0);
        // Nobody has taken shared memory away.
        const Object& object = os_.objects()[shared];
        REQUIRE(statistics.frames.file == object.cache.size());
        REQUIRE(statistics.swap.pages_used == object.swapped.size());
    }

    /// How calls and accesses ended.
    [[nodiscard]] const std::set<std::string>& outcomes() const { return outcomes_; }

  private:
    static OsParameters parameters_of(const Setting& setting) {
        OsParameters parameters;
        parameters.implicit_mapping = false;
        parameters.thp = setting.huge_pages;
        parameters.user_frames = setting.user_frames;
        parameters.page_replacement = PageReplacementPolicy::clock;
        parameters.readahead_pages = 4;
        parameters.swap.size_bytes = setting.swap_pages * page_bytes;
        return parameters;
    }

    [[nodiscard]] tb::ContentsOracle& oracle() { return machine_.contents().programs(); }

    void tell_of_copies(const Program& program) {
        for (const PageSpan span : os_.calls().copied()) {
            oracle().copy_private(program.id, span);
        }
    }

    [[nodiscard]] bool error_of_memory(CallError error) const {
        return failures_.count > 0 && error == CallError::enomem;
    }

    [[nodiscard]] bool alive(const Program& program) const {
        return program.alive &&
               std::any_of(programs_.begin(), programs_.end(),
                           [&](const Program& living) { return living.id == program.id; });
    }

    void ended(ProcessId id) {
        oracle().exit(id);
        std::erase_if(programs_, [id](const Program& program) { return program.id == id; });
        tests::check_accounts(os_);
    }

    void touch(const Program& program, VirtualAddress address, AccessType type) {
        const auto result = machine_.access(program.id, address, type);
        os_.storage_done();
        if (!result.signal) {
            return;
        }
        outcomes_.emplace(name_of(*result.signal));
        const bool storage_failed = failures_.what == FailureOf::storage;
        REQUIRE((result.signal == Signal::kill ||
                 (storage_failed && result.signal == Signal::bus_adrerr)));
        if (result.signal == Signal::kill) {
            os_.exit(program.id);
            ended(program.id);
        }
    }

    /// Whether the call succeeded.
    template <typename Call>
    bool call(const Program& program, Call call) {
        if (!alive(program)) {
            return false;
        }
        return note(call());
    }

    bool note(CallResult error) {
        os_.storage_done();
        tests::check_accounts(os_);
        if (error) {
            outcomes_.emplace(name_of(*error));
            REQUIRE((*error == CallError::enomem ||
                     (failures_.what == FailureOf::storage && *error == CallError::eio)));
        }
        return !error;
    }

    void read_all(const Program& program) {
        for (const Region& region : os_.regions_of(program.id)) {
            for (VirtualAddress address = region.start; address < region.end && alive(program);
                 address = address + page_bytes) {
                touch(program, address, AccessType::read);
            }
        }
        tests::check_accounts(os_);
    }

    Failures failures_;
    FailingMachine machine_;
    OperatingSystem os_;
    std::vector<Program> programs_;
    std::set<std::string> outcomes_;
};

using Scenario = void (*)(Day&);

// The outcomes of all its failures.
std::set<std::string> outcomes_of(Scenario scenario, const Setting& setting, FailureOf what) {
    constexpr std::uint64_t more_than_any_scenario_asks_for = 5'000;
    std::set<std::string> outcomes;
    for (const std::uint64_t count : {std::uint64_t{1}, all_from_then_on}) {
        for (std::uint64_t after = 0;; ++after) {
            REQUIRE(after < more_than_any_scenario_asks_for);
            INFO((count == 1 ? "one failure" : "all fail") << " after " << after);
            Day day(setting, {.what = what, .after = after, .count = count});
            scenario(day);
            const bool past_the_end = day.past_the_end();
            day.end();
            outcomes.insert(day.outcomes().begin(), day.outcomes().end());
            if (past_the_end) {
                break;
            }
        }
    }
    return outcomes;
}

MapRequest anonymous(std::uint64_t pages) {
    return {.bytes = pages * page_bytes, .rights = read_write};
}

void fork_and_write(Day& day) {
    const Day::Program parent = day.create();
    const PageSpan span = day.map(parent, anonymous(6));
    day.write(parent, span);
    const Day::Program child = day.fork(parent);
    day.write(child, span);
    const Day::Program grandchild = day.fork(child);
    day.read(grandchild, span);
    day.write(parent, span);
    day.exit(child);
    day.write(grandchild, span);
}

void write_files(Day& day) {
    const Day::Program writer = day.create();
    const PageSpan shared = day.map(writer, {.bytes = file_pages * page_bytes,
                                             .rights = read_write,
                                             .sharing = Sharing::shared,
                                             .object = day.file});
    day.write(writer, shared);
    day.sync(writer, shared);
    day.write(writer, {.start = shared.start, .end = shared.start + 3 * page_bytes});
    const Day::Program other = day.create();
    const PageSpan own = day.map(other, {.bytes = file_pages * page_bytes,
                                         .rights = read_write,
                                         .sharing = Sharing::private_,
                                         .object = day.file});
    day.read(other, own);
    day.write(other, {.start = own.start, .end = own.start + 2 * page_bytes});
    day.unmap(writer, shared);
    day.drop_file();
    day.read(other, own);
}

void swap_and_share(Day& day) {
    const Day::Program parent = day.create();
    const PageSpan span = day.map(parent, anonymous(14));
    day.write(parent, span);
    day.read(parent, span);
    const Day::Program child = day.fork(parent);
    day.read(child, span);
    day.write(child, {.start = span.start, .end = span.start + 5 * page_bytes});
    day.advise(parent, span, Advice::pageout);
    day.advise(parent, span, Advice::willneed);
    day.write(parent, span);
    day.exit(child);
    day.read(parent, span);
}

void share_memory(Day& day) {
    const MapRequest request{.bytes = shared_pages * page_bytes,
                             .rights = read_write,
                             .sharing = Sharing::shared,
                             .object = day.shared};
    const Day::Program one = day.create();
    const PageSpan of_one = day.map(one, request);
    day.write(one, of_one);
    const Day::Program other = day.create();
    const PageSpan of_other = day.map(other, request);
    const PageSpan own = day.map(other, anonymous(8));
    day.write(other, own);
    day.write(other, of_other);
    day.read(one, of_one);
    day.read(other, own);
}

void move_and_grow(Day& day) {
    const Day::Program program = day.create();
    PageSpan span = day.map(program, anonymous(4));
    day.write(program, span);
    span = day.move(program, span);
    day.read(program, span);
    day.grow(program, span, 7);
    day.write(program, span);
    const Day::Program child = day.fork(program);
    const PageSpan of_child = span;
    span = day.move(program, span);
    day.write(program, span);
    day.unmap(program, {.start = span.start, .end = span.start + 2 * page_bytes});
    day.protect(program, {.start = span.start + 2 * page_bytes, .end = span.end}, read_only);
    day.read(child, of_child);
}

void populate_and_lock(Day& day) {
    const Day::Program program = day.create();
    MapRequest request = anonymous(5);
    request.populate = true;
    const PageSpan populated = day.map(program, request);
    day.map(program, {.bytes = file_pages * page_bytes,
                      .rights = read_only,
                      .sharing = Sharing::shared,
                      .object = day.file,
                      .populate = true});
    request.populate = false;
    request.locked = true;
    PageSpan locked = day.map(program, request);
    day.write(program, populated);
    day.grow(program, locked, 7);
    day.lock(program, populated);
    const Day::Program child = day.fork(program);
    day.write(child, locked);
    day.write(program, locked);
}

void use_huge_pages(Day& day) {
    constexpr std::uint64_t huge_pages = 2 * 512;
    const Day::Program parent = day.create();
    const PageSpan span = day.map(parent, anonymous(huge_pages));
    const auto some = [&](std::uint64_t first, std::uint64_t pages) {
        return PageSpan{.start = span.start + first * page_bytes,
                        .end = span.start + (first + pages) * page_bytes};
    };
    day.write(parent, some(0, 3));
    day.write(parent, some(600, 2));
    const Day::Program child = day.fork(parent);
    day.write(child, some(1, 2));
    day.write(parent, some(601, 1));
    day.protect(child, some(700, 20), read_only);
    day.unmap(child, some(300, 4));
    day.move(parent, some(0, 512));
    day.exit(parent);
    day.write(child, some(2, 2));
}

}  // namespace

TEST_CASE("where no frame is to be had a call fails or a program is killed, and nothing is lost") {
    struct Row {
        std::string name;
        Scenario scenario = nullptr;
        Setting setting{};
    };
    const Setting crowded{.user_frames = 9, .swap_pages = 40};
    const std::vector<Row> rows{
        {"fork and write", fork_and_write},
        {"fork and write, crowded", fork_and_write, crowded},
        {"write files", write_files},
        {"write files, crowded", write_files, crowded},
        {"swap and share", swap_and_share, crowded},
        {"share memory", share_memory, crowded},
        {"move and grow", move_and_grow},
        {"move and grow, crowded", move_and_grow, crowded},
        {"populate and lock", populate_and_lock},
        {"huge pages", use_huge_pages, {.memory_bytes = 24_MiB, .huge_pages = HugePages::always}},
    };
    const auto storage =
        GENERATE(CountingMachine::Storage::instant, CountingMachine::Storage::slow);

    for (const Row& row : rows) {
        INFO(row.name);
        Setting setting = row.setting;
        setting.storage = storage;

        const std::set<std::string> outcomes =
            outcomes_of(row.scenario, setting, FailureOf::frames);

        CHECK(outcomes.contains("no process"));
        CHECK(outcomes.contains("SIGKILL"));
    }
}

TEST_CASE("where storage fails a call says so or a program gets a signal, and nothing is lost") {
    struct Row {
        std::string name;
        Scenario scenario = nullptr;
        std::set<std::string> outcomes{};
    };
    const std::vector<Row> rows{
        {"write files", write_files, {"EIO", "SIGBUS ADRERR"}},
        {"swap and share", swap_and_share, {"SIGBUS ADRERR", "SIGKILL"}},
        {"share memory", share_memory, {"SIGBUS ADRERR", "SIGKILL"}},
        {"populate and lock", populate_and_lock, {"SIGBUS ADRERR", "SIGKILL"}},
    };
    const auto storage =
        GENERATE(CountingMachine::Storage::instant, CountingMachine::Storage::slow);

    for (const Row& row : rows) {
        INFO(row.name);
        const Setting setting{.user_frames = 9, .swap_pages = 40, .storage = storage};

        const std::set<std::string> outcomes =
            outcomes_of(row.scenario, setting, FailureOf::storage);

        CHECK(std::includes(outcomes.begin(), outcomes.end(), row.outcomes.begin(),
                            row.outcomes.end()));
    }
}

TEST_CASE("where swap is too small programs are killed, and nothing is lost") {
    for (std::uint64_t pages = 0; pages < 40; ++pages) {
        INFO(pages << " pages of swap");
        for (const Scenario scenario : {swap_and_share, share_memory, fork_and_write}) {
            Day day({.user_frames = 9, .swap_pages = pages}, {.count = 0});
            scenario(day);
            day.end();
        }
    }
}

}  // namespace mmusim::sw::failure_injection_test
