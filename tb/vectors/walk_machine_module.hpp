// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/memory/memory_controller_module.hpp"
#include "hw/memory/memory_payload_module.hpp"
#include "hw/paging/translation_payload_module.hpp"
#include "hw/tlb/tlb_module.hpp"
#include "hw/walker/walker_module.hpp"
#include "tb/vectors/walk_judge.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <optional>
#include <vector>

namespace mmusim::tb {

/// The machine that answers walk vectors with time:
///
///     this ─▶ l1 ─▶ l2 ─▶ walker ─▶ this ─▶ memory
///
/// It stands at both ends: it asks for translations, and it sees what the walker writes.
class WalkMachineModule final : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<WalkMachineModule> translation_initiator{
        "translation_initiator"};
    tlm_utils::simple_target_socket<WalkMachineModule> walker_target{"walker_target"};
    tlm_utils::simple_initiator_socket<WalkMachineModule> memory_initiator{"memory_initiator"};

    WalkMachineModule(const sc_core::sc_module_name& name, hw::PagingMode mode);

    /// Issues a translation in the next cycle. Nothing else is under way.
    void begin(const hw::TranslationRequest& request);
    /// How the translation ended, and what the walker has written for it; nothing if it is under
    /// way.
    [[nodiscard]] std::optional<WalkAnswer> answer() const;
    /// The translation that was begun last.
    [[nodiscard]] const hw::TranslationExtension& translation() const {
        return payload_.translation();
    }

    /// Empties both TLBs.
    void fence();

    // Without time; `bytes` are 8 at most and do not cross a multiple of 8.
    [[nodiscard]] std::uint64_t read(PhysicalAddress address, unsigned bytes);
    void write(PhysicalAddress address, std::uint64_t value, unsigned bytes);
    void clear(PhysicalPageNumber frame);

    [[nodiscard]] const hw::TlbModule& l1() const { return l1_; }
    [[nodiscard]] const hw::TlbModule& l2() const { return l2_; }
    [[nodiscard]] const hw::ClockModule& clock() const { return clock_; }

  private:
    void issue();
    void take_answer() { answered_ = true; }
    tlm::tlm_sync_enum end_translation(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);
    tlm::tlm_sync_enum pass_down(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                 sc_core::sc_time& delay);
    tlm::tlm_sync_enum pass_up(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                               sc_core::sc_time& delay);
    void note(tlm::tlm_generic_payload& payload);

    hw::ClockModule clock_;
    hw::TlbModule l1_;
    hw::TlbModule l2_;
    hw::WalkerModule walker_;
    hw::MemoryControllerModule memory_;

    hw::TranslationPayload payload_;
    hw::MemoryPayload debug_payload_;
    bool answered_ = false;
    std::vector<EntryWrite> writes_;
    hw::MemberAction<WalkMachineModule> issue_action_{*this, &WalkMachineModule::issue};
    hw::MemberAction<WalkMachineModule> answer_action_{*this, &WalkMachineModule::take_answer};
};

}  // namespace mmusim::tb
