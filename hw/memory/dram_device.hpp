// SPDX-License-Identifier: Apache-2.0
// The ranks and banks of one channel: which command may be given when, and what it does.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/types.hpp"
#include "hw/memory/address_mapping.hpp"
#include "hw/memory/dram_parameters.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mmusim::hw {

enum class DramCommand : std::uint8_t { activate, precharge, read, write };

[[nodiscard]] constexpr auto enumerator_names(DramCommand) {
    return std::array<std::string_view, 4>{"activate", "precharge", "read", "write"};
}

/// Rows and timings as of the last command; nothing ticks. Refreshes take place when they are due,
/// all banks of a rank at once, and close every row; `refresh` makes up for those until then.
class DramDevice {
  public:
    DramDevice(const DramParameters& parameters, const DramTiming& timing);

    /// What an access to this place needs next: its row opened, another one closed, or itself.
    [[nodiscard]] DramCommand next_command(const DramAddress& place, bool writes) const;
    [[nodiscard]] bool is_open(const DramAddress& place) const;
    /// The open row of that bank; there is one.
    [[nodiscard]] std::uint64_t open_row(const DramAddress& place) const {
        return *bank_of(place).open_row;
    }

    /// The first cycle in which that command may be given, if no refresh comes before.
    [[nodiscard]] Cycles earliest(DramCommand command, const DramAddress& place) const;

    /// Gives the command, not before its earliest cycle. Of a read or write: when its data has
    /// passed.
    Cycles issue(DramCommand command, const DramAddress& place, Cycles now);

    /// Closes the row of an access that was given just now, as soon as the timings allow: no
    /// command is needed for it.
    void close_after(const DramAddress& place);

    /// Makes the refreshes that are due by `now`.
    void refresh(Cycles now);

    [[nodiscard]] std::uint64_t activates() const { return activates_; }
    [[nodiscard]] std::uint64_t precharges() const { return precharges_; }
    /// Until `now`, those that nobody has asked for yet included.
    [[nodiscard]] std::uint64_t refreshes(Cycles now) const;

  private:
    struct Bank {
        std::optional<std::uint64_t> open_row;
        Cycles activate_from;
        Cycles precharge_from;
        Cycles column_from;
    };

    // What commands to a rank, or to one of its bank groups, have to keep clear of.
    struct Spacing {
        Cycles activate_from;
        Cycles column_from;
        Cycles read_from;
    };

    struct Rank {
        Spacing spacing;
        std::vector<Spacing> groups;
        std::vector<Bank> banks;
        std::array<Cycles, 4> window_ends{};  // a row may be opened from the oldest of these on
        std::size_t oldest_window = 0;
        Cycles refresh_due;
    };

    [[nodiscard]] std::size_t group_of(const DramAddress& place) const {
        return place.bank % bank_groups_;
    }
    [[nodiscard]] const Bank& bank_of(const DramAddress& place) const {
        return ranks_[place.rank].banks[place.bank];
    }
    [[nodiscard]] Bank& bank_of(const DramAddress& place) {
        return ranks_[place.rank].banks[place.bank];
    }
    [[nodiscard]] Cycles earliest_column(bool writes, const DramAddress& place) const;
    void activate(const DramAddress& place, Cycles now);
    Cycles access(bool writes, const DramAddress& place, Cycles now);
    void refresh_once(Rank& rank);

    std::size_t bank_groups_;
    DramTiming timing_;
    std::vector<Rank> ranks_;
    Cycles command_from_;
    Cycles bus_free_from_;
    bool bus_read_last_ = false;
    std::uint64_t activates_ = 0;
    std::uint64_t precharges_ = 0;
    std::uint64_t refreshes_ = 0;
};

}  // namespace mmusim::hw
