// SPDX-License-Identifier: Apache-2.0
// A part of the core, for its own files only.
#pragma once

#include "hw/cpu/address_generator_module.hpp"

#include <cstdint>
#include <optional>

namespace mmusim::hw {

/// One access under way. One that crosses a page is made in two halves, one after the other, each
/// with a translation.
class AddressGeneratorModule::Slot {
  public:
    /// `number`: no other slot of the core has it.
    Slot(AddressGeneratorModule& core, TranslationNumber number) : core_(core), payload_(number) {}

    enum class State : std::uint8_t {
        free,
        under_way,    ///< also: done, but only from a later cycle on
        faulted,      ///< waiting for the trap
        retrying,     ///< waiting to be translated again
        second_half,  ///< waiting to be translated
    };

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] bool free() const { return state_ == State::free; }
    [[nodiscard]] bool waits_to_go_on() const {
        return state_ == State::retrying || state_ == State::second_half;
    }
    [[nodiscard]] bool carries(const tlm::tlm_generic_payload& payload) {
        return &payload_.payload() == &payload;
    }
    [[nodiscard]] bool asks_memory_by(const tlm::tlm_generic_payload& payload) {
        return &memory_payload_.payload() == &payload;
    }
    [[nodiscard]] std::uint64_t number() const { return number_; }
    [[nodiscard]] std::uint32_t bytes() const { return bytes_; }
    [[nodiscard]] Cycles issued() const { return issued_; }
    [[nodiscard]] TranslationExtension& translation() { return payload_.translation(); }
    [[nodiscard]] const TranslationExtension& translation() const { return payload_.translation(); }
    [[nodiscard]] std::optional<Outcome> fault_outcome() const { return fault_outcome_; }

    void begin(std::uint64_t number, const Access& access);
    void go_on();
    void take_answer();
    void take_memory_answer();

    [[nodiscard]] PageFault take_trap();
    void served(Outcome outcome, const LatencyRecord& spent);
    void wait_for_retry();
    void give_up(const LatencyRecord& spent);
    void drop();
    void show();

  private:
    /// What lies in one page: the whole of an access, or a half.
    struct Part {
        VirtualAddress address;
        std::uint32_t bytes = 0;
    };

    void begin_part(const Part& part);
    void translate();
    void translated(Cycles when);
    void access_memory();
    void fault();
    void finish(Cycles done);
    void done_with_translation();
    void stamp_wait_for_trap();
    void tell_spent(Stage stage, Cycles from, Cycles waiting) const;

    AddressGeneratorModule& core_;
    State state_ = State::free;
    std::uint64_t number_ = 0;
    AccessType type_ = AccessType::read;
    std::uint32_t bytes_ = 0;
    std::optional<Part> second_half_;
    TranslationPayload payload_;
    MemoryPayload memory_payload_;
    Cycles issued_;
    Cycles asked_memory_at_;
    Cycles faulted_at_;
    std::optional<Outcome> fault_outcome_;
    MemberAction<Slot> answer_action_{*this, &Slot::take_answer};
    MemberAction<Slot> access_action_{*this, &Slot::access_memory};
    MemberAction<Slot> memory_answer_action_{*this, &Slot::take_memory_answer};
    MemberAction<Slot> done_action_{*this, &Slot::done_with_translation};
};

}  // namespace mmusim::hw
