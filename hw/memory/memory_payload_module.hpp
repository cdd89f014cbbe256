// SPDX-License-Identifier: Apache-2.0
// A memory transaction on a TLM-2.0 socket. Phases as for translations: an answer that is known at
// once comes as TLM_COMPLETED with the delay until it arrives.
#pragma once

#include "hw/base/payload_owner_module.hpp"
#include "hw/base/types.hpp"
#include "hw/memory/memory_timing.hpp"
#include "hw/memory/statistics.hpp"

#include <tlm>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace mmusim::hw {

/// What the generic payload does not say of a memory transaction.
struct MemoryExtension final : tlm::tlm_extension<MemoryExtension> {
    MemoryPurpose purpose = MemoryPurpose::pte_read;
    /// By which its initiator knows the payload among its own; of no meaning to others.
    std::size_t number = 0;

    /// Of a write: only if memory holds this value, in one atomic step.
    std::optional<std::uint64_t> expected;
    /// Answered by the memory: whether it held the expected value.
    bool exchanged = false;

    /// Answered by the memory: how the delay divides.
    MemoryTiming timing;

    [[nodiscard]] tlm_extension_base* clone() const override;
    void copy_from(const tlm_extension_base& other) override;
};

[[nodiscard]] inline MemoryExtension& memory_request_of(tlm::tlm_generic_payload& payload) {
    return *payload.get_extension<MemoryExtension>();
}

/// The word that a transaction of this purpose carries; 0 where it carries none: a frame that is
/// cleared, what a cache sends, an access of the program.
[[nodiscard]] std::uint64_t word_of(const tlm::tlm_generic_payload& payload, MemoryPurpose purpose);

/// A payload with its extension and eight bytes of data, a member of the initiator that reuses it.
class MemoryPayload {
  public:
    explicit MemoryPayload(std::size_t number = 0);
    MemoryPayload(const MemoryPayload&) = delete;
    MemoryPayload& operator=(const MemoryPayload&) = delete;
    MemoryPayload(MemoryPayload&&) = delete;
    MemoryPayload& operator=(MemoryPayload&&) = delete;
    ~MemoryPayload();

    void begin_read(PhysicalAddress address, unsigned bytes, MemoryPurpose purpose);
    void begin_write(PhysicalAddress address, std::uint64_t value, unsigned bytes,
                     MemoryPurpose purpose);
    /// Replaces `expected` by `value` if memory holds it.
    void begin_exchange(PhysicalAddress address, std::uint64_t expected, std::uint64_t value,
                        unsigned bytes, MemoryPurpose purpose);
    void begin_clear(PhysicalPageNumber frame);
    /// For a purpose that moves no values: takes time only. Within a page.
    void begin_without_values(tlm::tlm_command command, PhysicalAddress address, unsigned bytes,
                              MemoryPurpose purpose);

    /// What a read brought.
    [[nodiscard]] std::uint64_t value() const { return data_; }
    [[nodiscard]] bool failed() const { return payload_.is_response_error(); }

    [[nodiscard]] tlm::tlm_generic_payload& payload() { return payload_; }
    [[nodiscard]] const MemoryExtension& request() const { return extension_; }

  private:
    void begin(tlm::tlm_command command, PhysicalAddress address, unsigned bytes,
               MemoryPurpose purpose);

    // The bytes of an entry in the byte order of the host, which is the modelled one.
    std::uint64_t data_ = 0;
    PayloadOwner owner_;
    MemoryExtension extension_;
    tlm::tlm_generic_payload payload_{&owner_};
};

}  // namespace mmusim::hw
