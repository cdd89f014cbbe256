// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/dram_channel.hpp"

#include <algorithm>
#include <iterator>

namespace mmusim::hw {

namespace {

RowOutcome outcome_of(DramCommand first_command) {
    switch (first_command) {
        case DramCommand::activate: return RowOutcome::miss;
        case DramCommand::precharge: return RowOutcome::conflict;
        case DramCommand::read:
        case DramCommand::write: break;
    }
    return RowOutcome::hit;
}

bool is_column(DramCommand command) {
    return command == DramCommand::read || command == DramCommand::write;
}

bool same_row(const DramAddress& left, const DramAddress& right) {
    return left.rank == right.rank && left.bank == right.bank && left.row == right.row;
}

}  // namespace

DramChannel::DramChannel(const DramParameters& parameters, const DramTiming& timing)
    : parameters_(parameters), device_(parameters, timing) {}

bool DramChannel::has_room(bool writes) const {
    return writes ? writes_.size() < parameters_.write_queue_entries
                  : reads_.size() < parameters_.read_queue_entries;
}

bool DramChannel::holds_write_of(const DramAddress& place) const {
    return std::any_of(writes_.begin(), writes_.end(),
                       [&place](const Burst& burst) { return burst.place == place; });
}

void DramChannel::enqueue(const Burst& burst) {
    (burst.writes ? writes_ : reads_).push_back(burst);
    turn_if_due();
}

void DramChannel::turn_if_due() {
    if (draining_) {
        const bool enough = writes_.size() <= parameters_.write_low_watermark;
        draining_ = !writes_.empty() && (reads_.empty() || !enough);
    } else {
        draining_ = !writes_.empty() &&
                    (reads_.empty() || writes_.size() >= parameters_.write_high_watermark);
    }
}

std::optional<DramChannel::Served> DramChannel::step(Cycles now) {
    device_.refresh(now);
    const std::optional<Choice> choice = best_choice(now);
    if (!choice || choice->when > now) {
        return std::nullopt;
    }
    Burst& burst = active()[choice->index];
    if (!burst.outcome) {
        burst.outcome = outcome_of(choice->command);
    }
    last_command_ = GivenCommand{.command = choice->command, .place = burst.place, .when = now};
    if (is_column(choice->command)) {
        return serve(*choice, now);
    }
    device_.issue(choice->command, burst.place, now);
    return std::nullopt;
}

DramChannel::Served DramChannel::serve(const Choice& choice, Cycles now) {
    Queue& queue = active();
    const Burst burst = queue[choice.index];
    queue.erase(std::next(queue.begin(), static_cast<std::ptrdiff_t>(choice.index)));
    const Cycles data_end = device_.issue(choice.command, burst.place, now);
    if (parameters_.row_policy == RowPolicy::closed && !somebody_hits_the_row_of(burst.place)) {
        device_.close_after(burst.place);
    }
    ++(burst.writes ? statistics_.write_bursts : statistics_.read_bursts);
    (burst.writes ? statistics_.write_queue_cycles : statistics_.read_queue_cycles) +=
        now - burst.arrival;
    switch (*burst.outcome) {
        case RowOutcome::hit: ++statistics_.row_hits; break;
        case RowOutcome::miss: ++statistics_.row_misses; break;
        case RowOutcome::conflict: ++statistics_.row_conflicts; break;
    }
    turn_if_due();
    return {.burst = burst, .data_end = data_end};
}

std::optional<Cycles> DramChannel::next_step(Cycles now) const {
    const std::optional<Choice> choice = best_choice(now);
    if (!choice) {
        return std::nullopt;
    }
    return choice->when;
}

// What can be given now, else what can be given first.
std::optional<DramChannel::Choice> DramChannel::best_choice(Cycles now) const {
    const Queue& queue = active();
    const bool in_order = parameters_.scheduler == DramScheduling::fcfs;
    const std::size_t count = in_order ? std::min<std::size_t>(queue.size(), 1) : queue.size();
    std::optional<Choice> best;
    for (std::size_t index = 0; index < count; ++index) {
        const Burst& burst = queue[index];
        const DramCommand command = device_.next_command(burst.place, burst.writes);
        const Choice choice{
            .index = index,
            .command = command,
            .when = std::max({device_.earliest(command, burst.place), burst.ready, now})};
        if (best && !is_better(choice, *best, now)) {
            continue;
        }
        if (command == DramCommand::precharge && !in_order) {
            DramAddress open = burst.place;
            open.row = device_.open_row(burst.place);
            if (somebody_hits_the_row_of(open)) {
                continue;  // first those for whom the row is open
            }
        }
        best = choice;
    }
    return best;
}

// The candidates come from the oldest to the youngest.
bool DramChannel::is_better(const Choice& left, const Choice& right, Cycles now) const {
    if (left.when > now || right.when > now) {
        return left.when < right.when;
    }
    return is_column(left.command) && !is_column(right.command);
}

bool DramChannel::somebody_hits_the_row_of(const DramAddress& place) const {
    return std::any_of(active().begin(), active().end(),
                       [&place](const Burst& burst) { return same_row(burst.place, place); });
}

DramStatistics DramChannel::statistics(Cycles now) const {
    DramStatistics result = statistics_;
    result.activates = device_.activates() - before_reset_.activates;
    result.precharges = device_.precharges() - before_reset_.precharges;
    result.refreshes = device_.refreshes(now) - before_reset_.refreshes;
    return result;
}

void DramChannel::reset_statistics(Cycles now) {
    statistics_ = {};
    before_reset_.activates = device_.activates();
    before_reset_.precharges = device_.precharges();
    before_reset_.refreshes = device_.refreshes(now);
}

}  // namespace mmusim::hw
