// SPDX-License-Identifier: Apache-2.0
#include "tb/events/events_file.hpp"

#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace mmusim::tests::events_file_test {

namespace {

using nlohmann::json;

const hw::TranslationRequest load{
    .address = {0x4000'1238}, .type = AccessType::read, .context = {.asid = {7}}};
const LatencyRecord no_latency;

constexpr hw::TranslatedPage page{
    .physical_page = {0x81234}, .size = base_page_size, .flags = {0xd7}};

void look_up(tb::RunObserver& run, unsigned level, hw::LookupResult result, std::uint64_t from,
             std::uint64_t until) {
    run.looked_up({.translation = {2},
                   .request = load,
                   .tlb = level == 1 ? "l1d" : "l2",
                   .level = level,
                   .set = 1,
                   .result = result,
                   .from = {from},
                   .until = {until}});
}

void end(tb::RunObserver& run, hw::Outcome outcome, unsigned levels, std::uint64_t issued,
         std::uint64_t done) {
    run.translation_ended({.process = {1},
                           .translation = {2},
                           .access = 5,
                           .request = load,
                           .page = page,
                           .outcome = outcome,
                           .levels = levels,
                           .issued = {issued},
                           .done = {done},
                           .latency = no_latency});
}

void first_hit(tb::RunObserver& run, std::uint64_t cycle) {
    look_up(run, 1, hw::LookupResult::hit, cycle, cycle + 1);
    end(run, hw::Outcome::hit, 1, cycle, cycle + 1);
}

void second_hit(tb::RunObserver& run, std::uint64_t cycle) {
    look_up(run, 1, hw::LookupResult::miss, cycle, cycle + 1);
    look_up(run, 2, hw::LookupResult::hit, cycle + 1, cycle + 8);
    end(run, hw::Outcome::hit, 2, cycle, cycle + 8);
}

/// The file of a run of two processes, of which it was told this much.
template <typename Tell>
json file_of(tb::EventsRequest request, Tell tell) {
    const ScratchDirectory directory;
    request.path = directory.path_of("events.json");
    tb::EventsFile file(request, {}, 250);
    file.observer().measurement_begun();
    tell(file.observer());
    file.commit({{.name = "one", .asid = {1}}, {.name = "t\xff\"wo", .asid = {7}}});
    return json::parse(directory.contents_of("events.json"));
}

std::vector<std::string> names_of_slices(const json& file) {
    std::vector<std::string> names;
    for (const json& event : file.at("traceEvents")) {
        if (event.at("ph") == "X") {
            names.push_back(event.at("name"));
        }
    }
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a walk is a slice, with a slice for each of its entries in it") {
    const json file = file_of({}, [](tb::RunObserver& run) {
        look_up(run, 1, hw::LookupResult::miss, 100, 101);
        run.walk_begun({.translation = {2}, .request = load, .walker = 1, .at = {101}});
        run.entry_wanted({.translation = {2}, .level = 0, .address = {0x2008}, .at = {101}});
        run.spent(
            {.translation = {2}, .stage = Stage::walk_overhead, .from = {101}, .until = {103}});
        run.entry_read({.translation = {2},
                        .level = 0,
                        .address = {0x2008},
                        .entry = {{0x2048d0d7}},
                        .from = {103},
                        .until = {123},
                        .waiting = {5}});
        run.walk_ended({.translation = {2}, .request = load, .page = page, .at = {123}});
        end(run, hw::Outcome::walk, 1, 100, 123);
    });
    const json& events = file.at("traceEvents");
    CHECK(events[0] == json{{"name", "thread_name"},
                            {"ph", "M"},
                            {"pid", 2},
                            {"tid", 3},
                            {"args", {{"name", "access slot 2"}}}});
    CHECK(events[1] == json{{"name", "walk"},
                            {"cat", "translation"},
                            {"ph", "X"},
                            {"ts", 100},
                            {"dur", 23},
                            {"pid", 2},
                            {"tid", 3},
                            {"args",
                             {{"access", 5},
                              {"type", "read"},
                              {"virtual_address", "0x40001238"},
                              {"asid", 7},
                              {"physical_address", "0x81234238"},
                              {"page", "4KiB page at 0x81234000"},
                              {"flags", "VRW-U-AD"}}}});
    CHECK(events[2] == json{{"name", "l1d miss"},
                            {"cat", "first_tlb_lookup"},
                            {"ph", "X"},
                            {"ts", 100},
                            {"dur", 1},
                            {"pid", 2},
                            {"tid", 3},
                            {"args", {{"set", 1}}}});
    CHECK(events[3] == json{{"name", "walk"},
                            {"cat", "walk"},
                            {"ph", "X"},
                            {"ts", 101},
                            {"dur", 22},
                            {"pid", 2},
                            {"tid", 3},
                            {"args",
                             {{"walker", 1},
                              {"end", "completed"},
                              {"end_level", 0},
                              {"page", "4KiB page at 0x81234000"}}}});
    CHECK(events[4] == json{{"name", "level 0"},
                            {"cat", "level"},
                            {"ph", "X"},
                            {"ts", 101},
                            {"dur", 22},
                            {"pid", 2},
                            {"tid", 3},
                            {"args",
                             {{"entry_address", "0x2008"},
                              {"entry", "0x000000002048d0d7"},
                              {"flags", "VRW-U-AD"},
                              {"leads_to", "4KiB page at 0x81234000"}}}});
    CHECK(events[6] == json{{"name", "pte_read"},
                            {"cat", "pte_read"},
                            {"ph", "X"},
                            {"ts", 103},
                            {"dur", 20},
                            {"pid", 2},
                            {"tid", 3},
                            {"args", {{"waiting", 5}}}});
    CHECK(events[7] == json{{"name", "process_name"},
                            {"ph", "M"},
                            {"pid", 2},
                            {"args", {{"name", "t\xef\xbf\xbd\"wo, ASID 7"}}}});
    CHECK(events.size() == 8);
    CHECK(file.at("otherData").at("cycle_picoseconds") == 250);
}

TEST_CASE("a page fault is a slice of its stages, its time in storage and its wait for a turn") {
    const json file = file_of({}, [](tb::RunObserver& run) {
        look_up(run, 1, hw::LookupResult::miss, 0, 1);
        run.fault_begun(
            {.process = {1}, .translation = {2}, .fault = {.address = load.address}, .at = {1}});
        run.fault_worked(
            {.translation = {2}, .stage = Stage::fault_entry, .from = {1}, .until = {11}});
        run.fault_waited({.process = {1},
                          .translation = {2},
                          .from = {11},
                          .storage_done = {111},
                          .until = {131},
                          .service = {80}});
        run.fault_ended({.process = {1},
                         .translation = {2},
                         .outcome = {.kind = sw::FaultKind::file_major},
                         .at = {131}});
        look_up(run, 1, hw::LookupResult::hit, 131, 132);
        end(run, hw::Outcome::major_fault, 1, 0, 132);
    });
    CHECK(names_of_slices(file) == Names{"major_fault", "l1d miss", "page_fault", "fault_entry",
                                         "storage", "run_queue_wait", "l1d hit"});
    const json& events = file.at("traceEvents");
    CHECK(events[3].at("args") ==
          json{{"virtual_address", "0x40001238"}, {"kind", "file_major"}, {"class", "major"}});
    CHECK(events[3].at("ts") == 1);
    CHECK(events[3].at("dur") == 130);
    CHECK(events[5].at("dur") == 100);
    CHECK(events[5].at("args") == json{{"waiting", 20}});
    CHECK(events[6].at("dur") == 20);
}

TEST_CASE("plain hits of a first TLB are counted, and shown where asked for") {
    const auto run_of_two = [](tb::RunObserver& run) {
        first_hit(run, 10);
        second_hit(run, 20);
    };
    const json without = file_of({}, run_of_two);
    CHECK(names_of_slices(without) == Names{"l2_hit", "l1d miss", "l2 hit"});
    CHECK(without.at("otherData").at("hits_in_a_first_tlb_left_out") == 1);

    const json with = file_of({.path = "", .first_hits = true}, run_of_two);
    CHECK(names_of_slices(with) == Names{"l1_hit", "l1d hit", "l2_hit", "l1d miss", "l2 hit"});
    CHECK(with.at("otherData").at("translations") == 2);
}

TEST_CASE("a hit of a first TLB that had to wait is no plain one") {
    const json file = file_of({}, [](tb::RunObserver& run) {
        run.spent({.translation = {2}, .stage = Stage::tlb_wait, .from = {8}, .until = {10}});
        look_up(run, 1, hw::LookupResult::hit, 10, 11);
        end(run, hw::Outcome::hit, 1, 8, 11);
    });
    CHECK(names_of_slices(file) == Names{"l1_hit", "tlb_wait", "l1d hit"});
}

TEST_CASE("a limit ends the file, and the file says so") {
    const json file = file_of({.path = "", .limit = 2}, [](tb::RunObserver& run) {
        second_hit(run, 20);
        second_hit(run, 40);
        second_hit(run, 60);
    });
    CHECK(names_of_slices(file).size() == 6);
    CHECK(file.at("otherData").at("translations") == 2);
    CHECK(file.at("otherData").at("ended_by_limit") == true);
}

TEST_CASE("what is dropped leaves nothing to the next translation of its slot") {
    const json file = file_of({}, [](tb::RunObserver& run) {
        look_up(run, 1, hw::LookupResult::miss, 10, 11);
        run.dropped({2});
        second_hit(run, 20);
    });
    CHECK(names_of_slices(file) == Names{"l2_hit", "l1d miss", "l2 hit"});
}

TEST_CASE("a run without slices has a file, too") {
    const json file = file_of({}, [](tb::RunObserver&) {});
    CHECK(file.at("traceEvents").empty());
    CHECK(file.at("otherData").at("ended_by_limit") == false);
}

}  // namespace mmusim::tests::events_file_test
