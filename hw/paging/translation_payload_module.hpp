// SPDX-License-Identifier: Apache-2.0
// A translation on a TLM-2.0 socket: the generic payload's address is the virtual address, and this
// extension carries the rest down the chain of TLBs to the walker and back.
//
// Phases: BEGIN_REQ, answered by TLM_COMPLETED with the delay until the answer, or by TLM_ACCEPTED
// and later BEGIN_RESP on the way back, which the initiator completes.
#pragma once

#include "hw/base/latency.hpp"
#include "hw/base/payload_owner_module.hpp"
#include "hw/paging/translation.hpp"

#include <tlm>

#include <optional>

namespace mmusim::hw {

/// One request and its answer. Owned by the initiator and reused.
struct TranslationExtension final : tlm::tlm_extension<TranslationExtension> {
    /// By which its initiator knows the payload among its own; for those who look on.
    TranslationNumber number;

    // Set by the initiator, read by all.
    TranslationRequest request;
    bool retry = false;  ///< made again after a page fault

    // Set on the way down.
    unsigned levels = 0;          ///< of TLBs that have looked it up
    bool sets_dirty_bit = false;  ///< a hit on a page with D clear: goes to the walker unseen
    bool asked_again = false;     ///< for a lookup of the TLB above that was counted already
    // Set by whoever answers: exactly one of page and fault.
    std::optional<TranslatedPage> page;
    std::optional<FaultCause> fault;
    bool walked = false;  ///< no TLB had the page

    /// Cycles spent so far, each stamped by the module that spent it.
    LatencyRecord latency;

    [[nodiscard]] tlm_extension_base* clone() const override;
    void copy_from(const tlm_extension_base& other) override;
};

/// The request in a payload; every payload of these sockets has one.
[[nodiscard]] inline TranslationExtension& translation_of(tlm::tlm_generic_payload& payload) {
    return *payload.get_extension<TranslationExtension>();
}

/// A payload with its extension, a member of the initiator that reuses it.
class TranslationPayload {
  public:
    explicit TranslationPayload(TranslationNumber number = {});
    TranslationPayload(const TranslationPayload&) = delete;
    TranslationPayload& operator=(const TranslationPayload&) = delete;
    TranslationPayload(TranslationPayload&&) = delete;
    TranslationPayload& operator=(TranslationPayload&&) = delete;
    ~TranslationPayload();

    /// Makes it a new request. The latency record goes on where it stands.
    void begin(const TranslationRequest& request, bool retry);

    [[nodiscard]] tlm::tlm_generic_payload& payload() { return payload_; }
    [[nodiscard]] TranslationExtension& translation() { return extension_; }
    [[nodiscard]] const TranslationExtension& translation() const { return extension_; }

  private:
    PayloadOwner owner_;
    TranslationExtension extension_;
    tlm::tlm_generic_payload payload_{&owner_};
};

}  // namespace mmusim::hw
