// SPDX-License-Identifier: Apache-2.0
#include "hw/cache/cache_module.hpp"

#include "hw/base/wave_module.hpp"

#include <algorithm>
#include <utility>

namespace mmusim::hw {

namespace {

struct LineRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;

    [[nodiscard]] std::uint64_t count() const { return last - first + 1; }
};

LineRange lines_of(const tlm::tlm_generic_payload& payload, std::uint64_t line_bytes) {
    const std::uint64_t last_byte = payload.get_address() + payload.get_data_length() - 1;
    return {.first = payload.get_address() / line_bytes, .last = last_byte / line_bytes};
}

bool covers(const tlm::tlm_generic_payload& payload, LineNumber line, std::uint64_t line_bytes) {
    const std::uint64_t begin = line.value * line_bytes;
    return payload.get_address() <= begin &&
           begin + line_bytes <= payload.get_address() + payload.get_data_length();
}

// An exchange that finds something else writes nothing.
LineUse use_of(const tlm::tlm_generic_payload& payload, const MemoryExtension& request) {
    const bool writes = payload.is_write() && (!request.expected || request.exchanged);
    return writes ? LineUse::writes : LineUse::reads;
}

}  // namespace

/// A request from above that could not be answered at once.
class CacheModule::Transaction {
  public:
    explicit Transaction(CacheModule& module) : module_(module) {}

    void begin(int upstream, tlm::tlm_generic_payload& payload, Cycles own_time) {
        upstream_ = upstream;
        payload_ = &payload;
        arrival_ = module_.clock_.now();
        own_time_ = own_time;
        slowest_below_ = {};
        needs_ = 0;
    }
    void needs_one_more() { ++needs_; }

    /// One of its needs has come, after so much service below.
    void provide(Cycles service_below) {
        slowest_below_ = std::max(slowest_below_, service_below);
        if (--needs_ != 0) {
            return;
        }
        const Cycles now = module_.clock_.now();
        const Cycles ready = arrival_ + own_time_;
        if (ready > now) {
            module_.clock_.at(ready, CyclePhase::answer, answer_action_);
        } else {
            answer();
        }
    }

  private:
    void answer() {
        const Cycles total = module_.clock_.now() - arrival_;
        // What joined a fetch halfway has not seen all of its service.
        const Cycles service = std::min(total, own_time_ + slowest_below_);
        MemoryTiming& timing = memory_request_of(*payload_).timing;
        timing = {.wait = total - service, .service = service};
        module_.count_timing(timing);
        module_.transactions_.give_back(*this);

        tlm::tlm_phase phase = tlm::BEGIN_RESP;
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        module_.upstream_target[upstream_]->nb_transport_bw(*payload_, phase, delay);
    }

    CacheModule& module_;
    int upstream_ = 0;
    tlm::tlm_generic_payload* payload_ = nullptr;
    Cycles arrival_;
    Cycles own_time_;
    Cycles slowest_below_;
    std::uint64_t needs_ = 0;
    MemberAction<Transaction> answer_action_{*this, &Transaction::answer};
};

/// A request to the next level: a line that is fetched or written back, or a write passed on.
class CacheModule::Errand {
  public:
    Errand(CacheModule& module, std::size_t number) : module_(module), payload_(number) {}

    void fetch(LineNumber line, Cycles when) {
        line_ = line;
        payload_.begin_without_values(tlm::TLM_READ_COMMAND, address_of(line_), line_bytes(),
                                      MemoryPurpose::line_fill);
        send_at(when);
    }

    void write_back(LineNumber line, Cycles when) {
        payload_.begin_without_values(tlm::TLM_WRITE_COMMAND, address_of(line), line_bytes(),
                                      MemoryPurpose::write_back);
        send_at(when);
    }

    void pass_on(Transaction& writer, const tlm::tlm_generic_payload& payload, Cycles when) {
        payload_.begin_without_values(tlm::TLM_WRITE_COMMAND, {payload.get_address()},
                                      payload.get_data_length(), MemoryPurpose::write_through);
        targets_.push_back({.transaction = &writer, .line = {}, .looked_up = when});
        send_at(when);
    }

    void join(const LineRequest& request) { targets_.push_back(request); }

    /// Counts what has not reached the next level yet.
    void count_if_unsent(CacheStatistics& statistics) const {
        if (!unsent_) {
            return;
        }
        switch (payload_.request().purpose) {
            case MemoryPurpose::line_fill:
                ++statistics.accesses;
                ++statistics.misses;
                ++statistics.fills;
                break;
            case MemoryPurpose::write_back:
                ++statistics.evictions;
                ++statistics.write_backs;
                break;
            default: ++statistics.write_throughs;
        }
    }

    [[nodiscard]] LineNumber line() const { return line_; }

    void answered() {
        if (payload_.request().purpose == MemoryPurpose::line_fill) {
            enter_line();
        }
        for (const LineRequest& target : targets_) {
            target.transaction->provide(payload_.request().timing.service);
        }
        targets_.clear();
        module_.errands_.give_back(*this);
    }

  private:
    [[nodiscard]] std::uint32_t line_bytes() const { return module_.parameters_.line_bytes; }
    [[nodiscard]] PhysicalAddress address_of(LineNumber line) const {
        return {line.value * line_bytes()};
    }

    void send_at(Cycles when) {
        unsent_ = true;
        module_.clock_.at(when, CyclePhase::arbitrate, send_action_);
    }

    void send() {
        unsent_ = false;
        tlm::tlm_phase phase = tlm::BEGIN_REQ;
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        const tlm::tlm_sync_enum status =
            module_.downstream_initiator->nb_transport_fw(payload_.payload(), phase, delay);
        if (status == tlm::TLM_COMPLETED) {
            module_.clock_.at(module_.clock_.now() + module_.clock_.to_cycles(delay),
                              CyclePhase::answer, answered_action_);
        }
    }

    // The MSHR is free from here on, so whoever waits for one takes it in this cycle.
    void enter_line() {
        const bool written =
            std::any_of(targets_.begin(), targets_.end(),
                        [](const LineRequest& target) { return target.use == LineUse::writes; });
        std::erase(module_.fills_, this);
        module_.enter(line_, written ? LineUse::writes : LineUse::reads, module_.clock_.now());
        module_.take_waiting();
        module_.show_state();
    }

    CacheModule& module_;
    LineNumber line_;
    std::vector<LineRequest> targets_;
    MemoryPayload payload_;
    bool unsent_ = false;
    MemberAction<Errand> send_action_{*this, &Errand::send};
    MemberAction<Errand> answered_action_{*this, &Errand::answered};
};

CacheModule::CacheModule(const sc_core::sc_module_name& name, const CacheParameters& parameters,
                         std::uint64_t seed, ClockModule& clock)
    : sc_module(name), parameters_(parameters), clock_(clock), array_(parameters, seed) {
    upstream_target.register_nb_transport_fw(this, &CacheModule::begin_transaction);
    upstream_target.register_transport_dbg(this, &CacheModule::debug_transport);
    downstream_initiator.register_nb_transport_bw(this, &CacheModule::end_errand);
}

CacheModule::~CacheModule() = default;

void CacheModule::reset_statistics() {
    statistics_ = {};
    for (const std::unique_ptr<Errand>& errand : errands_.all()) {
        errand->count_if_unsent(statistics_);
    }
}

tlm::tlm_sync_enum CacheModule::begin_transaction(int upstream, tlm::tlm_generic_payload& payload,
                                                  tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    MemoryExtension& request = memory_request_of(payload);
    Cycles own_time = parameters_.hit_latency_cycles;
    if (take_effect(payload)) {
        ++statistics_.transactions;
        ++statistics_.by_purpose[request.purpose];
        if (payload.is_write() && !parameters_.write_back) {
            write_through(upstream, payload);
            show(payload);
            return tlm::TLM_ACCEPTED;
        }
        const bool incomplete = look_up_lines(upstream, payload) != nullptr;
        show(payload);
        if (incomplete) {
            return tlm::TLM_ACCEPTED;
        }
        own_time = time_of_lines(lines_of(payload, parameters_.line_bytes).count());
        count_timing({.wait = {}, .service = own_time});
    } else {
        ++statistics_.errors;
    }
    request.timing = {.wait = {}, .service = own_time};
    delay += clock_.to_time(own_time);
    phase = tlm::BEGIN_RESP;
    return tlm::TLM_COMPLETED;
}

tlm::tlm_sync_enum CacheModule::end_errand(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                           sc_core::sc_time& /*delay*/) {
    errands_[memory_request_of(payload).number].answered();
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

unsigned CacheModule::debug_transport(int /*upstream*/, tlm::tlm_generic_payload& payload) {
    return downstream_initiator->transport_dbg(payload);
}

// In memory, and at once; false where there is no memory. What a cache above sends has already.
bool CacheModule::take_effect(tlm::tlm_generic_payload& payload) {
    if (is_transfer_between_levels(memory_request_of(payload).purpose)) {
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        return true;
    }
    return downstream_initiator->transport_dbg(payload) != 0;
}

CacheModule::Transaction* CacheModule::look_up_lines(int upstream,
                                                     tlm::tlm_generic_payload& payload) {
    const LineRange lines = lines_of(payload, parameters_.line_bytes);
    const LineUse use = use_of(payload, memory_request_of(payload));
    Transaction* transaction = nullptr;
    for (std::uint64_t number = lines.first; number <= lines.last; ++number) {
        const LineNumber line{number};
        if (look_up(line, use)) {
            continue;
        }
        const Cycles looked_up = clock_.now() + time_of_lines(number - lines.first + 1);
        const bool under_way = fill_of(line) != nullptr || waiting_.contains(line);
        if (payload.is_write() && covers(payload, line, parameters_.line_bytes) && !under_way) {
            ++statistics_.misses_without_fill;
            enter(line, use, looked_up);
            continue;
        }
        if (transaction == nullptr) {
            transaction = &transactions_.take(*this);
            transaction->begin(upstream, payload, time_of_lines(lines.count()));
        }
        transaction->needs_one_more();
        fetch({.transaction = transaction, .line = line, .use = use, .looked_up = looked_up});
    }
    return transaction;
}

// The whole transaction goes on; lines that are here stay as they are.
void CacheModule::write_through(int upstream, tlm::tlm_generic_payload& payload) {
    const LineRange lines = lines_of(payload, parameters_.line_bytes);
    for (std::uint64_t number = lines.first; number <= lines.last; ++number) {
        if (!look_up({number}, LineUse::reads)) {
            ++statistics_.misses_without_fill;
        }
    }
    ++statistics_.write_throughs;
    const Cycles own_time = parameters_.hit_latency_cycles;
    Transaction& transaction = transactions_.take(*this);
    transaction.begin(upstream, payload, own_time);
    transaction.needs_one_more();
    new_errand().pass_on(transaction, payload, clock_.now() + own_time);
}

bool CacheModule::look_up(LineNumber line, LineUse use) {
    ++statistics_.accesses;
    if (array_.lookup(line, use)) {
        ++statistics_.hits;
        return true;
    }
    ++statistics_.misses;
    return false;
}

// Who needs a line that somebody waits for waits as well, so that a line never comes while one that
// needs it still waits for an MSHR.
void CacheModule::fetch(const LineRequest& request) {
    if (Errand* const fill = fill_of(request.line)) {
        ++statistics_.mshr_merges;
        fill->join(request);
        return;
    }
    ++(waiting_.contains(request.line) ? statistics_.mshr_merges : statistics_.fills);
    if (fills_.size() == parameters_.mshrs) {
        waiting_.add(request);
        return;
    }
    begin_fill(request.line, request.looked_up).join(request);
}

CacheModule::Errand& CacheModule::begin_fill(LineNumber line, Cycles looked_up) {
    Errand& fill = new_errand();
    fills_.push_back(&fill);
    fill.fetch(line, std::max(clock_.now(), looked_up));
    return fill;
}

void CacheModule::take_waiting() {
    while (!waiting_.empty() && fills_.size() < parameters_.mshrs) {
        const LineRequest& first = waiting_.first();
        Errand& fill = begin_fill(first.line, first.looked_up);
        waiting_.take_first_line([&fill](const LineRequest& request) { fill.join(request); });
    }
}

void CacheModule::enter(LineNumber line, LineUse use, Cycles write_back_at) {
    const std::optional<CacheArray::Line> evicted = array_.fill(line, use);
    if (!evicted) {
        return;
    }
    ++statistics_.evictions;
    if (evicted->dirty) {
        ++statistics_.write_backs;
        new_errand().write_back(evicted->number, write_back_at);
    }
}

Cycles CacheModule::time_of_lines(std::uint64_t lines) const {
    return parameters_.hit_latency_cycles + Cycles{lines - 1};
}

void CacheModule::count_timing(const MemoryTiming& timing) {
    statistics_.wait_cycles += timing.wait;
    statistics_.service_cycles += timing.service;
}

CacheModule::Errand& CacheModule::new_errand() {
    return errands_.take(*this, errands_.size());
}

CacheModule::Errand* CacheModule::fill_of(LineNumber line) const {
    const auto found = std::find_if(fills_.begin(), fills_.end(),
                                    [line](const Errand* fill) { return fill->line() == line; });
    return found == fills_.end() ? nullptr : *found;
}

void CacheModule::show(tlm::tlm_generic_payload& payload) {
    if (!traced_) {
        return;
    }
    const MemoryPurpose purpose = memory_request_of(payload).purpose;
    traced_purpose_.begin(purpose);
    traced_address_ = payload.get_address();
    traced_data_ = word_of(payload, purpose);
    // Nobody's event ends a hit: its answer was known when it began.
    traced_hit_end_.name(clock_.now() + parameters_.hit_latency_cycles);
    show_state();
}

void CacheModule::show_state() {
    if (!traced_) {
        return;
    }
    traced_mshrs_ = static_cast<std::uint32_t>(fills_.size());
    if (!fills_.empty()) {
        traced_state_ = waiting_.empty() ? CacheState::miss : CacheState::full;
    } else {
        traced_state_ = traced_hit_end_.is_to_come() ? CacheState::hit : CacheState::idle;
    }
    if (traced_state_ == CacheState::idle) {
        traced_purpose_.end();
    }
}

void CacheModule::trace(sc_core::sc_trace_file* file) const {
    trace_enumeration(file, traced_state_, wave_name(*this, "state"));
    trace_activity(file, traced_purpose_, wave_name(*this, "purpose"));
    sc_core::sc_trace(file, traced_address_, wave_name(*this, "address"),
                      wave_bits_of_physical_address);
    sc_core::sc_trace(file, traced_data_, wave_name(*this, "data"));
    sc_core::sc_trace(file, traced_mshrs_, wave_name(*this, "mshrs_taken"));
    sc_core::sc_trace(file, statistics_.hits, wave_name(*this, "hits"));
    sc_core::sc_trace(file, statistics_.misses, wave_name(*this, "misses"));
    sc_core::sc_trace(file, statistics_.fills, wave_name(*this, "fills"));
    sc_core::sc_trace(file, statistics_.write_backs, wave_name(*this, "write_backs"));
}

}  // namespace mmusim::hw
