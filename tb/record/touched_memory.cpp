// SPDX-License-Identifier: Apache-2.0
#include "tb/record/touched_memory.hpp"

#include <algorithm>
#include <optional>

namespace mmusim::tb {

namespace {

/// struct iovec: where a buffer is, and how large.
struct Buffer {
    std::uint64_t address = 0;
    std::uint64_t bytes = 0;
};

/// struct msghdr, as far as it says where the buffers are.
struct MessageHeader {
    std::uint64_t name = 0;
    std::uint64_t name_bytes = 0;
    std::uint64_t buffers = 0;
    std::uint64_t buffer_count = 0;
};

// Linux's own limit for a list of buffers.
constexpr std::uint64_t most_buffers = 1024;
// And for the text of a path.
constexpr std::uint64_t longest_text_bytes = 4096;

class TouchedMemory {
  public:
    TouchedMemory(const SystemCall& call, const GuestMemory& memory)
        : call_(call), memory_(memory) {}

    void add(const Touch& touch);
    [[nodiscard]] std::vector<Access> take() { return std::move(accesses_); }

  private:
    [[nodiscard]] std::uint64_t result() const { return static_cast<std::uint64_t>(call_.result); }

    void add_span(AccessType type, std::uint64_t address, std::uint64_t bytes) {
        add_accesses(type, {address}, bytes, accesses_);
    }
    void add_text(std::uint64_t address);
    void add_buffers(AccessType type, std::uint64_t list, std::uint64_t count);
    void add_message(AccessType type, std::uint64_t address);

    [[nodiscard]] std::uint64_t length_of_text(std::uint64_t address) const;
    template <typename Structure>
    [[nodiscard]] std::optional<Structure> structure_at(std::uint64_t address) const;

    const SystemCall& call_;
    const GuestMemory& memory_;
    std::vector<Access> accesses_;
};

void TouchedMemory::add(const Touch& touch) {
    const std::uint64_t pointer = call_.arguments[touch.pointer];
    if (pointer == 0 || (call_.failed() && touch.extent != Extent::text)) {
        return;
    }
    switch (touch.extent) {
        case Extent::fixed: add_span(touch.type, pointer, touch.bytes); break;
        case Extent::argument:
            add_span(touch.type, pointer, touch.bytes * call_.arguments[touch.count]);
            break;
        case Extent::result: add_span(touch.type, pointer, touch.bytes * result()); break;
        case Extent::text: add_text(pointer); break;
        case Extent::vector: add_buffers(touch.type, pointer, call_.arguments[touch.count]); break;
        case Extent::message: add_message(touch.type, pointer); break;
    }
}

void TouchedMemory::add_text(std::uint64_t address) {
    add_span(AccessType::read, address, length_of_text(address));
}

// Page by page: what follows the text may not be mapped.
std::uint64_t TouchedMemory::length_of_text(std::uint64_t address) const {
    std::array<std::byte, page_bytes> piece{};
    std::uint64_t length = 0;
    while (length < longest_text_bytes) {
        const VirtualAddress next{address + length};
        const auto rest = std::span(piece).first(page_bytes - next.page_offset());
        if (!memory_.copy(next, rest)) {
            return length;
        }
        const auto zero = std::find(rest.begin(), rest.end(), std::byte{0});
        length += static_cast<std::uint64_t>(zero - rest.begin());
        if (zero != rest.end()) {
            return length + 1;
        }
    }
    return length;
}

void TouchedMemory::add_buffers(AccessType type, std::uint64_t list, std::uint64_t count) {
    std::uint64_t left = result();
    for (std::uint64_t index = 0; index < std::min(count, most_buffers); ++index) {
        const std::uint64_t place = list + index * sizeof(Buffer);
        const std::optional<Buffer> buffer = structure_at<Buffer>(place);
        if (!buffer) {
            return;
        }
        add_span(AccessType::read, place, sizeof(Buffer));
        const std::uint64_t used = std::min(left, buffer->bytes);
        add_span(type, buffer->address, used);
        left -= used;
    }
}

void TouchedMemory::add_message(AccessType type, std::uint64_t address) {
    if (const auto header = structure_at<MessageHeader>(address)) {
        add_span(AccessType::read, address, sizeof(MessageHeader));
        add_buffers(type, header->buffers, header->buffer_count);
    }
}

template <typename Structure>
std::optional<Structure> TouchedMemory::structure_at(std::uint64_t address) const {
    Structure structure;
    if (!memory_.copy({address}, std::as_writable_bytes(std::span(&structure, 1)))) {
        return std::nullopt;
    }
    return structure;
}

}  // namespace

std::vector<Access> touched_memory(const SystemCallRow& row, const SystemCall& call,
                                   const GuestMemory& memory) {
    TouchedMemory touched(call, memory);
    for (const Touch& touch : row.touched()) {
        touched.add(touch);
    }
    return touched.take();
}

void add_accesses(AccessType type, VirtualAddress address, std::uint64_t bytes,
                  std::vector<Access>& accesses) {
    while (bytes > 0) {
        const std::uint64_t in_page = std::min(bytes, page_bytes - address.page_offset());
        accesses.push_back(
            {.address = address, .size_bytes = static_cast<std::uint32_t>(in_page), .type = type});
        address = address + in_page;
        bytes -= in_page;
    }
}

}  // namespace mmusim::tb
