// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/comparison_rules.hpp"

#include "hw/base/types.hpp"

#include <algorithm>
#include <array>

namespace mmusim::tests {

namespace {

using namespace mmusim::literals;

using Step = StepFacts;
using Knobs = ScriptKnobs;
using Host = HostFacts;

/// Whether the first read of the file reads all of it, here and in the model: from any page of its
/// first half a window goes back to the beginning. A mark within the window makes the kernel read
/// on before the program has come to its end.
[[nodiscard]] bool is_read_at_once(std::uint64_t pages, const Knobs& knobs, const Host& host) {
    return 2 * pages <= std::min(knobs.read_ahead_pages, host.read_ahead_pages);
}

[[nodiscard]] bool depends_on_read_ahead(const Step& step, const Knobs& knobs, const Host& host) {
    switch (step.pattern) {
        case sw::AccessPattern::random: return false;
        case sw::AccessPattern::sequential: return step.cold_file_pages > 0;
        case sw::AccessPattern::normal: break;
    }
    return step.cold_file_pages > 0 && !is_read_at_once(step.cold_file_pages, knobs, host);
}

/// Those that end a script come first: a line that is not done has no figures to leave out.
constexpr std::array<ComparisonRule, 20> rules{{
    {.reason = "programs of the modelled machine do not run here",
     .applies = [](const Step& step, const Knobs&, const Host&) { return step.runs_a_program; }},
    {.reason = "the interpreter itself lies there",
     .applies = [](const Step& step, const Knobs&, const Host&) { return step.in_own_memory; }},
    {.reason = "what lies there may be no instruction",
     .applies = [](const Step& step, const Knobs&, const Host&) { return step.fetches_data; }},
    {.reason = "this processor's kernel maps a page before it looks at the right to execute",
     .applies =
         [](const Step& step, const Knobs&, const Host& host) {
             return step.fetches_untouched_data && !host.refuses_fetches_at_once;
         }},
    {.reason = "no file system on a disk, told of each first write, on this machine",
     .applies = [](const Step& step, const Knobs&,
                   const Host& host) { return step.needs_disk && !host.files_on_disk; }},
    {.reason = "a fault maps a group of other size on this machine",
     .applies =
         [](const Step& step, const Knobs& knobs, const Host& host) {
             return step.maps_by_groups && knobs.fault_around_pages != host.fault_around_pages;
         }},
    {.reason = "what is read ahead depends on the kernel's version, and on the device",
     .applies = depends_on_read_ahead},
    {.reason = "no swap on this machine",
     .applies =
         [](const Step& step, const Knobs& knobs, const Host& host) {
             return step.needs_swap && knobs.swap && host.swap.bytes == 0;
         }},
    {.reason = "there is swap on this machine, in the script there is none",
     .applies =
         [](const Step& step, const Knobs& knobs, const Host& host) {
             return step.needs_swap && !knobs.swap && host.swap.bytes > 0;
         }},
    {.reason = "pages do not go to swap and come back at once, one by one, on this machine; all "
               "swap in zram and vm.page-cluster = 0 would do",
     .applies =
         [](const Step& step, const Knobs&, const Host& host) {
             return step.needs_swap && host.swap.bytes > 0 && !host.swap.page_by_page;
         }},
    {.reason = "no huge pages of 2 MiB alone on this machine",
     .applies =
         [](const Step& step, const Knobs&, const Host& host) {
             return step.needs_huge_pages && !host.huge_pages.on_advice;
         }},
    {.reason = "this machine keeps no pools of explicit huge pages for others to empty",
     .applies = [](const Step& step, const Knobs&, const Host&) { return step.takes_from_pools; }},
    {.reason = "huge pages of files and shared memory are no part of the model",
     .applies = [](const Step& step, const Knobs&,
                   const Host&) { return step.huge_pages_of_objects; }},
    {.reason = "huge pages come unasked on this machine",
     .applies =
         [](const Step& step, const Knobs&, const Host& host) {
             return step.fills_beside_huge_pages && host.huge_pages.unasked;
         }},
    {.reason = "no huge page of zeros on this machine, or a write splits it (before Linux 6.14)",
     .applies =
         [](const Step& step, const Knobs&, const Host& host) {
             return step.writes_huge_zero_page && !host.huge_pages.whole_zero_page;
         }},
    {.reason = "this machine's kernel has no page of zeros: a read maps a page of its own",
     .applies = [](const Step& step, const Knobs&,
                   const Host& host) { return step.reads_untouched_memory && !host.zero_page; }},
    {.reason = "a process may not lock so much memory on this machine",
     .applies = [](const Step& step, const Knobs&,
                   const Host& host) { return step.locked_bytes > host.lockable_bytes; }},
    {.reason = "which half of an access faults first is the processor's choice",
     .ends_script = false,
     .applies = [](const Step& step, const Knobs&,
                   const Host&) { return step.may_cross_pages && step.ends_in_a_signal; }},
    {.reason = "nothing is counted at such a line",
     .ends_script = false,
     .applies = [](const Step& step, const Knobs&, const Host&) { return step.counts_nothing; }},
    {.reason = "the kernel has no such call",
     .ends_script = false,
     .applies = [](const Step& step, const Knobs&, const Host&) { return step.is_no_call; }},
}};

struct KnobRule {
    std::string_view reason;
    bool (*applies)(const Knobs& knobs) = nullptr;
};

constexpr std::array<KnobRule, 6> knob_rules{{
    {.reason = "Linux has a zero page, the script has none",
     .applies = [](const Knobs& knobs) { return !knobs.zero_page; }},
    {.reason = "huge pages come only where they are asked for",
     .applies = [](const Knobs& knobs) { return knobs.huge_pages == sw::HugePages::always; }},
    {.reason = "huge pages are of 2 MiB, in the script they are not",
     .applies = [](const Knobs& knobs) { return !knobs.huge_pages_of_2_mib; }},
    {.reason = "stacks grow as far as 8 MiB, in the script they do not",
     .applies = [](const Knobs& knobs) { return knobs.stack_limit_bytes != 8_MiB; }},
    {.reason = "swap is not read ahead where figures are compared",
     .applies = [](const Knobs& knobs) { return knobs.swap_read_ahead_pages != 0; }},
    {.reason = "which page leaves memory depends on all that runs on this machine",
     .applies = [](const Knobs& knobs) { return knobs.memory_pressure; }},
}};

}  // namespace

const ComparisonRule* rule_against(const StepFacts& step, const ScriptKnobs& knobs,
                                   const HostFacts& host) {
    const auto* const rule = std::find_if(
        rules.begin(), rules.end(),
        [&](const ComparisonRule& candidate) { return candidate.applies(step, knobs, host); });
    return rule == rules.end() ? nullptr : rule;
}

std::optional<std::string_view> reason_against(const ScriptKnobs& knobs) {
    const auto* const rule =
        std::find_if(knob_rules.begin(), knob_rules.end(),
                     [&](const KnobRule& candidate) { return candidate.applies(knobs); });
    if (rule == knob_rules.end()) {
        return std::nullopt;
    }
    return rule->reason;
}

}  // namespace mmusim::tests
