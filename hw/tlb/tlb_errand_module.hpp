// SPDX-License-Identifier: Apache-2.0
// A part of the TLB, for its own files only.
#pragma once

#include "hw/tlb/tlb_module.hpp"

#include <optional>
#include <vector>

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

}  // namespace mmusim::hw
