// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/config/configuration.hpp"
#include "tb/workload/future_accesses.hpp"
#include "tb/workload/script_command.hpp"

#include <atomic>
#include <cstdint>
#include <string_view>

namespace mmusim::tb {

/// When a rehearsal ends before the script does.
struct RehearsalEnd {
    std::uint64_t limit = 0;  ///< after so many accesses; 0: never
    const std::atomic<bool>* interrupted = nullptr;
};

/// Throws InputError where a trace that the script names can be read only once. `reader` is the
/// option that reads traces twice.
void check_traces_readable_twice(const Script& script, std::string_view reader);

/// Carries out the script on a machine without time, and tells the future which accesses it makes.
/// Its memory is as large and it has the same operating system, but for the page replacement, so
/// that calls succeed and accesses end in signals as they will in the run: what depends on when a
/// page leaves may be otherwise. Throws InputError for what only shows when a script runs.
void rehearse(const Script& script, const Configuration& configuration, const RehearsalEnd& end,
              FutureAccesses& future);

}  // namespace mmusim::tb
