// SPDX-License-Identifier: Apache-2.0
#include "hw/tlb/tlb_module.hpp"

#include "hw/base/wave_module.hpp"

#include <algorithm>
#include <utility>

namespace mmusim::hw {

/// One request that is not answered at once, from its arrival to its answer.
class TlbModule::Errand {
  public:
    explicit Errand(TlbModule& tlb) : tlb_(tlb) {}

    [[nodiscard]] bool free() const { return payload_ == nullptr; }
    [[nodiscard]] bool carries(const tlm::tlm_generic_payload& payload) const {
        return payload_ == &payload;
    }
    [[nodiscard]] Role role() const { return role_; }
    [[nodiscard]] bool answer_is_kept() const { return answer_is_kept_; }
    [[nodiscard]] bool in_miss_register() const { return in_miss_register_; }
    [[nodiscard]] TranslationExtension& translation() const { return translation_of(*payload_); }
    [[nodiscard]] VirtualPageNumber page() const {
        return page_number_of(translation().request.address);
    }
    [[nodiscard]] Asid asid() const { return translation().request.context.asid; }
    [[nodiscard]] bool same_page_as(const Errand& other) const {
        const TranslationContext& context = translation().request.context;
        const TranslationContext& others = other.translation().request.context;
        return page() == other.page() && context.asid == others.asid && context.root == others.root;
    }

    void begin(int upstream, tlm::tlm_generic_payload& payload) {
        upstream_ = upstream;
        payload_ = &payload;
        role_ = Role::passing;
        arrival_ = tlb_.clock_.now();
        ready_ = arrival_;
        answer_is_kept_ = true;
    }
    /// Looked up, in the present cycle.
    void looked_up(Role found_to_be) {
        role_ = found_to_be;
        level_ = translation().levels;
        ready_ = tlb_.clock_.now() + tlb_.parameters_.hit_latency_cycles;
        if (tlb_.classifier_ && role_ == Role::miss) {
            const bool counted = !translation().retry;
            miss_to_classify_ = tlb_.classifier_->miss(page(), asid(), counted);
        }
    }
    void stamp_wait_for_lookup() {
        translation().latency.add(Stage::tlb_wait, tlb_.clock_.now() - arrival_);
        tlb_.tell_wait(translation(), Stage::tlb_wait, arrival_);
    }

    void enter_miss_register();
    void join(Errand& errand) { joined_.push_back(&errand); }
    void answer_when_ready();
    /// Its answer has come: from below, or from this array in its time.
    void answered();

    void fence(const Fence& fence);
    void back_invalidate(const TlbArray::Entry& entry);

  private:
    // What an answer from below says to those who joined.
    struct Answer {
        std::optional<TranslatedPage> page;
        unsigned levels = 0;
        bool walked = false;
    };

    void send_down();
    void leave_miss_register();
    void ask_again();
    void take_answer_of(const Answer& answer);
    void deliver();
    void classify_miss();

    TlbModule& tlb_;
    Role role_ = Role::passing;
    int upstream_ = 0;
    tlm::tlm_generic_payload* payload_ = nullptr;
    Cycles arrival_;
    Cycles ready_;  // when its lookup is over
    unsigned level_ = 0;
    bool in_miss_register_ = false;
    bool answer_on_its_way_ = false;
    bool answer_is_stale_ = false;
    bool answer_is_kept_ = true;
    std::optional<MissClassifier::Ticket> miss_to_classify_;
    std::vector<Errand*> joined_;
    MemberAction<Errand> send_down_action_{*this, &Errand::send_down};
    MemberAction<Errand> answer_action_{*this, &Errand::answered};
};

void TlbModule::Errand::enter_miss_register() {
    in_miss_register_ = true;
    tlb_.clock_.at(std::max(tlb_.clock_.now(), ready_), CyclePhase::lookup, send_down_action_);
}

void TlbModule::Errand::send_down() {
    const Cycles now = tlb_.clock_.now();
    translation().latency.add(Stage::tlb_wait, now - ready_);
    tlb_.tell_wait(translation(), Stage::tlb_wait, ready_);
    tlb_.show(role_ == Role::miss ? TlbState::miss : TlbState::dirty_update, translation());
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const tlm::tlm_sync_enum status =
        tlb_.downstream_initiator->nb_transport_fw(*payload_, phase, delay);
    if (status == tlm::TLM_COMPLETED) {
        answer_on_its_way_ = true;
        tlb_.clock_.at(now + tlb_.clock_.to_cycles(delay), CyclePhase::answer, answer_action_);
    }
}

// The answer of this array, or of the miss it has joined: not before its own lookup is over.
void TlbModule::Errand::answer_when_ready() {
    answer_on_its_way_ = true;
    tlb_.clock_.at(std::max(tlb_.clock_.now(), ready_), CyclePhase::answer, answer_action_);
}

void TlbModule::Errand::answered() {
    answer_on_its_way_ = false;
    if (std::exchange(answer_is_stale_, false)) {
        ask_again();
        return;
    }
    if (in_miss_register_) {
        tlb_.keep(*this);
        leave_miss_register();
    }
    const Answer answer{
        .page = translation().page, .levels = translation().levels, .walked = translation().walked};
    deliver();
    for (Errand* const errand : joined_) {
        errand->take_answer_of(answer);
    }
    joined_.clear();
    tlb_.errands_.give_back(*this);
}

void TlbModule::Errand::leave_miss_register() {
    in_miss_register_ = false;
    --tlb_.miss_registers_taken_;
    tlb_.serve_waiting_now();
}

// A fence has overtaken the answer, or the miss that this one had joined was no help. Asking again
// is no new lookup here.
void TlbModule::Errand::ask_again() {
    TranslationExtension& asked = translation();
    asked.page.reset();
    asked.fault.reset();
    asked.levels = level_;
    asked.asked_again = true;
    if (role_ == Role::hit) {
        role_ = Role::miss;
    }
    ready_ = std::max(ready_, tlb_.clock_.now());
    if (in_miss_register_) {
        enter_miss_register();
    } else {
        tlb_.request_miss_register(*this);
    }
}

// The miss that it has joined is over. Its page may still refuse this access, or lack its D bit;
// its fault may not be this one's.
void TlbModule::Errand::take_answer_of(const Answer& answer) {
    const Cycles now = tlb_.clock_.now();
    if (now > ready_) {
        translation().latency.add(Stage::merge_wait, now - ready_);
        tlb_.tell_wait(translation(), Stage::merge_wait, ready_);
        ready_ = now;
    }
    if (!answer.page) {
        ask_again();
        return;
    }
    translation().levels = answer.levels;
    translation().walked = answer.walked;
    role_ = tlb_.judge(translation(), *answer.page);
    if (role_ == Role::hit) {
        answer_when_ready();
    } else {
        tlb_.request_miss_register(*this);
    }
}

void TlbModule::Errand::deliver() {
    classify_miss();
    tlm::tlm_generic_payload& payload = *std::exchange(payload_, nullptr);
    tlb_.show_answered(translation_of(payload));
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    tlb_.upstream_target[upstream_]->nb_transport_bw(payload, phase, delay);
}

void TlbModule::Errand::classify_miss() {
    if (miss_to_classify_) {
        const std::optional<TranslatedPage>& page = translation().page;
        tlb_.classifier_->answered(*miss_to_classify_,
                                   page ? std::optional(page->size) : std::nullopt);
        miss_to_classify_.reset();
    }
}

void TlbModule::Errand::fence(const Fence& fence) {
    const TranslationExtension& asked = translation();
    if (answer_on_its_way_ && asked.page &&
        names(fence, *asked.page, asked.request.address, asked.request.context.asid)) {
        answer_is_stale_ = true;
    }
}

// The page is answered all the same, but must not be held above the TLB that has just evicted it.
void TlbModule::Errand::back_invalidate(const TlbArray::Entry& entry) {
    const TranslationExtension& asked = translation();
    const bool same_page = answer_on_its_way_ && asked.page == entry.page;
    if (same_page) {
        answer_is_kept_ = false;
    }
}

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
        show(translation.fault ? TlbState::denied : TlbState::hit, translation);
    } else {
        show(TlbState::lookup, translation);
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

void TlbModule::show_answered(const TranslationExtension& translation) {
    const bool others =
        errands_.find([](const Errand& errand) { return !errand.free(); }) != nullptr;
    show(others ? TlbState::miss : TlbState::idle, translation);
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
