// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/paging/translation_payload_module.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstddef>
#include <optional>
#include <vector>

namespace mmusim::tests {

/// A blocking initiator of translations: it offers its rows one after the other, each from the
/// cycle that the row names but not before the answer to the row above, and records the answers.
class TranslationRequester final : public sc_core::sc_module {
  public:
    struct Row {
        Cycles issue{};
        AccessType type = AccessType::read;
        VirtualAddress address{};
        Asid asid{};
        bool hardware_ad_update = true;
        Privilege privilege = Privilege::user;
        bool supervisor_user_memory = false;
        bool make_executable_readable = false;
        std::optional<PhysicalPageNumber> root{};  ///< empty: the requester's own
    };

    struct Answer {
        Cycles issued;
        Cycles done;
        std::optional<hw::TranslatedPage> page;
        std::optional<hw::FaultCause> fault;
        unsigned levels = 0;
        bool walked = false;
        LatencyRecord latency;

        [[nodiscard]] Cycles duration() const { return done - issued; }
    };

    tlm_utils::simple_initiator_socket<TranslationRequester> initiator{"initiator"};

    TranslationRequester(const sc_core::sc_module_name& name, PhysicalPageNumber root,
                         hw::ClockModule& clock);

    /// Adds rows; those of a test's start are given before the simulation runs.
    void offer(const std::vector<Row>& rows);

    /// So far.
    [[nodiscard]] const std::vector<Answer>& answers() const { return answers_; }

  private:
    void issue_next();
    void issue();
    tlm::tlm_sync_enum answered(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                sc_core::sc_time& delay);
    void take_answer();

    PhysicalPageNumber root_;
    hw::ClockModule& clock_;
    std::vector<Row> rows_;
    std::size_t next_row_ = 0;
    bool busy_ = false;
    Cycles free_from_;
    Cycles issued_;
    hw::TranslationPayload payload_;
    std::vector<Answer> answers_;
    hw::MemberAction<TranslationRequester> issue_action_{*this, &TranslationRequester::issue};
    hw::MemberAction<TranslationRequester> answer_action_{*this,
                                                          &TranslationRequester::take_answer};
};

}  // namespace mmusim::tests
