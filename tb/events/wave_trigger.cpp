// SPDX-License-Identifier: Apache-2.0
#include "tb/events/wave_trigger.hpp"

#include "hw/base/problems.hpp"
#include "tb/text/parse.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <optional>

namespace mmusim::tb {

WaveTrigger parse_wave_trigger(std::string_view text) {
    const std::size_t colon = text.find(':');
    const auto kind = enumerator_named<TriggerKind>(text.substr(0, colon));
    const std::optional<std::uint64_t> value =
        colon == std::string_view::npos ? std::nullopt : parse_unsigned(text.substr(colon + 1));
    const std::uint64_t number = value.value_or(0);
    const bool counts_from_one = kind != TriggerKind::va;
    if (!kind || !value || (counts_from_one && number == 0)) {
        throw InputError(fmt::format(
            "--vcd-around \"{}\": is no event, expected fault:N or walk:N with N from 1, or "
            "va:ADDRESS",
            text));
    }
    return {.kind = *kind, .value = number};
}

std::string to_text(const WaveTrigger& trigger) {
    return trigger.kind == TriggerKind::va ? fmt::format("va:{:#x}", trigger.value)
                                           : fmt::format("{}:{}", trigger.kind, trigger.value);
}

std::string never_came(const WaveTrigger& trigger, std::uint64_t seen) {
    const auto what = [&trigger, seen]() -> std::string {
        switch (trigger.kind) {
            case TriggerKind::fault:
                return fmt::format("the run has {} page faults, expected at least as many", seen);
            case TriggerKind::walk:
                return fmt::format("the run has {} walks, expected at least as many", seen);
            case TriggerKind::va: break;
        }
        return "the run does not access that page, expected an address that it accesses";
    };
    return fmt::format("--vcd-around {}: {}", to_text(trigger), what());
}

void TriggerWatch::fault_begun(const FaultBegun& fault) {
    count(TriggerKind::fault, trigger_.value, fault.at);
}

void TriggerWatch::walk_begun(const hw::WalkBegun& walk) {
    count(TriggerKind::walk, trigger_.value, walk.at);
}

void TriggerWatch::looked_up(const hw::TlbLookup& lookup) {
    const VirtualAddress wanted{trigger_.value};
    if (page_number_of(lookup.request.address) == page_number_of(wanted)) {
        count(TriggerKind::va, 1, lookup.from);
    }
}

void TriggerWatch::count(TriggerKind kind, std::uint64_t wanted, Cycles at) {
    if (kind == trigger_.kind && ++seen_ == wanted) {
        found_(at);
    }
}

}  // namespace mmusim::tb
