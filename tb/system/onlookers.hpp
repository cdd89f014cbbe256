// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/config/configuration.hpp"
#include "tb/events/events_file.hpp"
#include "tb/events/run_observers.hpp"
#include "tb/events/walk_log.hpp"
#include "tb/system/result.hpp"
#include "tb/system/run_options.hpp"

#include <optional>

namespace mmusim::tb {

/// All who look on at one run: those that its options name, and the files that they ask for.
class Onlookers {
  public:
    Onlookers(const RunOptions& options, const Configuration& configuration);

    /// Whom the run has to tell; null if nobody looks on.
    [[nodiscard]] RunObserver* observer() { return all_.empty() ? nullptr : &all_; }

    /// The run is over: the files appear under their names.
    void commit(const RunResult& result);

  private:
    std::optional<EventsFile> events_;
    std::optional<WalkLog> walks_;
    RunObservers all_;
};

}  // namespace mmusim::tb
