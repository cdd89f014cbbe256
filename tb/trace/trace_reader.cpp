// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/trace_reader.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <utility>

namespace mmusim::tb {

TraceReader::TraceReader(ByteStream bytes, UserHalf user_half)
    : bytes_(std::move(bytes)),
      user_half_(user_half),
      batch_(batch_capacity - 1 + most_accesses_of_a_record) {}

std::span<const Access> TraceReader::next_batch() {
    batch_size_ = 0;
    fill_batch();
    if (batch_size_ == 0 && is_empty_) {
        throw InputError(
            fmt::format("{}: the trace has no access, expected at least one", bytes_.path()));
    }
    is_empty_ = false;
    return {batch_.data(), batch_size_};
}

void TraceReader::fail(std::string_view problem) const {
    throw InputError(fmt::format("{}: {}", place(), problem));
}

void TraceReader::fail_outside(VirtualAddress address, std::uint32_t size_bytes) const {
    fail(user_half_.problem(address, size_bytes));
}

}  // namespace mmusim::tb
