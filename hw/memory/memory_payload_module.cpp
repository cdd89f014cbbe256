// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/memory_payload_module.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <memory>

namespace mmusim::hw {

static_assert(std::endian::native == std::endian::little,
              "RISC-V page tables are little endian, and payloads carry them as the host does");

namespace {

// The data of every transaction that clears a frame or moves no values. Nobody writes it: the
// payload's pointer merely cannot be const.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::array<unsigned char, page_bytes> zeros{};

}  // namespace

std::uint64_t word_of(const tlm::tlm_generic_payload& payload, MemoryPurpose purpose) {
    std::uint64_t value = 0;
    if (purpose != MemoryPurpose::frame_clear && moves_values(purpose)) {
        std::memcpy(&value, payload.get_data_ptr(), payload.get_data_length());
    }
    return value;
}

tlm::tlm_extension_base* MemoryExtension::clone() const {
    return std::make_unique<MemoryExtension>(*this).release();
}

void MemoryExtension::copy_from(const tlm_extension_base& other) {
    *this = dynamic_cast<const MemoryExtension&>(other);
}

MemoryPayload::MemoryPayload(std::size_t number) {
    extension_.number = number;
    payload_.set_extension(&extension_);
    payload_.acquire();
}

MemoryPayload::~MemoryPayload() {
    payload_.clear_extension(&extension_);
}

void MemoryPayload::begin_read(PhysicalAddress address, unsigned bytes, MemoryPurpose purpose) {
    data_ = 0;
    begin(tlm::TLM_READ_COMMAND, address, bytes, purpose);
}

void MemoryPayload::begin_write(PhysicalAddress address, std::uint64_t value, unsigned bytes,
                                MemoryPurpose purpose) {
    data_ = value;
    begin(tlm::TLM_WRITE_COMMAND, address, bytes, purpose);
}

void MemoryPayload::begin_exchange(PhysicalAddress address, std::uint64_t expected,
                                   std::uint64_t value, unsigned bytes, MemoryPurpose purpose) {
    begin_write(address, value, bytes, purpose);
    extension_.expected = expected;
}

void MemoryPayload::begin_clear(PhysicalPageNumber frame) {
    begin(tlm::TLM_WRITE_COMMAND, frame.address(), page_bytes, MemoryPurpose::frame_clear);
    payload_.set_data_ptr(zeros.data());
}

void MemoryPayload::begin_without_values(tlm::tlm_command command, PhysicalAddress address,
                                         unsigned bytes, MemoryPurpose purpose) {
    begin(command, address, bytes, purpose);
    payload_.set_data_ptr(zeros.data());
}

void MemoryPayload::begin(tlm::tlm_command command, PhysicalAddress address, unsigned bytes,
                          MemoryPurpose purpose) {
    payload_.set_command(command);
    payload_.set_address(address.value);
    // TLM moves bytes; these are the bytes of the word.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    payload_.set_data_ptr(reinterpret_cast<unsigned char*>(&data_));
    payload_.set_data_length(bytes);
    payload_.set_streaming_width(bytes);
    payload_.set_byte_enable_ptr(nullptr);
    payload_.set_dmi_allowed(false);
    payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    extension_.purpose = purpose;
    extension_.expected.reset();
    extension_.exchanged = false;
    extension_.timing = {};
}

}  // namespace mmusim::hw
