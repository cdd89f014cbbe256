// SPDX-License-Identifier: Apache-2.0
#include "hw/tlb/tlb_module.hpp"

#include "hw/base/wave_module.hpp"

#include <algorithm>
#include <utility>

namespace mmusim::hw {

std::vector<PageSize> page_sizes_of(const TlbParameters& parameters,
                                    const PagingParameters& paging) {
    std::vector<PageSize> sizes = parameters.page_sizes;
    if (sizes.empty()) {
        sizes = all_page_sizes(paging);
    }
    std::sort(sizes.begin(), sizes.end());
    return sizes;
}

TlbModule::TlbModule(const sc_core::sc_module_name& name, const TlbParameters& parameters,
                     const PagingParameters& paging, std::uint64_t seed, ClockModule& clock)
    : sc_module(name),
      parameters_(parameters),
      paging_(paging),
      clock_(clock),
      array_(parameters, page_sizes_of(parameters, paging), seed) {
    upstream_target.register_nb_transport_fw(this, &TlbModule::begin_request);
    downstream_initiator.register_nb_transport_bw(this, &TlbModule::end_request);
}

void TlbModule::fence(const Fence& fence) {
    statistics_.invalidations += array_.invalidate(fence);
}

TlbStatistics TlbModule::statistics() const {
    TlbStatistics result = statistics_;
    for (const PageSize size : page_sizes_of(parameters_, paging_)) {
        result.by_page_size[size] = statistics_by_log2_size_.at(size.log2_bytes);
    }
    return result;
}

void TlbModule::reset_statistics() {
    statistics_ = {};
    statistics_by_log2_size_ = {};
}

tlm::tlm_sync_enum TlbModule::begin_request(int upstream, tlm::tlm_generic_payload& payload,
                                            tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    Request request{.upstream = upstream, .payload = &payload, .arrival = clock_.now()};
    // Between an answer and the turn of who waits, nothing is pending: a newcomer still queues.
    if (pending_ || !waiting_.empty()) {
        waiting_.push_back(request);
        return tlm::TLM_ACCEPTED;
    }
    TranslationExtension& translation = translation_of(payload);
    if (translation.sets_dirty_bit) {
        pending_ = request;
        send_down();
        return tlm::TLM_ACCEPTED;
    }
    request.role = look_up(translation);
    if (request.role != Role::hit) {
        send_down_later(request);
        return tlm::TLM_ACCEPTED;
    }
    delay += clock_.to_time(parameters_.hit_latency_cycles);
    phase = tlm::BEGIN_RESP;
    return tlm::TLM_COMPLETED;
}

tlm::tlm_sync_enum TlbModule::end_request(tlm::tlm_generic_payload& /*payload*/,
                                          tlm::tlm_phase& phase, sc_core::sc_time& /*delay*/) {
    answer();
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

TlbModule::Role TlbModule::look_up(TranslationExtension& translation) {
    const TranslationRequest& request = translation.request;
    ++statistics_.lookups;
    ++translation.lookups;
    const bool first = translation.lookups == 1;
    translation.latency.add(first ? Stage::first_tlb_lookup : Stage::lower_tlb_lookup,
                            parameters_.hit_latency_cycles);

    const std::optional<TlbArray::Hit> hit =
        array_.lookup(page_number_of(request.address), request.context.asid);
    if (hit) {
        statistics_.multi_hits += hit->overlapped ? 1 : 0;
        return judge(translation, hit->page);
    }
    ++statistics_.misses;
    if (translation.retry) {
        ++statistics_.retry_misses;
    }
    show(TlbState::lookup, translation);
    return Role::miss;
}

// A hit: what it means for this access. Denied is a hit as well.
TlbModule::Role TlbModule::judge(TranslationExtension& translation, const TranslatedPage& page) {
    const TranslationRequest& request = translation.request;
    ++statistics_.hits;
    ++statistics_by_log2_size_[page.size.log2_bytes].hits;

    const bool up_to_date = flags_after(page.flags, request.type) == page.flags;
    const bool allowed =
        permits(page.flags, request) && (up_to_date || paging_.ad_update == AdUpdate::hardware);
    if (!allowed) {
        translation.fault = FaultCause::page_fault;
        show(TlbState::denied, translation);
        return Role::hit;
    }
    if (up_to_date) {
        translation.page = page;
        show(TlbState::hit, translation);
        return Role::hit;
    }
    ++statistics_.dirty_updates;
    translation.sets_dirty_bit = true;
    show(TlbState::lookup, translation);
    return Role::dirty_update;
}

void TlbModule::send_down_later(Request request) {
    pending_ = request;
    clock_.at(clock_.now() + parameters_.hit_latency_cycles, CyclePhase::lookup, send_down_action_);
}

void TlbModule::send_down() {
    tlm::tlm_generic_payload& payload = *pending_->payload;
    show(pending_->role == Role::miss ? TlbState::miss : TlbState::dirty_update,
         translation_of(payload));
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    if (downstream_initiator->nb_transport_fw(payload, phase, delay) == tlm::TLM_COMPLETED) {
        clock_.at(clock_.now() + clock_.to_cycles(delay), CyclePhase::answer, answer_action_);
    }
}

void TlbModule::answer() {
    const Request request = *pending_;
    pending_.reset();
    keep(request);
    show(TlbState::idle, translation_of(*request.payload));
    if (!waiting_.empty()) {
        clock_.at(clock_.now(), CyclePhase::lookup, take_waiting_action_);
    }
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    upstream_target[request.upstream]->nb_transport_bw(*request.payload, phase, delay);
}

// What an answer from below leaves in the array. A fault leaves nothing.
void TlbModule::keep(const Request& request) {
    const TranslationExtension& translation = translation_of(*request.payload);
    if (!translation.page) {
        return;
    }
    const VirtualPageNumber page = page_number_of(translation.request.address);
    const Asid asid = translation.request.context.asid;
    if (request.role == Role::dirty_update) {
        array_.refresh(page, asid, *translation.page);
    }
    if (request.role != Role::miss) {
        return;
    }
    const TlbArray::FillResult filled = array_.fill(page, asid, *translation.page);
    if (filled.entered) {
        ++statistics_.fills;
        ++statistics_by_log2_size_[translation.page->size.log2_bytes].fills;
    }
    if (filled.evicted) {
        ++statistics_.evictions;
    }
}

void TlbModule::take_waiting() {
    Request request = waiting_.front();
    waiting_.pop_front();
    TranslationExtension& translation = translation_of(*request.payload);
    translation.latency.add(Stage::tlb_wait, clock_.now() - request.arrival);
    if (translation.sets_dirty_bit) {
        pending_ = request;
        send_down();
        return;
    }
    request.role = look_up(translation);
    if (request.role != Role::hit) {
        send_down_later(request);
        return;
    }
    pending_ = request;
    clock_.at(clock_.now() + parameters_.hit_latency_cycles, CyclePhase::answer, answer_action_);
}

void TlbModule::show(TlbState state, const TranslationExtension& translation) {
    if (!traced_) {
        return;
    }
    traced_state_ = state;
    traced_virtual_page_ = page_number_of(translation.request.address).value;
    traced_asid_ = translation.request.context.asid.value;
    if (state != TlbState::hit && state != TlbState::denied) {
        return;
    }
    // What is answered at once is answered by nobody's event: the state ends by itself.
    traced_until_ = clock_.now() + parameters_.hit_latency_cycles;
    if (!idle_action_due_) {
        idle_action_due_ = true;
        clock_.at(traced_until_, CyclePhase::observe, idle_action_);
    }
}

void TlbModule::show_idle() {
    idle_action_due_ = false;
    const bool answered = traced_state_ == TlbState::hit || traced_state_ == TlbState::denied;
    if (!answered) {
        return;
    }
    if (clock_.now() < traced_until_) {
        idle_action_due_ = true;
        clock_.at(traced_until_, CyclePhase::observe, idle_action_);
        return;
    }
    traced_state_ = TlbState::idle;
}

void TlbModule::trace(sc_core::sc_trace_file* file) const {
    trace_enumeration(file, traced_state_, wave_name(*this, "state"));
    sc_core::sc_trace(file, traced_virtual_page_, wave_name(*this, "virtual_page"),
                      wave_bits_of_virtual_page);
    sc_core::sc_trace(file, traced_asid_, wave_name(*this, "asid"));
    sc_core::sc_trace(file, statistics_.hits, wave_name(*this, "hits"));
    sc_core::sc_trace(file, statistics_.misses, wave_name(*this, "misses"));
    sc_core::sc_trace(file, statistics_.fills, wave_name(*this, "fills"));
    sc_core::sc_trace(file, statistics_.invalidations, wave_name(*this, "invalidations"));
}

}  // namespace mmusim::hw
