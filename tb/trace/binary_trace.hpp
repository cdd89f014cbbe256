// SPDX-License-Identifier: Apache-2.0
// The project's own trace format: compact, quick to read, and safe against truncation and damage.
// Usually compressed once more by xz or zstd.
//
//     header    8 bytes    "mmutrace"
//               1 byte     version, 1
//     record    1 byte     bits 0-1: 0 read, 1 write, 2 fetch
//                          bits 2-7: the size in bytes, 1 to 63; 0: the size follows
//               varint     the size in bytes, 1 to 4096; only after a 0 in bits 2-7
//               varint     zigzag of (address - end), modulo 2^64; `end` is the byte after the
//                          previous access of the same type, 0 before the first
//     …
//     footer    1 byte     3
//               varint     the number of records
//               8 bytes    checksum of the records, little-endian
//
// A varint has 7 bits of the value per byte, lowest first; all bytes but the last have bit 7 set;
// it has at most 10 bytes. Zigzag maps 0, -1, 1, -2 … to 0, 1, 2, 3 …. The checksum begins as 0;
// each access makes it
//
//     (rotate_left(checksum, 5) ^ address ^ size << 48 ^ type << 62) * 0x9e3779b97f4a7c15
//
// modulo 2^64. Nothing follows the footer.
#pragma once

#include "tb/output/compressed_output_file.hpp"
#include "tb/trace/trace_reader.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace mmusim::tb {

/// What encoding and decoding an access depend on: all that was before it.
class BinaryTraceState {
  public:
    /// The byte after the previous access of this type.
    [[nodiscard]] VirtualAddress end_of_previous(AccessType type) const { return ends_[type]; }

    void add(const Access& access) {
        ends_[access.type] = access.address + access.size_bytes;
        const std::uint64_t description = std::uint64_t{access.size_bytes} << 48U ^
                                          static_cast<std::uint64_t>(access.type) << 62U;
        const std::uint64_t mixed = std::rotl(checksum_, 5) ^ access.address.value ^ description;
        checksum_ = mixed * 0x9e3779b97f4a7c15;
        ++records_;
    }

    [[nodiscard]] std::uint64_t records() const { return records_; }
    [[nodiscard]] std::uint64_t checksum() const { return checksum_; }

  private:
    PerEnumerator<AccessType, VirtualAddress> ends_;
    std::uint64_t checksum_ = 0;
    std::uint64_t records_ = 0;
};

/// Whether a file that begins so is a binary trace, of whatever version.
[[nodiscard]] bool looks_like_binary_trace(std::string_view start);

class BinaryTraceReader final : public TraceReader {
  public:
    BinaryTraceReader(ByteStream bytes, UserHalf user_half);

  private:
    void fill_batch() override;
    [[nodiscard]] std::string place() const override;

    void read_header();
    /// Makes the window hold the longest record, or all that is left.
    void look_ahead();
    /// Reads a record or the footer.
    void read_item();

    // What follows the control byte, at `cursor`, which is advanced.
    [[nodiscard]] Access read_access(unsigned control, const char*& cursor) const;
    void read_footer(const char*& cursor);

    void check_not_cut(const char* cursor) const;

    BinaryTraceState state_;
    bool ended_ = false;
};

/// Writes a binary trace; the file appears under its name with finish(). It is compressed if the
/// name ends in .xz, .zst, .gz, .bz2 or .lz4.
class BinaryTraceWriter {
  public:
    explicit BinaryTraceWriter(std::string path);

    /// The access has a size of 1 to 4096 bytes.
    void write(const Access& access);

    void finish();

  private:
    void put_varint(std::uint64_t value);
    void flush();

    CompressedOutputFile file_;
    BinaryTraceState state_;
    std::string buffer_;
};

}  // namespace mmusim::tb
