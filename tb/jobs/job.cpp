// SPDX-License-Identifier: Apache-2.0
#include "tb/jobs/job.hpp"

#include "hw/base/problems.hpp"

#include <stdexcept>

namespace mmusim::tb {

bool is_ended_by_signal(const JobOutcome& outcome) {
    const auto* const failure = std::get_if<JobFailure>(&outcome);
    return failure != nullptr && failure->cause == JobFailure::Cause::by_signal;
}

const std::string& answer_of(const JobOutcome& outcome) {
    if (const auto* const failure = std::get_if<JobFailure>(&outcome)) {
        if (failure->cause == JobFailure::Cause::input) {
            throw InputError(failure->message);
        }
        throw std::runtime_error(failure->message);
    }
    return std::get<JobAnswer>(outcome).text;
}

}  // namespace mmusim::tb
