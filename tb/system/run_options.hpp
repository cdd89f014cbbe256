// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "tb/events/events_request.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace mmusim::tb {

class RunObserver;

/// A wave file of the cycles [from, to], or to the end.
struct WaveWindow {
    std::string path;
    Cycles from;
    std::optional<Cycles> to{};
};

/// What to do with one simulation, apart from the machine and the programs. Nothing here changes
/// what is simulated between the first access and the last.
struct RunOptions {
    /// After so many accesses all figures start again from zero.
    std::uint64_t warmup = 0;
    /// Accesses to make in all, the warm-up's included; 0: all there are.
    std::uint64_t limit = 0;
    /// A timeline entry every so many accesses; 0: none.
    std::uint64_t interval = 0;
    std::optional<WaveWindow> waves{};
    /// Where to write a row for each translation.
    std::optional<std::string> translation_log{};
    /// Who looks on, if anybody does; outlives the simulation.
    RunObserver* observer = nullptr;
    /// Which translations to show as slices, and where.
    std::optional<EventsRequest> events{};
    /// Where to write a line for each walk.
    std::optional<std::string> walk_log{};
    /// Whether to judge every translation by a second opinion.
    bool check = false;
    /// Whether to measure the host.
    bool timing = false;
    /// Called now and then with the accesses made so far.
    std::function<void(std::uint64_t)> progress{};
    /// Set from outside (by a signal) to end the simulation early.
    const std::atomic<bool>* interrupted = nullptr;
};

}  // namespace mmusim::tb
