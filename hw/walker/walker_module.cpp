// SPDX-License-Identifier: Apache-2.0
#include "hw/walker/walker_module.hpp"

#include "hw/base/wave_module.hpp"
#include "hw/walker/single_walker_module.hpp"

#include <algorithm>
#include <string>

namespace mmusim::hw {

WalkerModule::WalkerModule(const sc_core::sc_module_name& name, const WalkerParameters& parameters,
                           const WalkCacheParameters& walk_cache, const PagingParameters& paging,
                           std::uint64_t seed, ClockModule& clock)
    : sc_module(name),
      parameters_(parameters),
      walk_cache_parameters_(walk_cache),
      paging_(paging),
      clock_(clock),
      entries_in_no_time_{.read = [this](PhysicalAddress address) { return peek(address); },
                          .write = [this](PhysicalAddress address,
                                          PageTableEntry entry) { poke(address, entry); }} {
    if (walk_cache.enabled) {
        walk_cache_.emplace(walk_cache, format_of(paging.mode), seed);
    }
    for (std::uint32_t number = 0; number < parameters.count; ++number) {
        walkers_.push_back(std::make_unique<Walker>(*this, number));
    }
    upstream_target.register_nb_transport_fw(this, &WalkerModule::begin_request);
    upstream_target.register_transport_dbg(this, &WalkerModule::debug_transport);
    memory_initiator.register_nb_transport_bw(this, &WalkerModule::memory_answered);
}

WalkerModule::~WalkerModule() = default;

void WalkerModule::fence(const Fence& fence) {
    if (walk_cache_) {
        walk_cache_->fence(fence);
    }
    for (const std::unique_ptr<Walker>& walker : walkers_) {
        walker->fence(fence);
    }
}

WalkerStatistics WalkerModule::statistics() const {
    WalkerStatistics result = statistics_;
    for (const PageSize size : all_page_sizes(paging_)) {
        result.by_page_size[size] = statistics_by_log2_size_.at(size.log2_bytes);
    }
    if (walk_cache_) {
        result.walk_cache = walk_cache_->statistics();
    }
    return result;
}

void WalkerModule::reset_statistics() {
    statistics_ = {};
    statistics_by_log2_size_ = {};
    if (walk_cache_) {
        walk_cache_->reset_statistics();
    }
}

std::vector<WalkerState> WalkerModule::states() const {
    std::vector<WalkerState> result;
    for (const std::unique_ptr<Walker>& walker : walkers_) {
        result.push_back(walker->state());
    }
    return result;
}

void WalkerModule::count_end(const TranslationExtension& answered, unsigned level, Cycles service) {
    statistics_.service_cycles += service;
    statistics_.service.record(service);
    ++statistics_.ended_by_level.at(level);
    if (!answered.page) {
        ++statistics_.faulted;
        return;
    }
    ++statistics_.completed;
    WalkPageSizeStatistics& of_size = statistics_by_log2_size_.at(answered.page->size.log2_bytes);
    ++of_size.walks;
    of_size.service_cycles += service;
}

tlm::tlm_sync_enum WalkerModule::begin_request(int upstream, tlm::tlm_generic_payload& payload,
                                               tlm::tlm_phase& /*phase*/,
                                               sc_core::sc_time& /*delay*/) {
    const auto busy = std::count_if(walkers_.begin(), walkers_.end(),
                                    [](const auto& walker) { return !walker->idle(); });
    statistics_.pending.record(Cycles{waiting_.size() + static_cast<std::uint64_t>(busy)});
    waiting_.push_back({.upstream = upstream, .payload = &payload, .arrival = clock_.now()});
    hand_out_later();
    return tlm::TLM_ACCEPTED;
}

unsigned WalkerModule::debug_transport(int /*upstream*/, tlm::tlm_generic_payload& payload) {
    TranslationExtension& asked = translation_of(payload);
    const PlainWalk walk = walk_plainly(paging_, asked.request, entries_in_no_time_);
    if (walk.walked) {
        asked.page = walk.walked->page;
    } else {
        asked.fault = walk.fault->cause;
    }
    return payload.get_data_length();
}

std::optional<PageTableEntry> WalkerModule::peek(PhysicalAddress address) {
    const unsigned entry_bytes = format_of(paging_.mode).entry_bytes;
    debug_payload_.begin_read(address, entry_bytes, MemoryPurpose::pte_read);
    memory_initiator->transport_dbg(debug_payload_.payload());
    return debug_payload_.failed() ? std::nullopt
                                   : std::optional(PageTableEntry{debug_payload_.value()});
}

void WalkerModule::poke(PhysicalAddress address, PageTableEntry entry) {
    const unsigned entry_bytes = format_of(paging_.mode).entry_bytes;
    debug_payload_.begin_write(address, entry.raw, entry_bytes, MemoryPurpose::ad_update);
    memory_initiator->transport_dbg(debug_payload_.payload());
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
