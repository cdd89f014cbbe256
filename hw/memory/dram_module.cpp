// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/dram_module.hpp"

#include "hw/base/activity.hpp"
#include "hw/base/wave_end_module.hpp"
#include "hw/base/wave_module.hpp"
#include "hw/memory/memory_payload_module.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace mmusim::hw {

/// What is left to do of a request.
class DramModule::Transaction {
  public:
    Transaction(DramModule& module, std::size_t tag) : module_(module), tag_(tag) {}

    void begin(int upstream, tlm::tlm_generic_payload& payload, bool writes) {
        upstream_ = upstream;
        payload_ = &payload;
        begin_bursts({payload.get_address()}, payload.get_data_length(), writes);
    }

    /// One that nobody waits for: the second half of an exchange.
    void begin_write_of(const Transaction& exchange) {
        payload_ = nullptr;
        begin_bursts(exchange.next_, exchange.bytes_, true);
    }

    [[nodiscard]] std::size_t tag() const { return tag_; }
    [[nodiscard]] bool writes() const { return writes_; }
    [[nodiscard]] Cycles arrival() const { return arrival_; }
    [[nodiscard]] bool is_admitted() const { return to_admit_ == 0; }
    [[nodiscard]] PhysicalAddress next_burst() const { return next_; }

    void burst_admitted() {
        --to_admit_;
        next_ = next_ + module_.parameters_.burst_bytes;
    }

    void burst_done(Cycles when, Cycles own_time) {
        done_ = std::max(done_, when);
        own_time_ = std::max(own_time_, own_time);
        if (--to_finish_ == 0) {
            module_.clock_.at(done_, CyclePhase::answer, done_action_);
        }
    }

  private:
    void begin_bursts(PhysicalAddress address, std::uint64_t bytes, bool writes) {
        const std::uint64_t burst_bytes = module_.parameters_.burst_bytes;
        const std::uint64_t first = address.value / burst_bytes;
        const std::uint64_t last = (address.value + bytes - 1) / burst_bytes;
        bytes_ = bytes;
        writes_ = writes;
        arrival_ = module_.clock_.now();
        next_ = {first * burst_bytes};
        bursts_ = last - first + 1;
        to_admit_ = bursts_;
        to_finish_ = bursts_;
        done_ = {};
        own_time_ = {};
    }

    void finish() {
        if (payload_ != nullptr) {
            const Cycles total = module_.clock_.now() - arrival_;
            const Cycles burst_after_burst =
                writes_ ? Cycles{0} : module_.timing_.burst_cycles * (bursts_ - 1);
            const Cycles service = std::min(total, own_time_ + burst_after_burst);
            memory_request_of(*payload_).timing = {.wait = total - service, .service = service};
        }
        module_.transactions_.give_back(*this);
        if (payload_ != nullptr) {
            module_.client_.transaction_done(upstream_, *payload_);
        }
    }

    DramModule& module_;
    std::size_t tag_;
    int upstream_ = 0;
    tlm::tlm_generic_payload* payload_ = nullptr;
    std::uint64_t bytes_ = 0;
    bool writes_ = false;
    Cycles arrival_;
    PhysicalAddress next_;
    std::uint64_t bursts_ = 0;
    std::uint64_t to_admit_ = 0;
    std::uint64_t to_finish_ = 0;
    Cycles done_;
    Cycles own_time_;  // what its slowest burst would have taken alone
    MemberAction<Transaction> done_action_{*this, &Transaction::finish};
};

/// One channel, woken in the cycles in which it can give a command.
class DramModule::Channel {
  public:
    explicit Channel(DramModule& module)
        : module_(module), channel_(module.parameters_, module.timing_) {}

    [[nodiscard]] DramChannel& channel() { return channel_; }
    [[nodiscard]] const DramChannel& channel() const { return channel_; }

    void enqueue(const DramChannel::Burst& burst) {
        channel_.enqueue(burst);
        wake_when_due();
    }

    void trace(sc_core::sc_trace_file* file, const std::string& name) const {
        trace_activity(file, traced_command_, name + ".command");
        sc_core::sc_trace(file, traced_place_.rank, name + ".rank");
        sc_core::sc_trace(file, traced_place_.bank, name + ".bank");
        sc_core::sc_trace(file, traced_place_.row, name + ".row");
        const DramStatistics& counted = channel_.counted_bursts();
        sc_core::sc_trace(file, counted.row_hits, name + ".row_hits");
        sc_core::sc_trace(file, counted.row_misses, name + ".row_misses");
        sc_core::sc_trace(file, counted.row_conflicts, name + ".row_conflicts");
    }

  private:
    // An earlier time may be found while a later one is on the agenda; that one then comes to
    // nothing.
    void wake_when_due() {
        const std::optional<Cycles> next = channel_.next_step(module_.clock_.now());
        if (next && (!due_ || *next < *due_)) {
            due_ = next;
            module_.clock_.at(*next, CyclePhase::arbitrate, wake_action_);
        }
    }

    void wake() {
        const Cycles now = module_.clock_.now();
        if (due_ != now) {
            return;
        }
        due_.reset();
        const std::optional<DramChannel::Served> served = channel_.step(now);
        if (module_.traced_) {
            show(served);
        }
        if (served) {
            const DramChannel::Burst& burst = served->burst;
            if (!burst.writes) {
                module_.transactions_[burst.tag].burst_done(
                    served->data_end, module_.own_time_of_read(*burst.outcome));
            }
            module_.admit_waiting(burst.writes);
        }
        wake_when_due();
    }

    // A row that is opened or closed leads to a read or write, which shows until its data has
    // passed.
    void show(const std::optional<DramChannel::Served>& served) {
        const std::optional<DramChannel::GivenCommand>& given = channel_.last_command();
        if (!given || given->when != module_.clock_.now()) {
            return;
        }
        traced_command_.begin(given->command);
        traced_place_ = given->place;
        traced_end_.cancel();
        if (served) {
            traced_end_.name(served->data_end);
        }
    }

    void show_idle() { traced_command_.end(); }

    DramModule& module_;
    DramChannel channel_;
    std::optional<Cycles> due_;
    MemberAction<Channel> wake_action_{*this, &Channel::wake};

    // What the waves show: the command given last, and its place.
    Activity<DramCommand> traced_command_;
    DramAddress traced_place_;
    MemberAction<Channel> idle_action_{*this, &Channel::show_idle};
    WaveEnd traced_end_{module_.clock_, idle_action_};  // of a read or write
};

DramModule::DramModule(const DramParameters& parameters, PhysicalAddress base,
                       std::uint64_t size_bytes, DramClient& client, ClockModule& clock)
    : parameters_(parameters),
      timing_(dram_timing_of(parameters, clock.period_ps())),
      mapping_(parameters, base, size_bytes),
      client_(client),
      clock_(clock) {
    for (std::uint32_t number = 0; number < parameters.channels; ++number) {
        channels_.push_back(std::make_unique<Channel>(*this));
    }
}

DramModule::~DramModule() = default;

void DramModule::begin(int upstream, tlm::tlm_generic_payload& payload) {
    const bool exchanges = memory_request_of(payload).expected.has_value();
    const bool writes = payload.is_write() && !exchanges;
    Transaction& transaction = transactions_.take(*this, transactions_.size());
    transaction.begin(upstream, payload, writes);
    (writes ? writes_outside_ : reads_outside_).push_back(&transaction);
    if (exchanges && memory_request_of(payload).exchanged) {
        Transaction& write = transactions_.take(*this, transactions_.size());
        write.begin_write_of(transaction);
        writes_outside_.push_back(&write);
    }
    // Reads first: the read of an exchange is not answered by its own write.
    admit_waiting(false);
    admit_waiting(true);
}

void DramModule::admit_waiting(bool writes) {
    std::deque<Transaction*>& outside = writes ? writes_outside_ : reads_outside_;
    while (!outside.empty()) {
        if (!admit(*outside.front())) {
            return;
        }
        if (outside.front()->is_admitted()) {
            outside.pop_front();
        }
    }
}

// The next burst of the transaction; false if there is no room for it.
bool DramModule::admit(Transaction& transaction) {
    const DramAddress place = mapping_.locate(transaction.next_burst());
    Channel& channel = *channels_[place.channel];
    const Cycles now = clock_.now();
    const Cycles through = now + parameters_.controller_cycles;
    if (!transaction.writes() && channel.channel().holds_write_of(place)) {
        ++statistics_.forwarded_reads;
        transaction.burst_admitted();
        transaction.burst_done(through, parameters_.controller_cycles);
        return true;
    }
    if (!channel.channel().has_room(transaction.writes())) {
        return false;
    }
    statistics_.outside_wait_cycles += now - transaction.arrival();
    transaction.burst_admitted();
    if (transaction.writes()) {
        transaction.burst_done(through, parameters_.controller_cycles);
    }
    channel.enqueue({.place = place,
                     .writes = transaction.writes(),
                     .arrival = now,
                     .ready = std::max(now, transaction.arrival() + parameters_.controller_cycles),
                     .tag = transaction.tag()});
    return true;
}

// What a burst takes if nobody is in its way. One that writes is answered when it is queued.
Cycles DramModule::own_time_of_read(RowOutcome outcome) const {
    Cycles time = parameters_.controller_cycles + timing_.burst_cycles + timing_.column_cycles;
    if (outcome != RowOutcome::hit) {
        time += timing_.activate_cycles;
    }
    if (outcome == RowOutcome::conflict) {
        time += timing_.precharge_cycles;
    }
    return time;
}

DramStatistics DramModule::statistics() const {
    DramStatistics sum = statistics_;
    for (const std::unique_ptr<Channel>& channel : channels_) {
        const DramStatistics part = channel->channel().statistics(clock_.now());
        for_each_field<DramStatistics>(
            [&](const auto& field) { sum.*field.member += part.*field.member; });
    }
    return sum;
}

void DramModule::reset_statistics() {
    statistics_ = {};
    for (const std::unique_ptr<Channel>& channel : channels_) {
        channel->channel().reset_statistics(clock_.now());
    }
}

void DramModule::trace(sc_core::sc_trace_file* file, const std::string& name) const {
    for (std::size_t number = 0; number < channels_.size(); ++number) {
        channels_[number]->trace(file, fmt::format("{}.channel{}", name, number));
    }
}

}  // namespace mmusim::hw
