// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/trace/trace_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace mmusim::tb {

/// What the readers of binary formats have in common whose records all have the same size.
class RecordReader : public TraceReader {
  protected:
    RecordReader(ByteStream bytes, UserHalf user_half, std::size_t record_bytes);

    /// Reads whole records from `begin` on by read_each().
    [[nodiscard]] virtual const char* read_records(const char* begin, const char* end) = 0;

    /// Calls `read_record(record)` until the batch is full or the records end. Returns the first
    /// record that was not read.
    template <std::size_t record_bytes, typename ReadRecord>
    [[nodiscard]] const char* read_each(const char* begin, const char* end,
                                        ReadRecord read_record) {
        const char* cursor = begin;
        while (cursor != end && !batch_is_full()) {
            read_record(cursor);
            cursor += record_bytes;
            ++records_;
        }
        return cursor;
    }

  private:
    void fill_batch() final;
    [[nodiscard]] std::string place() const final;

    /// Reads on until the window holds a whole record; false at the end of the trace.
    [[nodiscard]] bool have_record();

    std::size_t record_bytes_;
    std::uint64_t records_ = 0;
};

/// Whether a program can have such an address: the highest bits, which no paging mode translates,
/// are all alike.
[[nodiscard]] constexpr bool is_plausible_address(std::uint64_t address) {
    constexpr unsigned translated_bits = 57;
    const std::uint64_t highest = address >> (translated_bits - 1);
    return highest == 0 || highest == ~std::uint64_t{0} >> (translated_bits - 1);
}

}  // namespace mmusim::tb
