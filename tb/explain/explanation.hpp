// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "tb/config/configuration.hpp"
#include "tb/explain/process_story.hpp"
#include "tb/system/result.hpp"

#include <vector>

namespace mmusim::tb {

/// All that there is to say of one address in a run.
struct Explanation {
    VirtualAddress address{};
    Configuration configuration;
    RunResult result;
    /// Of each process that ever was, by their numbers.
    std::vector<ProcessStory> stories{};
    /// Of them, those that are told, as places in `stories`.
    std::vector<std::size_t> told{};
};

}  // namespace mmusim::tb
