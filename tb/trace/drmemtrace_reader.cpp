// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/drmemtrace_reader.hpp"

#include "tb/trace/little_endian.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace mmusim::tb {

namespace {

enum class RecordMeaning : std::uint8_t {
    nothing,
    read,
    write,
    fetch,
    fetch_unless_repeated,
    more_fetches,
    header,
};

constexpr std::size_t record_types = 50;

constexpr auto record_meanings = [] {
    using M = RecordMeaning;
    std::array<RecordMeaning, record_types> meanings{};
    meanings[0] = M::read;
    meanings[1] = M::write;
    for (std::size_t type = 10; type <= 16; ++type) {
        meanings[type] = M::fetch;
    }
    meanings[17] = M::more_fetches;
    meanings[25] = M::header;
    meanings[30] = M::fetch_unless_repeated;
    meanings[31] = M::fetch;
    meanings[48] = M::fetch;
    meanings[49] = M::fetch;
    return meanings;
}();

// Of a trace of a 32-bit program, whose records are shorter, the version would be another number.
constexpr std::uint64_t largest_version = 0xffff;
constexpr std::size_t longest_bundle = 8;

struct DrmemtraceRecord {
    std::uint16_t type = 0;
    std::uint16_t size = 0;
    std::uint64_t address = 0;
};

[[nodiscard]] DrmemtraceRecord record_at(const char* bytes) {
    return {.type = little_endian<std::uint16_t>(bytes),
            .size = little_endian<std::uint16_t>(bytes + 2),
            .address = little_endian<std::uint64_t>(bytes + 4)};
}

[[nodiscard]] bool is_header(const DrmemtraceRecord& record) {
    return record.type < record_types && record_meanings.at(record.type) == RecordMeaning::header &&
           record.address <= largest_version;
}

[[nodiscard]] bool is_plausible(const DrmemtraceRecord& record) {
    if (record.type >= record_types) {
        return false;
    }
    switch (record_meanings.at(record.type)) {
        case RecordMeaning::nothing: return true;
        case RecordMeaning::header: return is_header(record);
        case RecordMeaning::more_fetches: return record.size >= 1 && record.size <= longest_bundle;
        default:
            return record.size >= 1 && record.size <= page_bytes &&
                   is_plausible_address(record.address);
    }
}

}  // namespace

bool looks_like_drmemtrace(std::string_view start) {
    return start.size() >= DrmemtraceReader::record_bytes && is_header(record_at(start.data()));
}

bool could_be_drmemtrace(std::string_view start) {
    const std::size_t records = start.size() / DrmemtraceReader::record_bytes;
    for (std::size_t index = 0; index < records; ++index) {
        const char* const bytes = start.data() + index * DrmemtraceReader::record_bytes;
        if (!is_plausible(record_at(bytes))) {
            return false;
        }
    }
    return records > 0;
}

DrmemtraceReader::DrmemtraceReader(ByteStream bytes, UserHalf user_half)
    : RecordReader(std::move(bytes), user_half, record_bytes) {
    static_assert(longest_bundle <= most_accesses_of_a_record);
}

const char* DrmemtraceReader::read_records(const char* begin, const char* end) {
    return read_each<record_bytes>(begin, end, [this](const char* record) { read_record(record); });
}

void DrmemtraceReader::read_record(const char* record) {
    const auto [type, size, address] = record_at(record);
    if (type >= record_types) {
        fail(fmt::format("found type {}, expected 0 to {}", type, record_types - 1));
    }
    switch (record_meanings[type]) {
        case RecordMeaning::nothing: break;
        case RecordMeaning::read: add_data(AccessType::read, address, size); break;
        case RecordMeaning::write: add_data(AccessType::write, address, size); break;
        case RecordMeaning::fetch: add_fetch(address, size); break;
        case RecordMeaning::fetch_unless_repeated:
            if (latest_fetch_ != VirtualAddress{address}) {
                add_fetch(address, size);
            }
            break;
        case RecordMeaning::more_fetches: add_bundle(record + 4, size); break;
        case RecordMeaning::header: check_header(address); break;
    }
}

void DrmemtraceReader::add_data(AccessType type, std::uint64_t address, std::uint16_t size) {
    check_size(size);
    add(type, {address}, std::max<std::uint16_t>(size, 1));
}

void DrmemtraceReader::add_fetch(std::uint64_t address, std::uint16_t size) {
    check_size(size);
    latest_fetch_ = VirtualAddress{address};
    end_of_latest_fetch_ = *latest_fetch_ + size;
    if (size > 0) {
        add(AccessType::fetch, *latest_fetch_, size);
    }
}

void DrmemtraceReader::add_bundle(const char* lengths, std::uint16_t count) {
    if (!latest_fetch_) {
        fail("found a bundle of instructions, expected the first of them before it");
    }
    if (count < 1 || count > longest_bundle) {
        fail(fmt::format("found a bundle of {} instructions, expected 1 to {}", count,
                         longest_bundle));
    }
    for (std::size_t index = 0; index < count; ++index) {
        add_fetch(end_of_latest_fetch_.value, little_endian<std::uint8_t>(lengths + index));
    }
}

void DrmemtraceReader::check_size(std::uint16_t size) const {
    if (size > page_bytes) {
        fail(fmt::format("found a size of {} bytes, expected 0 to {}", size, page_bytes));
    }
}

void DrmemtraceReader::check_header(std::uint64_t version) const {
    if (version > largest_version) {
        fail(
            fmt::format("found the header of version {}, expected one of 0 to {}: only traces of "
                        "64-bit programs can be read",
                        version, largest_version));
    }
}

}  // namespace mmusim::tb
