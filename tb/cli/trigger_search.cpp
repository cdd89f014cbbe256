// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/trigger_search.hpp"

#include "hw/base/problems.hpp"
#include "tb/jobs/child_processes.hpp"
#include "tb/text/parse.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace mmusim::tb {

namespace {

// Before the cycle; otherwise there is only the number of events that there were.
constexpr std::string_view found_prefix = "found ";

std::string search_in_this_process(const WaveTrigger& trigger, const WatchedRun& run) {
    std::optional<Cycles> found;
    std::atomic<bool> enough = false;
    TriggerWatch watch(trigger, [&found, &enough](Cycles at) {
        found = at;
        enough = true;
    });
    run(watch, enough);
    return found ? fmt::format("{}{}", found_prefix, *found) : fmt::format("{}", watch.seen());
}

Cycles cycle_from(const WaveTrigger& trigger, const JobOutcome& outcome) {
    const std::string_view text = answer_of(outcome);
    if (!text.starts_with(found_prefix)) {
        throw InputError(never_came(trigger, parse_unsigned(text).value()));
    }
    return {parse_unsigned(text.substr(found_prefix.size())).value()};
}

}  // namespace

std::optional<Cycles> cycle_of(const WaveTrigger& trigger, const WatchedRun& run,
                               const std::atomic<bool>& interrupted) {
    std::optional<Cycles> cycle;
    const bool whole = do_in_child_processes(
        {0}, {.work = [&](std::size_t) { return search_in_this_process(trigger, run); },
              .ended = [&](std::size_t,
                           const JobOutcome& outcome) { cycle = cycle_from(trigger, outcome); },
              .interrupted = &interrupted});
    return whole ? cycle : std::nullopt;
}

}  // namespace mmusim::tb
