// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/walk_command.hpp"

#include "tb/cli/output_paths.hpp"
#include "tb/vectors/plain_judge.hpp"
#include "tb/vectors/timed_judge_module.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace mmusim::tb {

namespace {

constexpr const char* walk_examples = R"(Examples:
  mmusim walk --vectors sv39.vectors.zst
      what each access is answered by the rules of the walk
  mmusim walk --vectors sv39.vectors.zst --timed
      the same by TLB, walker and memory, cycle by cycle)";

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

void add_walk_command(CLI::App& program, WalkArguments& arguments, Command& chosen) {
    CLI::App* command = program.add_subcommand("walk", "answer walk vectors on standard output");
    command
        ->add_option("--vectors", arguments.vectors,
                     "page tables and accesses as text, plain or compressed")
        ->type_name("FILE")
        ->required();
    command->add_flag("--timed", arguments.timed,
                      "send each access through the modules of the hardware; the answers are the "
                      "same");
    command->footer(walk_examples);
    command->callback([&] { chosen = [&arguments] { return walk_command(arguments); }; });
}

}  // namespace mmusim::tb
