// SPDX-License-Identifier: Apache-2.0
// Which lines of a script mean the same to the kernel of this machine as to the model, so that
// their figures must be equal.
#pragma once

#include "sw/spaces/region.hpp"
#include "tests/kernel/host.hpp"
#include "tests/kernel/script_knobs.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace mmusim::tests {

/// What the figures of one line depend on, beside the rules that are compared.
struct StepFacts {
    bool counts_nothing = false;  ///< who does it is no process of the script
    bool is_no_call = false;      ///< fence, wait
    bool runs_a_program = false;  ///< exec, trace
    bool in_own_memory = false;   ///< where the interpreter itself lies
    bool needs_disk = false;      ///< cold pages of a file, or writes to it that are tracked
    bool maps_by_groups = false;  ///< pages of a file or of shared memory
    bool needs_swap = false;
    bool needs_huge_pages = false;
    bool takes_from_pools = false;         ///< explicit huge pages
    bool huge_pages_of_objects = false;    ///< of files or shared memory
    bool fills_beside_huge_pages = false;  ///< a mapping filled at once, where others are huge
    bool writes_huge_zero_page = false;
    bool reads_untouched_memory = false;  ///< anonymous, and perhaps without a page yet
    bool fetches_untouched_data = false;  ///< no right to execute, and no page yet
    bool fetches_data = false;            ///< what lies there may be no instruction
    bool may_cross_pages = false;
    bool ends_in_a_signal = false;   ///< known when the line is done
    std::uint64_t locked_bytes = 0;  ///< by this process in all
    /// Pages of a file of which some are not in memory, read as `pattern` says; 0: all are.
    std::uint64_t cold_file_pages = 0;
    sw::AccessPattern pattern = sw::AccessPattern::normal;
};

/// Why a line's figures are not compared.
struct ComparisonRule {
    std::string_view reason;
    /// The line is not done either; then nothing after it means the same.
    bool ends_script = true;
    bool (*applies)(const StepFacts& step, const ScriptKnobs& knobs,
                    const HostFacts& host) = nullptr;
};

/// The first rule that forbids to compare the line; none: the figures must be equal.
[[nodiscard]] const ComparisonRule* rule_against(const StepFacts& step, const ScriptKnobs& knobs,
                                                 const HostFacts& host);

/// Why no line of a script is compared that runs so in the model.
[[nodiscard]] std::optional<std::string_view> reason_against(const ScriptKnobs& knobs);

}  // namespace mmusim::tests
