// SPDX-License-Identifier: Apache-2.0
#include "hw/tlb/tlb_module.hpp"

#include "hw/base/wave_module.hpp"
#include "hw/tlb/tlb_errand_module.hpp"

namespace mmusim::hw {

TlbModule::TlbModule(const sc_core::sc_module_name& name, const TlbParameters& parameters,
                     const PagingParameters& paging, std::uint64_t seed, ClockModule& clock)
    : sc_module(name),
      parameters_(parameters),
      paging_(paging),
      clock_(clock),
      array_(parameters, page_sizes_of(parameters, paging), seed) {
    upstream_target.register_nb_transport_fw(this, &TlbModule::begin_request);
    upstream_target.register_transport_dbg(this, &TlbModule::debug_transport);
    downstream_initiator.register_nb_transport_bw(this, &TlbModule::end_request);
}

TlbModule::~TlbModule() = default;

void TlbModule::set_lower_level(TlbModule& lower) {
    lower.upper_levels_.push_back(this);
    if (!filled_by_misses(lower.parameters_.inclusion)) {
        victims_go_to_ = &lower;
    }
}

void TlbModule::classify_misses() {
    classifier_.emplace(std::size_t{parameters_.sets} * parameters_.ways,
                        page_sizes_of(parameters_, paging_));
}

void TlbModule::set_observer(TranslationObserver& observer) {
    observer_ = &observer;
    watched_ = true;
    if (classifier_) {
        classifier_->set_listener([this](const MissClassifier::JudgedMiss& miss) {
            observer_->miss_judged({.tlb = basename(),
                                    .page = miss.page,
                                    .size = miss.size,
                                    .asid = miss.asid,
                                    .kind = miss.kind});
        });
    }
}

void TlbModule::fence(const Fence& fence) {
    if (observer_ != nullptr) {
        for (const TlbArray::Entry& entry : array_.named_by(fence)) {
            tell_removal(entry, RemovalReason::fence);
        }
    }
    statistics_.invalidations += array_.invalidate(fence);
    for (const std::unique_ptr<Errand>& errand : errands_.all()) {
        if (!errand->free()) {
            errand->fence(fence);
        }
    }
}

TlbStatistics TlbModule::statistics() const {
    TlbStatistics result = statistics_;
    for (const PageSize size : page_sizes_of(parameters_, paging_)) {
        result.by_page_size[size] = statistics_by_log2_size_.at(size.log2_bytes);
    }
    if (classifier_) {
        result.miss_kinds = classifier_->kinds();
    }
    return result;
}

void TlbModule::reset_statistics() {
    statistics_ = {};
    statistics_by_log2_size_ = {};
    if (classifier_) {
        classifier_->reset_kinds();
    }
}

tlm::tlm_sync_enum TlbModule::begin_request(int upstream, tlm::tlm_generic_payload& payload,
                                            tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    TranslationExtension& translation = translation_of(payload);
    if (translation.sets_dirty_bit) {
        Errand& errand = take_errand(upstream, payload);
        request_miss_register(errand);
        return tlm::TLM_ACCEPTED;
    }
    if (must_wait()) {
        arrivals_.push_back(&take_errand(upstream, payload));
        serve_waiting_now();
        return tlm::TLM_ACCEPTED;
    }
    const Role role = look_up(translation);
    if (role != Role::hit) {
        Errand& errand = take_errand(upstream, payload);
        errand.looked_up(role);
        request_miss_register(errand);
        return tlm::TLM_ACCEPTED;
    }
    delay += clock_.to_time(parameters_.hit_latency_cycles);
    phase = tlm::BEGIN_RESP;
    return tlm::TLM_COMPLETED;
}

tlm::tlm_sync_enum TlbModule::end_request(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                          sc_core::sc_time& /*delay*/) {
    errands_.find([&payload](const Errand& errand) { return errand.carries(payload); })->answered();
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

unsigned TlbModule::debug_transport(int /*upstream*/, tlm::tlm_generic_payload& payload) {
    return downstream_initiator->transport_dbg(payload);
}

TlbModule::Errand& TlbModule::take_errand(int upstream, tlm::tlm_generic_payload& payload) {
    Errand& errand = errands_.take(*this);
    errand.begin(upstream, payload);
    return errand;
}

bool TlbModule::must_wait() const {
    return blocked() || !arrivals_.empty() || !port_free();
}

bool TlbModule::blocked() const {
    return !parameters_.hit_under_miss && miss_registers_taken_ > 0;
}

bool TlbModule::port_free() const {
    return ports_taken_at_ != clock_.now() || ports_taken_ < parameters_.ports;
}

void TlbModule::take_port() {
    if (ports_taken_at_ != clock_.now()) {
        ports_taken_at_ = clock_.now();
        ports_taken_ = 0;
    }
    ++ports_taken_;
}

TlbModule::Role TlbModule::look_up(TranslationExtension& translation) {
    take_port();
    const TranslationRequest& request = translation.request;
    ++statistics_.lookups;
    if (!parameters_.same_level) {
        ++translation.levels;
    }
    translation.asked_again = false;
    const bool first = translation.levels == 1;
    translation.latency.add(first ? Stage::first_tlb_lookup : Stage::lower_tlb_lookup,
                            parameters_.hit_latency_cycles);

    const std::optional<TlbArray::Hit> hit = find(request);
    const Role role = hit ? count_hit(translation, *hit) : count_miss(translation);
    if (watched_) {
        lookup_seen(translation, role, hit);
    }
    const bool moves_up = role == Role::hit && parameters_.inclusion == Inclusion::exclusive &&
                          translation.page.has_value();
    if (moves_up) {
        move_up(translation, hit->page);
    }
    return role;
}

// Denied is a hit as well.
TlbModule::Role TlbModule::count_hit(TranslationExtension& translation, const TlbArray::Hit& hit) {
    statistics_.multi_hits += hit.overlapped ? 1 : 0;
    ++statistics_.hits;
    ++statistics_by_log2_size_[hit.page.size.log2_bytes].hits;
    const Role role = judge(translation, hit.page);
    statistics_.dirty_updates += role == Role::dirty_update ? 1 : 0;
    return role;
}

TlbModule::Role TlbModule::count_miss(const TranslationExtension& translation) {
    ++statistics_.misses;
    if (translation.retry) {
        ++statistics_.retry_misses;
    }
    return Role::miss;
}

// The page that was found goes to the TLB above, which has asked for it.
void TlbModule::move_up(const TranslationExtension& translation, const TranslatedPage& page) {
    const VirtualPageNumber number = page_number_of(translation.request.address);
    const Asid asid = translation.request.context.asid;
    // A perfect TLB finds what it does not hold.
    if (array_.remove(number, asid, page.size)) {
        ++statistics_.promotions;
        tell_removal(TlbArray::entry_of(number, asid, page), RemovalReason::promotion);
    }
}

// What it holds of the address; a perfect TLB finds all that the page tables have.
std::optional<TlbArray::Hit> TlbModule::find(const TranslationRequest& request) {
    const VirtualPageNumber number = page_number_of(request.address);
    const std::optional<TlbArray::Hit> hit = array_.lookup(number, request.context.asid);
    if (hit && classifier_) {
        classifier_->hit(number, request.context.asid, hit->page.size);
    }
    if (hit || !parameters_.perfect) {
        return hit;
    }
    const std::optional<TranslatedPage> page = mapped_page(request);
    return page ? std::optional(TlbArray::Hit{.page = *page}) : std::nullopt;
}

// The page as the page tables have it now, if a TLB could hold it. A and D are set if this access
// may set them.
std::optional<TranslatedPage> TlbModule::mapped_page(const TranslationRequest& request) {
    const std::optional<TranslatedPage> page = walk_at_once(request);
    return page ? page : walk_at_once(request_of_what_is_held(request));
}

std::optional<TranslatedPage> TlbModule::walk_at_once(const TranslationRequest& request) {
    debug_payload_.begin(request, false);
    downstream_initiator->transport_dbg(debug_payload_.payload());
    return debug_payload_.translation().page;
}

// What a page that was found means for this access.
TlbModule::Role TlbModule::judge(TranslationExtension& translation,
                                 const TranslatedPage& page) const {
    const TranslationRequest& request = translation.request;
    const bool up_to_date = flags_after(page.flags, request.type) == page.flags;
    const bool allowed =
        permits(page.flags, request) && (up_to_date || request.context.hardware_ad_update);
    if (!allowed) {
        translation.fault = FaultCause::page_fault;
        return Role::hit;
    }
    if (up_to_date) {
        translation.page = page;
        return Role::hit;
    }
    translation.sets_dirty_bit = true;
    return Role::dirty_update;
}

void TlbModule::request_miss_register(Errand& errand) {
    if (join_miss_under_way(errand)) {
        return;
    }
    if (miss_registers_taken_ == parameters_.mshrs || !missed_.empty()) {
        missed_.push_back(&errand);
        return;
    }
    start_miss(errand);
}

// Whether there was a miss of the same page that this one could join.
bool TlbModule::join_miss_under_way(Errand& errand) {
    if (errand.role() != Role::miss) {
        return false;
    }
    Errand* const under_way = errands_.find([&errand](const Errand& candidate) {
        return !candidate.free() && candidate.in_miss_register() &&
               candidate.role() == Role::miss && candidate.same_page_as(errand);
    });
    if (under_way == nullptr) {
        return false;
    }
    if (!errand.translation().asked_again) {
        ++statistics_.mshr_merges;
    }
    under_way->join(errand);
    return true;
}

void TlbModule::start_miss(Errand& errand) {
    ++miss_registers_taken_;
    errand.enter_miss_register();
}

// Something has become free in the present cycle, or somebody has begun to wait.
void TlbModule::serve_waiting_now() {
    const bool anybody = !arrivals_.empty() || !missed_.empty();
    if (anybody && !serve_now_due_) {
        serve_now_due_ = true;
        clock_.at(clock_.now(), CyclePhase::lookup, serve_now_action_);
    }
}

void TlbModule::serve_waiting_next_cycle() {
    if (!serve_next_due_) {
        serve_next_due_ = true;
        clock_.at(clock_.now() + Cycles{1}, CyclePhase::lookup, serve_next_action_);
    }
}

void TlbModule::serve_now() {
    serve_now_due_ = false;
    serve_waiting();
}

void TlbModule::serve_next() {
    serve_next_due_ = false;
    serve_waiting();
}

void TlbModule::serve_waiting() {
    for (auto errand = missed_.begin(); errand != missed_.end();) {
        if (!join_miss_under_way(**errand)) {
            if (miss_registers_taken_ == parameters_.mshrs) {
                ++errand;
                continue;
            }
            start_miss(**errand);
        }
        errand = missed_.erase(errand);
    }
    while (!arrivals_.empty() && port_free() && !blocked()) {
        Errand& errand = *arrivals_.front();
        arrivals_.pop_front();
        errand.stamp_wait_for_lookup();
        errand.looked_up(look_up(errand.translation()));
        if (errand.role() == Role::hit) {
            errand.answer_when_ready();
        } else {
            request_miss_register(errand);
        }
    }
    if (!arrivals_.empty() && !blocked()) {
        serve_waiting_next_cycle();
    }
}

// What an answer from below leaves in the array. A fault leaves nothing.
void TlbModule::keep(const Errand& errand) {
    const TranslationExtension& translation = errand.translation();
    if (!translation.page || !errand.answer_is_kept()) {
        return;
    }
    if (errand.role() == Role::miss && filled_by_misses(parameters_.inclusion)) {
        fill(errand.page(), errand.asid(), *translation.page);
    }
    if (errand.role() == Role::dirty_update) {
        array_.refresh(errand.page(), errand.asid(), *translation.page);
    }
}

void TlbModule::fill(VirtualPageNumber page, Asid asid, const TranslatedPage& translated) {
    if (parameters_.perfect) {
        return;
    }
    const TlbArray::FillResult filled = array_.fill(page, asid, translated);
    if (observer_ != nullptr && filled.location) {
        observer_->filled({.tlb = basename(),
                           .set = filled.location->set,
                           .way = filled.location->way,
                           .entry = TlbArray::entry_of(page, asid, translated),
                           .entered = filled.entered,
                           .evicted = filled.evicted,
                           .at = clock_.now()});
    }
    if (filled.entered) {
        ++statistics_.fills;
        ++statistics_by_log2_size_[translated.size.log2_bytes].fills;
    }
    if (!filled.evicted) {
        return;
    }
    ++statistics_.evictions;
    if (parameters_.inclusion == Inclusion::inclusive) {
        for (TlbModule* const upper : upper_levels_) {
            upper->back_invalidate(*filled.evicted);
        }
    }
    if (victims_go_to_ != nullptr) {
        victims_go_to_->take_victim(*filled.evicted);
    }
}

void TlbModule::take_victim(const TlbArray::Entry& entry) {
    fill(entry.virtual_page, entry.asid, entry.page);
}

void TlbModule::back_invalidate(const TlbArray::Entry& entry) {
    if (array_.remove(entry.virtual_page, entry.asid, entry.page.size)) {
        ++statistics_.back_invalidations;
        tell_removal(entry, RemovalReason::back_invalidation);
    }
    for (const std::unique_ptr<Errand>& errand : errands_.all()) {
        if (!errand->free()) {
            errand->back_invalidate(entry);
        }
    }
    for (TlbModule* const upper : upper_levels_) {
        upper->back_invalidate(entry);
    }
}

void TlbModule::lookup_seen(const TranslationExtension& translation, Role role,
                            const std::optional<TlbArray::Hit>& hit) {
    if (role == Role::hit) {
        wave_.show_for(parameters_.hit_latency_cycles,
                       translation.fault ? TlbState::denied : TlbState::hit, translation);
    } else {
        wave_.show(TlbState::lookup, translation);
    }
    if (observer_ != nullptr) {
        tell_lookup(translation, role, hit);
    }
}

void TlbModule::tell_lookup(const TranslationExtension& translation, Role role,
                            const std::optional<TlbArray::Hit>& hit) const {
    const auto result_of = [&translation, role] {
        switch (role) {
            case Role::hit: return translation.fault ? LookupResult::denied : LookupResult::hit;
            case Role::dirty_update: return LookupResult::dirty_update;
            case Role::miss:
            case Role::passing: break;
        }
        return LookupResult::miss;
    };
    TlbLookup lookup{.translation = translation.number,
                     .request = translation.request,
                     .retry = translation.retry,
                     .tlb = basename(),
                     .level = translation.levels,
                     .result = result_of(),
                     .from = clock_.now(),
                     .until = clock_.now() + parameters_.hit_latency_cycles};
    const VirtualPageNumber number = page_number_of(translation.request.address);
    if (hit) {
        lookup.page = hit->page;
        lookup.set = array_.set_of(number, hit->page.size);
    } else {
        lookup.set = array_.set_of(number, std::nullopt);
    }
    observer_->looked_up(lookup);
}

// Until the present cycle.
void TlbModule::tell_wait(const TranslationExtension& translation, Stage stage, Cycles from) const {
    if (observer_ != nullptr && from < clock_.now()) {
        observer_->spent({.translation = translation.number,
                          .stage = stage,
                          .from = from,
                          .until = clock_.now()});
    }
}

void TlbModule::tell_removal(const TlbArray::Entry& entry, RemovalReason reason) const {
    if (observer_ != nullptr) {
        observer_->removed(
            {.tlb = basename(), .entry = entry, .reason = reason, .at = clock_.now()});
    }
}

void TlbModule::show_answered(const TranslationExtension& translation) {
    if (!wave_.begun()) {
        return;
    }
    const bool others =
        errands_.find([](const Errand& errand) { return !errand.free(); }) != nullptr;
    wave_.show(others ? TlbState::miss : TlbState::idle, translation);
}

void TlbModule::trace(sc_core::sc_trace_file* file) const {
    wave_.trace(file, *this);
    sc_core::sc_trace(file, statistics_.hits, wave_name(*this, "hits"));
    sc_core::sc_trace(file, statistics_.misses, wave_name(*this, "misses"));
    sc_core::sc_trace(file, statistics_.fills, wave_name(*this, "fills"));
    sc_core::sc_trace(file, statistics_.invalidations, wave_name(*this, "invalidations"));
}

}  // namespace mmusim::hw
