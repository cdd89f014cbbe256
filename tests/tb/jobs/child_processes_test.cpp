// SPDX-License-Identifier: Apache-2.0
#include "tb/jobs/child_processes.hpp"

#include "hw/base/problems.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>
#include <map>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace mmusim::tb::child_processes_test {

namespace {

using Outcomes = std::map<std::size_t, JobOutcome>;
using Jobs = std::vector<std::size_t>;

[[nodiscard]] Outcomes outcomes_of(const Jobs& jobs, std::size_t at_once,
                                   const std::function<std::string(std::size_t)>& work) {
    Outcomes outcomes;
    const bool whole =
        do_in_child_processes(jobs, {.jobs_at_once = at_once,
                                     .work = work,
                                     .ended = [&](std::size_t job, const JobOutcome& outcome) {
                                         CHECK(outcomes.emplace(job, outcome).second);
                                     }});
    CHECK(whole);
    return outcomes;
}

void never_ends() {
    while (true) {
        ::pause();
    }
}

}  // namespace

TEST_CASE("each job is done once, in a process of its own") {
    const std::size_t at_once = GENERATE(1U, 2U, 7U);
    const Outcomes outcomes = outcomes_of({3, 1, 4, 5, 9}, at_once, [](std::size_t job) {
        return std::to_string(job) + " by " + std::to_string(::getpid());
    });
    REQUIRE(outcomes.size() == 5);
    std::map<std::string, int> processes;
    for (const auto& [job, outcome] : outcomes) {
        const std::string& text = std::get<JobAnswer>(outcome).text;
        CHECK_THAT(text, Catch::StartsWith(std::to_string(job) + " by "));
        ++processes[text.substr(text.find(" by "))];
    }
    CHECK(processes.size() == 5);
    CHECK_FALSE(processes.contains(" by " + std::to_string(::getpid())));
}

TEST_CASE("an answer may be long, or nothing") {
    constexpr std::size_t megabytes = 5'000'000;
    const Outcomes outcomes =
        outcomes_of({0, megabytes}, 2, [](std::size_t job) { return std::string(job, 'x'); });
    CHECK(outcomes.at(0) == JobOutcome{JobAnswer{""}});
    CHECK(std::get<JobAnswer>(outcomes.at(megabytes)).text.size() == megabytes);
}

TEST_CASE("what a job throws, and how its process ends, is told") {
    const Outcomes outcomes =
        outcomes_of({0, 1, 2, 3, 4, 5}, 3, [](std::size_t job) -> std::string {
            switch (job) {
                case 0: throw InputError("f.lackey:3: no trace");
                case 1: throw std::runtime_error("step 3 differs");
                case 2: throw ModelError("stages do not sum");
                case 3: ::raise(SIGKILL); break;
                case 4: ::_exit(7);
                default: break;
            }
            return "fine";
        });
    using Cause = JobFailure::Cause;
    CHECK(outcomes ==
          Outcomes{
              {0, JobFailure{"f.lackey:3: no trace", Cause::input}},
              {1, JobFailure{"step 3 differs", Cause::other}},
              {2, JobFailure{"this is a defect of the simulator: stages do not sum", Cause::other}},
              {3, JobFailure{"its process was ended by signal 9 (Killed)", Cause::by_signal}},
              {4, JobFailure{"its process ended with status 7, without an answer", Cause::other}},
              {5, JobAnswer{"fine"}},
          });
}

TEST_CASE("an interruption ends the jobs under way, and begins no other") {
    std::atomic<bool> interrupted = false;
    Outcomes outcomes;
    const bool whole =
        do_in_child_processes({0, 1, 2, 3}, {.jobs_at_once = 2,
                                             .work = [](std::size_t job) -> std::string {
                                                 if (job != 0) {
                                                     never_ends();
                                                 }
                                                 return "done";
                                             },
                                             .ended =
                                                 [&](std::size_t job, const JobOutcome& outcome) {
                                                     outcomes.emplace(job, outcome);
                                                     interrupted = true;
                                                 },
                                             .interrupted = &interrupted});
    CHECK_FALSE(whole);
    CHECK(outcomes == Outcomes{{0, JobAnswer{"done"}}});
}

TEST_CASE("what is thrown at the end of a job ends the others") {
    CHECK_THROWS_AS(
        do_in_child_processes(
            {0, 1},
            {.jobs_at_once = 2,
             .work = [](std::size_t job) -> std::string {
                 if (job != 0) {
                     never_ends();
                 }
                 return "done";
             },
             .ended = [](std::size_t, const JobOutcome&) { throw InputError("disk full"); }}),
        InputError);
}

TEST_CASE("there is at least one processor to use") {
    CHECK(usable_processors() >= 1);
}

}  // namespace mmusim::tb::child_processes_test
