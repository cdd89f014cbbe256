// SPDX-License-Identifier: Apache-2.0
#include "hw/walker/single_walker_module.hpp"

#include "hw/base/wave_module.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace mmusim::hw {

namespace {

constexpr int wave_bits_of_level = wave_bits(max_levels);

}  // namespace

void WalkerModule::Walker::begin(const Request& request) {
    request_ = request;
    taken_ = now();
    const Cycles waited = taken_ - request.arrival;
    translation().latency.add(Stage::walker_wait, waited);
    tell_spent(Stage::walker_wait, request.arrival, taken_);

    WalkerStatistics& statistics = module_.statistics_;
    statistics.wait_cycles += waited;
    statistics.wait.record(waited);
    again_ = translation().sets_dirty_bit || translation().asked_again;
    if (again_) {
        ++statistics.rewalks;
    }
    traced_virtual_page_ = page_number_of(translation().request.address).value;
    begin_walk();
}

void WalkerModule::Walker::begin_walk() {
    ++module_.statistics_.walks;
    walk_.emplace(module_.paging_, translation().request);
    has_looked_ = false;
    state_ = WalkerState::start;
    tell_begun();
    spend(Stage::walk_overhead, module_.parameters_.start_cycles);
    const bool by_address =
        module_.walk_cache_ && module_.walk_cache_->kind() == WalkCacheKind::per_level;
    module_.clock_.at(now() + module_.parameters_.start_cycles, CyclePhase::arbitrate,
                      by_address ? cache_action_ : first_step_action_);
}

void WalkerModule::Walker::look_into_cache() {
    state_ = WalkerState::cache;
    const Cycles duration = module_.walk_cache_parameters_.lookup_cycles;
    spend(Stage::walk_cache, duration);
    module_.clock_.at(now() + duration, CyclePhase::arbitrate, first_step_action_);
}

void WalkerModule::Walker::take_first_step() {
    WalkStep step = walk_->start();
    if (std::holds_alternative<ReadEntry>(step) && module_.walk_cache_) {
        has_looked_ = true;
        if (const auto start = find_start()) {
            tell_shortened(*start);
            step = walk_->skip_to(start->level, start->table, start->global);
        }
    }
    follow(step);
}

std::optional<WalkCache::Start> WalkerModule::Walker::find_start() {
    WalkCache& cache = *module_.walk_cache_;
    const TranslationRequest& request = translation().request;
    return cache.perfect()
               ? cache.find_last_table(module_.paging_, request, module_.entries_in_no_time_)
               : cache.find_start(request);
}

// Whether what it asks of the memory just now is a read that the memory does not see.
bool WalkerModule::Walker::reads_perfectly() const {
    return module_.parameters_.perfect_reads && state_ == WalkerState::read;
}

// Does what the walk asks for next, or ends it.
void WalkerModule::Walker::follow(const WalkStep& step) {
    if (const auto* wanted = std::get_if<ReadEntry>(&step)) {
        read(*wanted);
    } else if (const auto* exchange = std::get_if<UpdateEntry>(&step)) {
        update(*exchange);
    } else {
        end(step);
    }
}

void WalkerModule::Walker::read(const ReadEntry& read) {
    has_looked_ = true;
    level_ = read.level;
    entry_address_ = read.address;
    traced_level_ = static_cast<std::uint8_t>(read.level);
    traced_entry_address_ = read.address.value;
    if (module_.observer_ != nullptr) {
        module_.observer_->entry_wanted({.translation = translation().number,
                                         .level = read.level,
                                         .address = read.address,
                                         .at = now()});
    }
    if (module_.walk_cache_) {
        const std::optional<PageTableEntry> cached =
            module_.walk_cache_->find_entry(read.address, read.level);
        if (cached) {
            cached_entry_ = *cached;
            spoken_ = now();
            state_ = WalkerState::cache;
            const Cycles duration = module_.walk_cache_parameters_.lookup_cycles;
            translation().latency.add(Stage::walk_cache, duration);  // told with the entry
            module_.clock_.at(now() + duration, CyclePhase::arbitrate, cached_entry_action_);
            return;
        }
    }
    const unsigned entry_bytes = format_of(module_.paging_.mode).entry_bytes;
    memory_payload_.begin_read(read.address, entry_bytes, MemoryPurpose::pte_read);
    state_ = WalkerState::step;
    spend(Stage::walk_overhead, module_.parameters_.step_cycles);
    module_.clock_.at(now() + module_.parameters_.step_cycles, CyclePhase::arbitrate,
                      speak_action_);
}

void WalkerModule::Walker::update(const UpdateEntry& update) {
    const unsigned entry_bytes = format_of(module_.paging_.mode).entry_bytes;
    memory_payload_.begin_exchange(update.address, update.expected.raw, update.desired.raw,
                                   entry_bytes, MemoryPurpose::ad_update);
    update_ = update;
    state_ = WalkerState::update;
    module_.clock_.at(now(), CyclePhase::arbitrate, speak_action_);
}

void WalkerModule::Walker::end(const WalkStep& last_step) {
    if (const auto* walked = std::get_if<Walked>(&last_step)) {
        translation().page = walked->page;
    } else {
        fault_ = std::get<WalkFault>(last_step);
        translation().fault = fault_.cause;
    }
    state_ = WalkerState::finish;
    spend(Stage::walk_overhead, module_.parameters_.finish_cycles);
    module_.clock_.at(now() + module_.parameters_.finish_cycles, CyclePhase::answer,
                      finish_action_);
}

void WalkerModule::Walker::speak_to_memory() {
    if (begin_again_if_squashed()) {
        return;
    }
    if (state_ == WalkerState::step) {
        state_ = WalkerState::read;
        pointer_is_stale_ = false;
        ++module_.statistics_.pte_reads;
        ++module_.statistics_.pte_reads_by_level.at(level_);
    }
    spoken_ = now();
    if (reads_perfectly()) {
        module_.memory_initiator->transport_dbg(memory_payload_.payload());
        module_.clock_.at(spoken_ + module_.parameters_.perfect_read_cycles, CyclePhase::answer,
                          memory_action_);
        return;
    }
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
    const bool updates = state_ == WalkerState::update;
    const Cycles service = reads_perfectly() ? module_.parameters_.perfect_read_cycles
                                             : memory_payload_.request().timing.service;
    const Cycles waited = now() - spoken_ - service;
    translation().latency.add(updates ? Stage::ad_update : Stage::pte_read, service);
    translation().latency.add(updates ? Stage::ad_update_wait : Stage::pte_read_wait, waited);

    const bool exchanged =
        updates && !memory_payload_.failed() && memory_payload_.request().exchanged;
    if (exchanged) {
        ++module_.statistics_.ad_updates;
    }
    if (updates) {
        tell_updated(exchanged, waited);
    } else {
        tell_read(spoken_, waited,
                  memory_payload_.failed()
                      ? std::nullopt
                      : std::optional<PageTableEntry>{{memory_payload_.value()}});
    }
    if (begin_again_if_squashed()) {
        return;
    }
    if (memory_payload_.failed()) {
        follow(walk_->memory_failed());
    } else if (updates) {
        follow(walk_->entry_updated(exchanged));
    } else {
        follow_entry({memory_payload_.value()});
    }
}

void WalkerModule::Walker::cache_answered() {
    tell_read(spoken_, Cycles{0}, cached_entry_);
    if (!begin_again_if_squashed()) {
        follow_entry(cached_entry_);
    }
}

// The walk goes on with this entry. A pointer is kept for the walks to come.
void WalkerModule::Walker::follow_entry(PageTableEntry entry) {
    traced_entry_ = entry.raw;
    const WalkStep step = walk_->entry_read(entry);
    const bool pointer = std::holds_alternative<ReadEntry>(step);
    const bool was_cached = state_ == WalkerState::cache;
    if (pointer && module_.walk_cache_ && !was_cached && !pointer_is_stale_) {
        module_.walk_cache_->pointer_read(translation().request, entry_address_, level_, entry,
                                          walk_->global());
    }
    follow(step);
}

void WalkerModule::Walker::finish() {
    if (begin_again_if_squashed()) {
        return;
    }
    const Request request = *request_;
    TranslationExtension& answered = translation();
    answered.walked = answered.walked || !answered.sets_dirty_bit;
    module_.count_end(answered, walk_->level(), now() - taken_);
    tell_ended(answered.page ? WalkEnd::completed : WalkEnd::faulted);
    request_.reset();
    state_ = WalkerState::idle;
    module_.hand_out_later();

    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    module_.upstream_target[request.upstream]->nb_transport_bw(*request.payload, phase, delay);
}

void WalkerModule::Walker::fence(const Fence& fence) {
    if (!request_) {
        return;
    }
    if (has_looked_ && reaches(fence)) {
        squashed_ = true;
    }
    const Asid asid = translation().request.context.asid;
    if (module_.walk_cache_ && module_.walk_cache_->concerns(fence, asid)) {
        pointer_is_stale_ = true;
    }
}

// Whether the fence may name the page that the walk will find, or has found. A walk under way knows
// only how large the page can be, and not yet whether it is global.
bool WalkerModule::Walker::reaches(const Fence& fence) const {
    const TranslationExtension& asked = translation();
    const VirtualAddress address = asked.request.address;
    const Asid asid = asked.request.context.asid;
    if (asked.page) {
        return names(fence, *asked.page, address, asid);
    }
    const PageSize largest =
        std::max(format_of(module_.paging_.mode).page_size_at(walk_->level()), napot_page_size);
    return names(fence, {.size = largest}, address, asid);
}

// Called when nothing of the walk is under way in the memory.
bool WalkerModule::Walker::begin_again_if_squashed() {
    if (!std::exchange(squashed_, false)) {
        return false;
    }
    translation().page.reset();
    translation().fault.reset();
    tell_ended(WalkEnd::squashed);
    ++module_.statistics_.squashed;
    ++module_.statistics_.rewalks;
    again_ = true;
    begin_walk();
    return true;
}

void WalkerModule::Walker::tell_begun() const {
    if (module_.observer_ != nullptr) {
        const TranslationExtension& asked = translation();
        module_.observer_->walk_begun({.translation = asked.number,
                                       .request = asked.request,
                                       .walker = number_,
                                       .sets_dirty_bit = asked.sets_dirty_bit,
                                       .again = again_,
                                       .at = now()});
    }
}

void WalkerModule::Walker::tell_shortened(const WalkCache::Start& start) const {
    if (module_.observer_ != nullptr) {
        module_.observer_->walk_shortened({.translation = translation().number,
                                           .level = start.level,
                                           .table = start.table,
                                           .at = now()});
    }
}

// The entry that was asked for at `from` has come.
void WalkerModule::Walker::tell_read(Cycles from, Cycles waiting,
                                     std::optional<PageTableEntry> entry) const {
    if (module_.observer_ != nullptr) {
        module_.observer_->entry_read({.translation = translation().number,
                                       .level = level_,
                                       .address = entry_address_,
                                       .cached = state_ == WalkerState::cache,
                                       .entry = entry,
                                       .from = from,
                                       .until = now(),
                                       .waiting = waiting});
    }
}

void WalkerModule::Walker::tell_updated(bool exchanged, Cycles waiting) const {
    if (module_.observer_ != nullptr) {
        module_.observer_->entry_updated({.translation = translation().number,
                                          .level = update_.level,
                                          .address = update_.address,
                                          .expected = update_.expected,
                                          .desired = update_.desired,
                                          .exchanged = exchanged,
                                          .from = spoken_,
                                          .until = now(),
                                          .waiting = waiting});
    }
}

void WalkerModule::Walker::tell_ended(WalkEnd end) const {
    if (module_.observer_ != nullptr) {
        const TranslationExtension& asked = translation();
        module_.observer_->walk_ended({.translation = asked.number,
                                       .request = asked.request,
                                       .walker = number_,
                                       .level = walk_->level(),
                                       .end = end,
                                       .page = asked.page,
                                       .fault = asked.fault ? std::optional(fault_) : std::nullopt,
                                       .at = now()});
    }
}

void WalkerModule::Walker::tell_spent(Stage stage, Cycles from, Cycles until) const {
    if (module_.observer_ != nullptr && from < until) {
        module_.observer_->spent(
            {.translation = translation().number, .stage = stage, .from = from, .until = until});
    }
}

void WalkerModule::Walker::trace(sc_core::sc_trace_file* file, const std::string& name) const {
    trace_enumeration(file, state_, name + ".state");
    sc_core::sc_trace(file, traced_level_, name + ".level", wave_bits_of_level);
    sc_core::sc_trace(file, traced_virtual_page_, name + ".virtual_page",
                      wave_bits_of_virtual_page);
    sc_core::sc_trace(file, traced_entry_address_, name + ".entry_address",
                      wave_bits_of_physical_address);
    sc_core::sc_trace(file, traced_entry_, name + ".entry");
}

}  // namespace mmusim::hw
