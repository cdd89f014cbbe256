// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tlm>

namespace mmusim::hw {

/// The memory manager, which non-blocking transport asks for, of payloads that are members of their
/// initiator and reused by it: nothing is allocated and nothing freed.
class PayloadOwner final : public tlm::tlm_mm_interface {
  public:
    void free(tlm::tlm_generic_payload* /*payload*/) override {}
};

}  // namespace mmusim::hw
