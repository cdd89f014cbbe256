// SPDX-License-Identifier: Apache-2.0
// A part of the walkers, for its own files only.
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/base/fence.hpp"
#include "hw/memory/memory_payload_module.hpp"
#include "hw/paging/page_walk.hpp"
#include "hw/paging/translation_payload_module.hpp"
#include "hw/walker/walk_cache.hpp"
#include "hw/walker/walker_module.hpp"
#include "hw/walker/walker_state.hpp"

#include <systemc>
#include <tlm>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::hw {

/// One walker: it has at most one walk and one memory transaction under way.
class WalkerModule::Walker {
  public:
    Walker(WalkerModule& module, std::size_t number) : module_(module), number_(number) {}

    [[nodiscard]] bool idle() const { return !request_; }
    [[nodiscard]] WalkerState state() const { return state_; }
    void begin(const Request& request);
    void fence(const Fence& fence);

    [[nodiscard]] bool owns(const tlm::tlm_generic_payload& payload) {
        return &memory_payload_.payload() == &payload;
    }
    void memory_answered();

    void trace(sc_core::sc_trace_file* file, const std::string& name) const;

  private:
    void begin_walk();
    void look_into_cache();
    void take_first_step();
    void follow(const WalkStep& step);
    void read(const ReadEntry& read);
    void update(const UpdateEntry& update);
    void end(const WalkStep& last_step);
    void speak_to_memory();
    void follow_entry(PageTableEntry entry);
    void cache_answered();
    void finish();
    bool begin_again_if_squashed();

    void tell_begun() const;
    void tell_shortened(const WalkCache::Start& start) const;
    void tell_read(Cycles from, Cycles waiting, std::optional<PageTableEntry> entry) const;
    void tell_updated(bool exchanged, Cycles waiting) const;
    void tell_ended(WalkEnd end) const;
    void tell_spent(Stage stage, Cycles from, Cycles until) const;

    [[nodiscard]] std::optional<WalkCache::Start> find_start();
    [[nodiscard]] bool reads_perfectly() const;
    [[nodiscard]] TranslationExtension& translation() const {
        return translation_of(*request_->payload);
    }
    [[nodiscard]] bool reaches(const Fence& fence) const;
    [[nodiscard]] Cycles now() const { return module_.clock_.now(); }
    // From the present cycle on.
    void spend(Stage stage, Cycles cycles) {
        translation().latency.add(stage, cycles);
        tell_spent(stage, now(), now() + cycles);
    }

    WalkerModule& module_;
    std::size_t number_;
    std::optional<Request> request_;
    std::optional<PageWalk> walk_;
    Cycles taken_;
    WalkerState state_ = WalkerState::idle;
    bool has_looked_ = false;  // at an entry or into the cache: a fence makes that worthless
    bool squashed_ = false;
    bool again_ = false;             // counted in `rewalks`
    bool pointer_is_stale_ = false;  // a fence has overtaken it, for other walks than this one
    unsigned level_ = 0;             // of the entry that is read or was read last
    PhysicalAddress entry_address_;
    PageTableEntry cached_entry_;
    UpdateEntry update_;
    WalkFault fault_;
    Cycles spoken_;
    MemoryPayload memory_payload_;

    MemberAction<Walker> cache_action_{*this, &Walker::look_into_cache};
    MemberAction<Walker> first_step_action_{*this, &Walker::take_first_step};
    MemberAction<Walker> cached_entry_action_{*this, &Walker::cache_answered};
    MemberAction<Walker> speak_action_{*this, &Walker::speak_to_memory};
    MemberAction<Walker> memory_action_{*this, &Walker::memory_answered};
    MemberAction<Walker> finish_action_{*this, &Walker::finish};

    std::uint8_t traced_level_ = 0;
    std::uint64_t traced_virtual_page_ = 0;
    std::uint64_t traced_entry_address_ = 0;
    std::uint64_t traced_entry_ = 0;
};

}  // namespace mmusim::hw
