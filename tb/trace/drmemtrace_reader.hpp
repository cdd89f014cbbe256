// SPDX-License-Identifier: Apache-2.0
// The records of DynamoRIO's drmemtrace, as its tools read them: traces of 64-bit programs, after
// post-processing. 12 bytes each, all numbers little-endian:
//
//     2 bytes    the type
//     2 bytes    the size in bytes; for other records something else
//     8 bytes    the address; for other records something else
//
//     0, 1                   a read, a write; of size 0 where the tracer does not know it: 1 byte
//     10-16, 31, 48, 49      a fetch; of size 0: the address alone, nothing was fetched
//     30                     a fetch, unless the one before had the same address
//     17                     as many more fetches as the size says, one behind the other: the
//                            address holds the length of each, a byte each
//     2-9, 27, 32-46         prefetches: skipped
//     18-26, 28, 29, 47      flushes, threads and processes, header and footer, markers,
//                            instructions that are not fetched, their encodings: skipped
//
// All threads and processes of a file are one process here: a trace is a process.
#pragma once

#include "tb/trace/record_reader.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace mmusim::tb {

/// Whether a file that begins so has the header of such a trace.
[[nodiscard]] bool looks_like_drmemtrace(std::string_view start);

/// Whether the whole records of a file that begins so make sense, as those of a part of a trace do.
[[nodiscard]] bool could_be_drmemtrace(std::string_view start);

class DrmemtraceReader final : public RecordReader {
  public:
    DrmemtraceReader(ByteStream bytes, UserHalf user_half);

    static constexpr std::size_t record_bytes = 12;

  private:
    [[nodiscard]] const char* read_records(const char* begin, const char* end) override;
    void read_record(const char* record);

    void add_data(AccessType type, std::uint64_t address, std::uint16_t size);
    void add_fetch(std::uint64_t address, std::uint16_t size);
    void add_bundle(const char* lengths, std::uint16_t count);
    void check_size(std::uint16_t size) const;
    void check_header(std::uint64_t version) const;

    std::optional<VirtualAddress> latest_fetch_;
    VirtualAddress end_of_latest_fetch_;
};

}  // namespace mmusim::tb
