// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/dram_device.hpp"

#include <algorithm>

namespace mmusim::hw {

namespace {

void delay_until(Cycles& time, Cycles until) {
    time = std::max(time, until);
}

// The first cycle from which `lead` cycles lead to `target` or beyond.
Cycles before(Cycles target, Cycles lead) {
    return target > lead ? target - lead : Cycles{0};
}

}  // namespace

DramDevice::DramDevice(const DramParameters& parameters, const DramTiming& timing)
    : bank_groups_(parameters.bank_groups), timing_(timing), ranks_(parameters.ranks) {
    for (Rank& rank : ranks_) {
        rank.groups.resize(bank_groups_);
        rank.banks.resize(parameters.banks);
        rank.refresh_due = timing_.refresh_interval_cycles;
    }
}

DramCommand DramDevice::next_command(const DramAddress& place, bool writes) const {
    if (is_open(place)) {
        return writes ? DramCommand::write : DramCommand::read;
    }
    return bank_of(place).open_row ? DramCommand::precharge : DramCommand::activate;
}

bool DramDevice::is_open(const DramAddress& place) const {
    return bank_of(place).open_row == place.row;
}

Cycles DramDevice::earliest(DramCommand command, const DramAddress& place) const {
    const Rank& rank = ranks_[place.rank];
    const Bank& bank = bank_of(place);
    Cycles when = command_from_;
    switch (command) {
        case DramCommand::activate:
            delay_until(when, bank.activate_from);
            delay_until(when, rank.spacing.activate_from);
            delay_until(when, rank.groups[group_of(place)].activate_from);
            delay_until(when, rank.window_ends.at(rank.oldest_window));
            break;
        case DramCommand::precharge: delay_until(when, bank.precharge_from); break;
        case DramCommand::read: delay_until(when, earliest_column(false, place)); break;
        case DramCommand::write: delay_until(when, earliest_column(true, place)); break;
    }
    return when;
}

Cycles DramDevice::earliest_column(bool writes, const DramAddress& place) const {
    const Rank& rank = ranks_[place.rank];
    const Spacing& group = rank.groups[group_of(place)];
    Cycles when = bank_of(place).column_from;
    delay_until(when, rank.spacing.column_from);
    delay_until(when, group.column_from);
    if (writes) {
        // Two clocks for the bus to turn round.
        const Cycles turn = bus_read_last_ ? timing_.command_cycles * 2 : Cycles{0};
        delay_until(when, before(bus_free_from_ + turn, timing_.write_column_cycles));
    } else {
        delay_until(when, rank.spacing.read_from);
        delay_until(when, group.read_from);
        delay_until(when, before(bus_free_from_, timing_.column_cycles));
    }
    return when;
}

Cycles DramDevice::issue(DramCommand command, const DramAddress& place, Cycles now) {
    command_from_ = now + timing_.command_cycles;
    switch (command) {
        case DramCommand::activate: activate(place, now); break;
        case DramCommand::precharge:
            ++precharges_;
            bank_of(place).open_row.reset();
            delay_until(bank_of(place).activate_from, now + timing_.precharge_cycles);
            break;
        case DramCommand::read: return access(false, place, now);
        case DramCommand::write: return access(true, place, now);
    }
    return now;
}

void DramDevice::activate(const DramAddress& place, Cycles now) {
    Rank& rank = ranks_[place.rank];
    Bank& bank = bank_of(place);
    ++activates_;
    bank.open_row = place.row;
    bank.column_from = now + timing_.activate_cycles;
    bank.precharge_from = now + timing_.row_open_cycles;
    bank.activate_from = now + timing_.row_open_cycles + timing_.precharge_cycles;
    rank.spacing.activate_from = now + timing_.activate_spacing_cycles;
    rank.groups[group_of(place)].activate_from = now + timing_.activate_spacing_in_group_cycles;
    rank.window_ends.at(rank.oldest_window) = now + timing_.four_activates_cycles;
    rank.oldest_window = (rank.oldest_window + 1) % rank.window_ends.size();
}

Cycles DramDevice::access(bool writes, const DramAddress& place, Cycles now) {
    Rank& rank = ranks_[place.rank];
    Bank& bank = bank_of(place);
    Spacing& group = rank.groups[group_of(place)];
    const Cycles lead = writes ? timing_.write_column_cycles : timing_.column_cycles;
    const Cycles data_end = now + lead + timing_.burst_cycles;

    delay_until(rank.spacing.column_from, now + timing_.column_spacing_cycles);
    delay_until(group.column_from, now + timing_.column_spacing_in_group_cycles);
    if (writes) {
        delay_until(rank.spacing.read_from, data_end + timing_.write_to_read_cycles);
        delay_until(group.read_from, data_end + timing_.write_to_read_in_group_cycles);
        delay_until(bank.precharge_from, data_end + timing_.write_recovery_cycles);
    } else {
        delay_until(bank.precharge_from, now + timing_.read_to_precharge_cycles);
    }
    bus_free_from_ = data_end;
    bus_read_last_ = !writes;
    return data_end;
}

void DramDevice::close_after(const DramAddress& place) {
    Bank& bank = bank_of(place);
    ++precharges_;
    bank.open_row.reset();
    delay_until(bank.activate_from, bank.precharge_from + timing_.precharge_cycles);
}

void DramDevice::refresh(Cycles now) {
    const Cycles interval = timing_.refresh_interval_cycles;
    if (interval == Cycles{0}) {
        return;
    }
    for (Rank& rank : ranks_) {
        while (rank.refresh_due <= now) {
            // A rank that has been idle for long has had all refreshes but the last on time.
            const std::uint64_t missed = (now - rank.refresh_due).value / interval.value;
            if (missed > 1) {
                refresh_once(rank);
                refreshes_ += missed - 1;
                rank.refresh_due += interval * (missed - 1);
            }
            refresh_once(rank);
        }
    }
}

// From when all rows are closed on, and not before it is due.
void DramDevice::refresh_once(Rank& rank) {
    Cycles start = rank.refresh_due;
    for (Bank& bank : rank.banks) {
        if (bank.open_row) {
            ++precharges_;
            bank.open_row.reset();
            delay_until(bank.activate_from,
                        std::max(bank.precharge_from, rank.refresh_due) + timing_.precharge_cycles);
        }
        delay_until(start, bank.activate_from);
    }
    for (Bank& bank : rank.banks) {
        bank.activate_from = start + timing_.refresh_cycles;
    }
    ++refreshes_;
    rank.refresh_due += timing_.refresh_interval_cycles;
}

std::uint64_t DramDevice::refreshes(Cycles now) const {
    const Cycles interval = timing_.refresh_interval_cycles;
    std::uint64_t count = refreshes_;
    for (const Rank& rank : ranks_) {
        if (interval > Cycles{0} && rank.refresh_due <= now) {
            count += (now - rank.refresh_due).value / interval.value + 1;
        }
    }
    return count;
}

}  // namespace mmusim::hw
