// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/walk_command.hpp"

#include "tb/cli/output_paths.hpp"
#include "tb/vectors/plain_judge.hpp"
#include "tb/vectors/timed_judge_module.hpp"

#include <iostream>

namespace mmusim::tb {

namespace {

std::string answers(const WalkVectors& vectors, bool timed) {
    if (timed) {
        TimedJudge judge(vectors.mode);
        return answers_of(vectors, judge);
    }
    PlainJudge judge(vectors.mode);
    return answers_of(vectors, judge);
}

}  // namespace

ExitStatus walk_command(const WalkArguments& arguments) {
    // All at once, so that a bad line gives no answers that look whole.
    std::cout << answers(read_walk_vectors(arguments.vectors), arguments.timed);
    finish_standard_output();
    return ExitStatus::ok;
}

}  // namespace mmusim::tb
