// SPDX-License-Identifier: Apache-2.0
#include "tb/system/onlookers.hpp"

namespace mmusim::tb {

Onlookers::Onlookers(const RunOptions& options, const Configuration& configuration) {
    if (options.events) {
        events_.emplace(*options.events, configuration.paging, configuration.clock.period_ps);
        all_.add(events_->observer());
    }
    if (options.walk_log) {
        walks_.emplace(*options.walk_log, configuration.paging);
        all_.add(*walks_);
    }
    if (options.observer != nullptr) {
        all_.add(*options.observer);
    }
}

void Onlookers::commit(const RunResult& result) {
    if (events_) {
        events_->commit(result.processes);
    }
    if (walks_) {
        walks_->commit();
    }
}

}  // namespace mmusim::tb
