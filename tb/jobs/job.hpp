// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <variant>

namespace mmusim::tb {

/// What the work returned.
struct JobAnswer {
    std::string text;

    bool operator==(const JobAnswer&) const = default;
};

/// Why there is no answer: what the work threw, or how its process ended.
struct JobFailure {
    enum class Cause {
        input,      ///< it threw an InputError
        other,      ///< it threw something else, or ended without an answer
        by_signal,  ///< as where memory ran out: done again, the job may succeed
    };

    std::string message;
    Cause cause = Cause::other;

    bool operator==(const JobFailure&) const = default;
};

using JobOutcome = std::variant<JobAnswer, JobFailure>;

[[nodiscard]] bool is_ended_by_signal(const JobOutcome& outcome);

/// The text of the answer. Throws InputError where the work did, and std::runtime_error with the
/// message of every other failure.
[[nodiscard]] const std::string& answer_of(const JobOutcome& outcome);

}  // namespace mmusim::tb
