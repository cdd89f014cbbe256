// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "tb/events/run_observer.hpp"
#include "tb/events/wave_trigger.hpp"

#include <atomic>
#include <functional>
#include <optional>

namespace mmusim::tb {

/// Makes a run and tells an observer of it, and may end it once `enough` is set.
using WatchedRun = std::function<void(RunObserver& observer, const std::atomic<bool>& enough)>;

/// Makes the run once before the run, to see in which cycle the trigger comes: equal runs come to
/// it in equal cycles. It is made in a child process, for the kernel has one simulation per
/// process, and ends after the trigger.
///
/// Nothing where `interrupted` is set meanwhile. Throws InputError where the trigger does not come,
/// and for what the run has of bad input.
[[nodiscard]] std::optional<Cycles> cycle_of(const WaveTrigger& trigger, const WatchedRun& run,
                                             const std::atomic<bool>& interrupted);

}  // namespace mmusim::tb
