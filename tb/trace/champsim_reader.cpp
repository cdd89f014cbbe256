// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/champsim_reader.hpp"

#include "tb/trace/little_endian.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace mmusim::tb {

namespace {

constexpr std::size_t address_bytes = sizeof(std::uint64_t);
constexpr std::size_t is_branch_at = 8;
constexpr std::size_t is_taken_at = 9;
constexpr std::size_t padding_bytes = 6;

template <typename Layout>
constexpr std::size_t accesses_of_a_record = 1 + Layout::read + Layout::written;

[[nodiscard]] bool are_plausible_addresses(const char* addresses, std::size_t count) {
    for (std::size_t index = 0; index < count; ++index) {
        if (!is_plausible_address(
                little_endian<std::uint64_t>(addresses + index * address_bytes))) {
            return false;
        }
    }
    return true;
}

template <typename Layout>
[[nodiscard]] bool has_zero_padding(const char* record) {
    return std::all_of(Layout::padding_at.begin(), Layout::padding_at.end(), [&](std::size_t at) {
        return std::all_of(record + at, record + at + padding_bytes,
                           [](char byte) { return byte == 0; });
    });
}

template <typename Layout>
[[nodiscard]] bool is_plausible_record(const char* record) {
    const auto instruction = little_endian<std::uint64_t>(record);
    const auto is_branch = little_endian<std::uint8_t>(record + is_branch_at);
    const auto is_taken = little_endian<std::uint8_t>(record + is_taken_at);
    return instruction != 0 && is_plausible_address(instruction) && is_branch <= 1 &&
           is_taken <= is_branch && has_zero_padding<Layout>(record) &&
           are_plausible_addresses(record + Layout::written_at, Layout::written) &&
           are_plausible_addresses(record + Layout::read_at, Layout::read);
}

template <typename Layout>
[[nodiscard]] bool holds_plausible_records(std::string_view start) {
    const std::size_t records = start.size() / Layout::record_bytes;
    for (std::size_t index = 0; index < records; ++index) {
        if (!is_plausible_record<Layout>(start.data() + index * Layout::record_bytes)) {
            return false;
        }
    }
    return records > 0;
}

}  // namespace

bool could_be_champsim(std::string_view start) {
    return holds_plausible_records<ChampsimLayout>(start);
}

bool could_be_cloudsuite(std::string_view start) {
    return holds_plausible_records<CloudsuiteLayout>(start);
}

template <typename Layout>
InstructionReader<Layout>::InstructionReader(ByteStream bytes, UserHalf user_half)
    : RecordReader(std::move(bytes), user_half, Layout::record_bytes) {
    static_assert(accesses_of_a_record<Layout> <= most_accesses_of_a_record);
}

template <typename Layout>
const char* InstructionReader<Layout>::read_records(const char* begin, const char* end) {
    return this->template read_each<Layout::record_bytes>(
        begin, end, [this](const char* record) { read_record(record); });
}

template <typename Layout>
void InstructionReader<Layout>::read_record(const char* record) {
    const auto is_branch = little_endian<std::uint8_t>(record + is_branch_at);
    if (is_branch > 1) {
        fail(fmt::format("found {} for whether it is a branch, expected 0 or 1", is_branch));
    }
    add(AccessType::fetch, {little_endian<std::uint64_t>(record)}, 1);
    add_data(AccessType::read, record + Layout::read_at, Layout::read);
    add_data(AccessType::write, record + Layout::written_at, Layout::written);
}

template <typename Layout>
void InstructionReader<Layout>::add_data(AccessType type, const char* address, std::size_t count) {
    for (std::size_t index = 0; index < count; ++index) {
        const auto value = little_endian<std::uint64_t>(address + index * address_bytes);
        if (value != 0) {
            add(type, {value}, 1);
        }
    }
}

template class InstructionReader<ChampsimLayout>;
template class InstructionReader<CloudsuiteLayout>;

}  // namespace mmusim::tb
