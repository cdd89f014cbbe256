// SPDX-License-Identifier: Apache-2.0
#include "tests/support/translation_requester.hpp"

#include <algorithm>

namespace mmusim::tests {

TranslationRequester::TranslationRequester(const sc_core::sc_module_name& name,
                                           PhysicalPageNumber root, hw::ClockModule& clock)
    : sc_module(name), root_(root), clock_(clock) {
    initiator.register_nb_transport_bw(this, &TranslationRequester::answered);
}

void TranslationRequester::offer(const std::vector<Row>& rows) {
    rows_.insert(rows_.end(), rows.begin(), rows.end());
    if (!busy_) {
        issue_next();
    }
}

void TranslationRequester::issue_next() {
    busy_ = next_row_ < rows_.size();
    if (busy_) {
        clock_.at(std::max(rows_[next_row_].issue, free_from_), hw::CyclePhase::issue,
                  issue_action_);
    }
}

void TranslationRequester::issue() {
    const Row& row = rows_[next_row_++];
    issued_ = clock_.now();
    payload_.begin({.address = row.address,
                    .type = row.type,
                    .context = {.root = row.root.value_or(root_),
                                .asid = row.asid,
                                .privilege = row.privilege,
                                .supervisor_user_memory = row.supervisor_user_memory,
                                .make_executable_readable = row.make_executable_readable,
                                .hardware_ad_update = row.hardware_ad_update}},
                   false);
    payload_.translation().latency = {};

    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    if (initiator->nb_transport_fw(payload_.payload(), phase, delay) == tlm::TLM_COMPLETED) {
        clock_.at(issued_ + clock_.to_cycles(delay), hw::CyclePhase::answer, answer_action_);
    }
}

tlm::tlm_sync_enum TranslationRequester::answered(tlm::tlm_generic_payload& /*payload*/,
                                                  tlm::tlm_phase& phase,
                                                  sc_core::sc_time& /*delay*/) {
    take_answer();
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

void TranslationRequester::take_answer() {
    const hw::TranslationExtension& translation = payload_.translation();
    answers_.push_back({.issued = issued_,
                        .done = clock_.now(),
                        .page = translation.page,
                        .fault = translation.fault,
                        .levels = translation.levels,
                        .walked = translation.walked,
                        .latency = translation.latency});
    free_from_ = std::max(clock_.now(), issued_ + Cycles{1});
    issue_next();
}

}  // namespace mmusim::tests
