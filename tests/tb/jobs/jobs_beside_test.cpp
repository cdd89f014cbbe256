// SPDX-License-Identifier: Apache-2.0
#include "tb/jobs/jobs_beside.hpp"

#include "hw/base/problems.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <csignal>
#include <optional>
#include <string>
#include <variant>

namespace mmusim::tb::jobs_beside_test {

namespace {

[[nodiscard]] std::string text_of(const std::optional<JobOutcome>& outcome) {
    REQUIRE(outcome.has_value());
    return std::get<JobAnswer>(*outcome).text;
}

[[nodiscard]] std::string number(std::size_t job) {
    return std::to_string(job);
}

}  // namespace

TEST_CASE("jobs beside others give their answers in order, however many work at once") {
    const std::size_t at_once = GENERATE(1U, 2U, 9U);
    JobsBeside jobs(5, at_once, number);
    const std::atomic<bool> interrupted = false;
    const auto outcomes = jobs.wait(interrupted);
    REQUIRE(outcomes.size() == 5);
    for (std::size_t job = 0; job < outcomes.size(); ++job) {
        CHECK(text_of(outcomes[job]) == number(job));
    }
}

TEST_CASE("no job works before it may, and the next does when this process has done its own work") {
    JobsBeside jobs(2, 0, number);
    jobs.let_another_work();
    const std::atomic<bool> interrupted = false;
    const auto outcomes = jobs.wait(interrupted);
    CHECK(text_of(outcomes[0]) == "0");
    CHECK(text_of(outcomes[1]) == "1");
}

TEST_CASE("a job that throws and a job that is killed make place for the next") {
    JobsBeside jobs(3, 1, [](std::size_t job) -> std::string {
        if (job == 0) {
            throw InputError("f.lackey:3: no trace");
        }
        if (job == 1) {
            ::raise(SIGKILL);
        }
        return "fine";
    });
    const std::atomic<bool> interrupted = false;
    const auto outcomes = jobs.wait(interrupted);
    using Cause = JobFailure::Cause;
    CHECK(outcomes[0] == JobOutcome{JobFailure{"f.lackey:3: no trace", Cause::input}});
    CHECK(is_ended_by_signal(outcomes[1].value()));
    CHECK(text_of(outcomes[2]) == "fine");
}

TEST_CASE("jobs that have not ended at an interruption have no outcome") {
    JobsBeside jobs(2, 0, number);
    const std::atomic<bool> interrupted = true;
    const auto outcomes = jobs.wait(interrupted);
    CHECK_FALSE(outcomes[0].has_value());
    CHECK_FALSE(outcomes[1].has_value());
}

}  // namespace mmusim::tb::jobs_beside_test
