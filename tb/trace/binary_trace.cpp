// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/binary_trace.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::string_view magic = "mmutrace";
constexpr char format_version = 1;
constexpr std::size_t header_bytes = magic.size() + 1;

constexpr unsigned type_bits = 2;
constexpr unsigned type_mask = (1U << type_bits) - 1;
constexpr unsigned footer_control = 3;
constexpr std::uint32_t largest_size_in_control = 63;

constexpr std::size_t longest_varint_bytes = 10;
constexpr std::size_t checksum_bytes = 8;
constexpr std::size_t longest_record_bytes = 1 + 2 * longest_varint_bytes;
constexpr std::size_t buffer_capacity = std::size_t{64} << 10U;

static_assert(longest_record_bytes <= ByteStream::guard_bytes);

[[nodiscard]] constexpr std::uint64_t zigzag(std::uint64_t difference) {
    return difference << 1U ^ (0 - (difference >> 63U));
}

[[nodiscard]] constexpr std::uint64_t undo_zigzag(std::uint64_t value) {
    return value >> 1U ^ (0 - (value & 1U));
}

[[nodiscard]] std::uint64_t take_byte(const char*& cursor) {
    const auto byte = static_cast<unsigned char>(*cursor);
    ++cursor;
    return byte;
}

/// Advances `cursor`; nothing if the number has more than 64 bits.
[[nodiscard]] std::optional<std::uint64_t> take_varint(const char*& cursor) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const std::uint64_t byte = take_byte(cursor);
        value |= (byte & 0x7fU) << shift;
        if (byte < 0x80U) {
            const bool fits = shift < 63 || byte <= 1;
            return fits ? std::optional(value) : std::nullopt;
        }
    }
    return std::nullopt;
}

[[nodiscard]] std::uint64_t take_checksum(const char*& cursor) {
    std::uint64_t value = 0;
    for (unsigned byte = 0; byte < checksum_bytes; ++byte) {
        value |= take_byte(cursor) << 8 * byte;
    }
    return value;
}

}  // namespace

bool looks_like_binary_trace(std::string_view start) {
    return start.starts_with(magic);
}

BinaryTraceReader::BinaryTraceReader(ByteStream bytes, UserHalf user_half)
    : TraceReader(std::move(bytes), user_half) {
    read_header();
}

std::string BinaryTraceReader::place() const {
    return fmt::format("{}: record {} at byte {}", bytes().path(), state_.records() + 1,
                       bytes().consumed_bytes());
}

void BinaryTraceReader::read_header() {
    look_ahead();
    const std::string_view header = bytes().window().substr(0, header_bytes);
    if (header.size() < header_bytes || !looks_like_binary_trace(header)) {
        throw InputError(fmt::format("{}: begins with {}, expected \"{}\" and a version",
                                     bytes().path(), in_quotes(header), magic));
    }
    if (header.back() != format_version) {
        throw InputError(fmt::format("{}: found version {} of the binary trace format, expected {}",
                                     bytes().path(), static_cast<unsigned char>(header.back()),
                                     format_version + 0));
    }
    bytes().consume(header_bytes);
}

void BinaryTraceReader::fill_batch() {
    while (!ended_ && !batch_is_full()) {
        look_ahead();
        read_item();
    }
}

void BinaryTraceReader::look_ahead() {
    while (bytes().window().size() < longest_record_bytes && bytes().read_more()) {
    }
}

void BinaryTraceReader::read_item() {
    const char* const begin = bytes().window().data();
    const char* cursor = begin;
    const auto control = static_cast<unsigned>(take_byte(cursor));
    if (control == footer_control) {
        read_footer(cursor);
        ended_ = true;
    } else {
        const Access access = read_access(control, cursor);
        add(access.type, access.address, access.size_bytes);
        state_.add(access);
    }
    bytes().consume(static_cast<std::size_t>(cursor - begin));
}

Access BinaryTraceReader::read_access(unsigned control, const char*& cursor) const {
    // What is read beyond the end is zeros, and is not used.
    const std::uint64_t size_in_control = control >> type_bits;
    const auto size_bytes = size_in_control == 0 ? take_varint(cursor) : size_in_control;
    const auto difference = take_varint(cursor);
    check_not_cut(cursor);

    const unsigned type = control & type_mask;
    if (type >= enumerator_count<AccessType>) {
        fail(fmt::format("found the control byte {:#04x}, expected a record or the footer",
                         control));
    }
    if (!size_bytes || *size_bytes < 1 || *size_bytes > page_bytes) {
        fail(fmt::format("found a size of {} bytes, expected 1 to {}",
                         size_bytes ? fmt::to_string(*size_bytes) : "2^64 or more", page_bytes));
    }
    if (!difference) {
        fail("found a number of more than 64 bits, expected an address difference");
    }
    const auto access_type = static_cast<AccessType>(type);
    return {.address = state_.end_of_previous(access_type) + undo_zigzag(*difference),
            .size_bytes = static_cast<std::uint32_t>(*size_bytes),
            .type = access_type};
}

void BinaryTraceReader::read_footer(const char*& cursor) {
    const auto records = take_varint(cursor);
    const std::uint64_t checksum = take_checksum(cursor);
    check_not_cut(cursor);
    if (records != state_.records()) {
        fail(fmt::format("found the footer of {} records, expected one of {}",
                         records ? fmt::to_string(*records) : "too many", state_.records()));
    }
    if (checksum != state_.checksum()) {
        fail(fmt::format("found the checksum {:#x} of other records, expected {:#x}", checksum,
                         state_.checksum()));
    }
    const auto footer_bytes = static_cast<std::size_t>(cursor - bytes().window().data());
    if (bytes().window().size() > footer_bytes || bytes().read_more()) {
        fail("found bytes behind the footer, expected the end of the file");
    }
}

void BinaryTraceReader::check_not_cut(const char* cursor) const {
    const std::string_view window = bytes().window();
    if (cursor > window.data() + window.size()) {
        fail("the file is cut off here, expected a whole record or the footer");
    }
}

BinaryTraceWriter::BinaryTraceWriter(std::string path)
    : file_(std::move(path)), buffer_(std::string(magic) + format_version) {}

void BinaryTraceWriter::write(const Access& access) {
    const auto type = static_cast<unsigned>(access.type);
    const bool size_fits = access.size_bytes <= largest_size_in_control;
    const unsigned size_in_control = size_fits ? access.size_bytes : 0;
    buffer_ += static_cast<char>(size_in_control << type_bits | type);
    if (!size_fits) {
        put_varint(access.size_bytes);
    }
    put_varint(zigzag(access.address.value - state_.end_of_previous(access.type).value));
    state_.add(access);
    if (buffer_.size() >= buffer_capacity) {
        flush();
    }
}

void BinaryTraceWriter::finish() {
    buffer_ += static_cast<char>(footer_control);
    put_varint(state_.records());
    for (unsigned byte = 0; byte < checksum_bytes; ++byte) {
        buffer_ += static_cast<char>(state_.checksum() >> 8 * byte);
    }
    flush();
    file_.commit();
}

void BinaryTraceWriter::put_varint(std::uint64_t value) {
    while (value >= 0x80U) {
        buffer_ += static_cast<char>(value | 0x80U);
        value >>= 7U;
    }
    buffer_ += static_cast<char>(value);
}

void BinaryTraceWriter::flush() {
    file_.write(buffer_);
    buffer_.clear();
}

}  // namespace mmusim::tb
