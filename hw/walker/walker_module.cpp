// SPDX-License-Identifier: Apache-2.0
#include "hw/walker/walker_module.hpp"

#include "hw/base/wave_module.hpp"

#include <algorithm>
#include <string>

namespace mmusim::hw {

namespace {

constexpr int wave_bits_of_level = wave_bits(max_levels);

}  // namespace

/// One walker: it has at most one walk and one memory transaction under way.
class WalkerModule::Walker {
  public:
    explicit Walker(WalkerModule& module) : module_(module) {}

    [[nodiscard]] bool idle() const { return !request_; }
    void begin(const Request& request);

    [[nodiscard]] bool owns(const tlm::tlm_generic_payload& payload) {
        return &memory_payload_.payload() == &payload;
    }
    void memory_answered();

    void trace(sc_core::sc_trace_file* file, const std::string& name) const;

  private:
    void take_first_step();
    void follow(const WalkStep& step);
    void speak_to_memory();
    void finish();

    [[nodiscard]] TranslationExtension& translation() { return translation_of(*request_->payload); }
    void spend(Cycles cycles) { translation().latency.add(Stage::walk_overhead, cycles); }

    WalkerModule& module_;
    std::optional<Request> request_;
    std::optional<PageWalk> walk_;
    Cycles taken_;
    bool updates_ = false;  // the memory transaction is an update, not a read
    Cycles spoken_;
    MemoryPayload memory_payload_;

    MemberAction<Walker> first_step_action_{*this, &Walker::take_first_step};
    MemberAction<Walker> speak_action_{*this, &Walker::speak_to_memory};
    MemberAction<Walker> memory_action_{*this, &Walker::memory_answered};
    MemberAction<Walker> finish_action_{*this, &Walker::finish};

    WalkerState traced_state_ = WalkerState::idle;
    std::uint8_t traced_level_ = 0;
    std::uint64_t traced_virtual_page_ = 0;
    std::uint64_t traced_entry_address_ = 0;
    std::uint64_t traced_entry_ = 0;
};

void WalkerModule::Walker::begin(const Request& request) {
    request_ = request;
    taken_ = module_.clock_.now();
    const Cycles waited = taken_ - request.arrival;
    translation().latency.add(Stage::walker_wait, waited);

    WalkerStatistics& statistics = module_.statistics_;
    statistics.wait_cycles += waited;
    ++statistics.walks;
    if (translation().sets_dirty_bit) {
        ++statistics.rewalks;
    }

    traced_state_ = WalkerState::start;
    traced_virtual_page_ = page_number_of(translation().request.address).value;
    spend(module_.parameters_.start_cycles);
    module_.clock_.at(taken_ + module_.parameters_.start_cycles, CyclePhase::arbitrate,
                      first_step_action_);
}

void WalkerModule::Walker::take_first_step() {
    walk_.emplace(module_.paging_, translation().request);
    follow(walk_->start());
}

// Does what the walk asks for next, or ends it.
void WalkerModule::Walker::follow(const WalkStep& step) {
    const unsigned entry_bytes = format_of(module_.paging_.mode).entry_bytes;
    const Cycles now = module_.clock_.now();

    if (const auto* read = std::get_if<ReadEntry>(&step)) {
        updates_ = false;
        memory_payload_.begin_read(read->address, entry_bytes, MemoryPurpose::pte_read);
        traced_state_ = WalkerState::step;
        traced_level_ = static_cast<std::uint8_t>(read->level);
        traced_entry_address_ = read->address.value;
        ++module_.statistics_.pte_reads;
        ++module_.statistics_.pte_reads_by_level.at(read->level);
        spend(module_.parameters_.step_cycles);
        module_.clock_.at(now + module_.parameters_.step_cycles, CyclePhase::arbitrate,
                          speak_action_);
        return;
    }
    if (const auto* update = std::get_if<UpdateEntry>(&step)) {
        updates_ = true;
        memory_payload_.begin_exchange(update->address, update->expected.raw, update->desired.raw,
                                       entry_bytes, MemoryPurpose::ad_update);
        module_.clock_.at(now, CyclePhase::arbitrate, speak_action_);
        return;
    }
    if (const auto* walked = std::get_if<Walked>(&step)) {
        translation().page = walked->page;
        ++module_.statistics_.completed;
    } else {
        translation().fault = std::get<WalkFault>(step).cause;
        ++module_.statistics_.faulted;
    }
    traced_state_ = WalkerState::finish;
    spend(module_.parameters_.finish_cycles);
    module_.clock_.at(now + module_.parameters_.finish_cycles, CyclePhase::answer, finish_action_);
}

void WalkerModule::Walker::speak_to_memory() {
    traced_state_ = updates_ ? WalkerState::update : WalkerState::read;
    spoken_ = module_.clock_.now();
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const tlm::tlm_sync_enum status =
        module_.memory_initiator->nb_transport_fw(memory_payload_.payload(), phase, delay);
    if (status == tlm::TLM_COMPLETED) {
        module_.clock_.at(spoken_ + module_.clock_.to_cycles(delay), CyclePhase::answer,
                          memory_action_);
    }
}

void WalkerModule::Walker::memory_answered() {
    // What the memory did not need for itself was waiting, wherever that was.
    const Cycles service = memory_payload_.request().timing.service;
    const Cycles waited = module_.clock_.now() - spoken_ - service;
    translation().latency.add(updates_ ? Stage::ad_update : Stage::pte_read, service);
    translation().latency.add(updates_ ? Stage::ad_update_wait : Stage::pte_read_wait, waited);

    if (memory_payload_.failed()) {
        follow(walk_->memory_failed());
    } else if (updates_) {
        const bool exchanged = memory_payload_.request().exchanged;
        if (exchanged) {
            ++module_.statistics_.ad_updates;
        }
        follow(walk_->entry_updated(exchanged));
    } else {
        traced_entry_ = memory_payload_.value();
        follow(walk_->entry_read({memory_payload_.value()}));
    }
}

void WalkerModule::Walker::finish() {
    const Request request = *request_;
    TranslationExtension& answered = translation();
    answered.walked = !answered.sets_dirty_bit;
    module_.statistics_.service_cycles += module_.clock_.now() - taken_;
    request_.reset();
    traced_state_ = WalkerState::idle;
    module_.hand_out_later();

    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    module_.upstream_target[request.upstream]->nb_transport_bw(*request.payload, phase, delay);
}

void WalkerModule::Walker::trace(sc_core::sc_trace_file* file, const std::string& name) const {
    trace_enumeration(file, traced_state_, name + ".state");
    sc_core::sc_trace(file, traced_level_, name + ".level", wave_bits_of_level);
    sc_core::sc_trace(file, traced_virtual_page_, name + ".virtual_page",
                      wave_bits_of_virtual_page);
    sc_core::sc_trace(file, traced_entry_address_, name + ".entry_address",
                      wave_bits_of_physical_address);
    sc_core::sc_trace(file, traced_entry_, name + ".entry");
}

WalkerModule::WalkerModule(const sc_core::sc_module_name& name, const WalkerParameters& parameters,
                           const PagingParameters& paging, ClockModule& clock)
    : sc_module(name), parameters_(parameters), paging_(paging), clock_(clock) {
    for (std::uint32_t number = 0; number < parameters.count; ++number) {
        walkers_.push_back(std::make_unique<Walker>(*this));
    }
    upstream_target.register_nb_transport_fw(this, &WalkerModule::begin_request);
    memory_initiator.register_nb_transport_bw(this, &WalkerModule::memory_answered);
}

WalkerModule::~WalkerModule() = default;

tlm::tlm_sync_enum WalkerModule::begin_request(int upstream, tlm::tlm_generic_payload& payload,
                                               tlm::tlm_phase& /*phase*/,
                                               sc_core::sc_time& /*delay*/) {
    waiting_.push_back({.upstream = upstream, .payload = &payload, .arrival = clock_.now()});
    hand_out_later();
    return tlm::TLM_ACCEPTED;
}

tlm::tlm_sync_enum WalkerModule::memory_answered(tlm::tlm_generic_payload& payload,
                                                 tlm::tlm_phase& phase,
                                                 sc_core::sc_time& /*delay*/) {
    const auto owner =
        std::find_if(walkers_.begin(), walkers_.end(),
                     [&payload](const auto& walker) { return walker->owns(payload); });
    (*owner)->memory_answered();
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

void WalkerModule::hand_out_later() {
    if (!hand_out_due_ && !waiting_.empty()) {
        hand_out_due_ = true;
        clock_.at(clock_.now(), CyclePhase::arbitrate, hand_out_action_);
    }
}

void WalkerModule::hand_out_requests() {
    hand_out_due_ = false;
    for (const std::unique_ptr<Walker>& walker : walkers_) {
        if (walker->idle() && !waiting_.empty()) {
            walker->begin(waiting_.front());
            waiting_.pop_front();
        }
    }
}

void WalkerModule::trace(sc_core::sc_trace_file* file) const {
    for (std::size_t number = 0; number < walkers_.size(); ++number) {
        walkers_[number]->trace(file, wave_name(*this, "walker" + std::to_string(number)));
    }
    sc_core::sc_trace(file, statistics_.walks, wave_name(*this, "walks"));
}

}  // namespace mmusim::hw
