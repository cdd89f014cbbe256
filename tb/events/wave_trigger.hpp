// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/types.hpp"
#include "tb/events/run_observer.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace mmusim::tb {

/// What a wave window can be put around.
enum class TriggerKind : std::uint8_t {
    fault,  ///< the trap of the so-manieth page fault, from 1
    walk,   ///< the beginning of the so-manieth walk, from 1
    va,     ///< the first lookup of the page that holds an address, whichever process makes it
};

[[nodiscard]] constexpr auto enumerator_names(TriggerKind) {
    return std::array<std::string_view, 3>{"fault", "walk", "va"};
}

struct WaveTrigger {
    TriggerKind kind = TriggerKind::fault;
    std::uint64_t value = 1;  ///< the number, or the address

    bool operator==(const WaveTrigger&) const = default;
};

/// `fault:3`, `walk:100`, `va:0x7f001000`. Throws InputError for anything else.
[[nodiscard]] WaveTrigger parse_wave_trigger(std::string_view text);

/// The trigger as it is typed.
[[nodiscard]] std::string to_text(const WaveTrigger& trigger);

/// Why a run that was made did not come to the trigger: what there was of it.
[[nodiscard]] std::string never_came(const WaveTrigger& trigger, std::uint64_t seen);

/// Waits for the trigger in a run, and counts what comes before it.
class TriggerWatch final : public RunObserver {
  public:
    /// `found` is called once, with the cycle.
    TriggerWatch(const WaveTrigger& trigger, std::function<void(Cycles at)> found)
        : trigger_(trigger), found_(std::move(found)) {}

    void fault_begun(const FaultBegun& fault) override;
    void walk_begun(const hw::WalkBegun& walk) override;
    void looked_up(const hw::TlbLookup& lookup) override;

    /// How many events of the trigger's kind there were; of addresses, those that fit.
    [[nodiscard]] std::uint64_t seen() const { return seen_; }

  private:
    void count(TriggerKind kind, std::uint64_t wanted, Cycles at);

    WaveTrigger trigger_;
    std::function<void(Cycles at)> found_;
    std::uint64_t seen_ = 0;
};

}  // namespace mmusim::tb
