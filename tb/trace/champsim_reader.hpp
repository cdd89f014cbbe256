// SPDX-License-Identifier: Apache-2.0
// The instructions that ChampSim's tracers write, one a record. All numbers are little-endian.
//
//                       ChampSim                  its variant for the CloudSuite traces
//     record            64 bytes                  96 bytes
//     from byte 0       8 bytes    the address of the instruction
//     from byte 8       1 byte     1: a branch
//     from byte 9       1 byte     1: it was taken
//     from byte 10      registers: 2 written,     4 written, 4 read, 6 bytes of padding
//                       4 read
//     what is written   2 addresses from byte 16  4 addresses from byte 24
//     what is read      4 addresses from byte 32  4 addresses from byte 56
//     at the end        -                         2 bytes of ASID, 6 bytes of padding
//
// An address of 0 is none. The access to the instruction comes first, then what is read, then what
// is written. The format knows no sizes: every access is of 1 byte. The ASID is not looked at: a
// trace is a process.
#pragma once

#include "tb/trace/record_reader.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace mmusim::tb {

struct ChampsimLayout {
    static constexpr std::size_t record_bytes = 64;
    static constexpr std::size_t written_at = 16;
    static constexpr std::size_t written = 2;
    static constexpr std::size_t read_at = 32;
    static constexpr std::size_t read = 4;
    static constexpr std::array<std::size_t, 0> padding_at{};
};

struct CloudsuiteLayout {
    static constexpr std::size_t record_bytes = 96;
    static constexpr std::size_t written_at = 24;
    static constexpr std::size_t written = 4;
    static constexpr std::size_t read_at = 56;
    static constexpr std::size_t read = 4;
    static constexpr std::array<std::size_t, 2> padding_at{18, 90};
};

// Whether the whole records of a file that begins so make sense: instructions and data lie at
// addresses that a program can have, what is yes or no is so, and padding is zeros. A file of zeros
// makes none.
[[nodiscard]] bool could_be_champsim(std::string_view start);
[[nodiscard]] bool could_be_cloudsuite(std::string_view start);

template <typename Layout>
class InstructionReader final : public RecordReader {
  public:
    InstructionReader(ByteStream bytes, UserHalf user_half);

  private:
    [[nodiscard]] const char* read_records(const char* begin, const char* end) override;
    void read_record(const char* record);
    void add_data(AccessType type, const char* address, std::size_t count);
};

using ChampsimReader = InstructionReader<ChampsimLayout>;
using CloudsuiteReader = InstructionReader<CloudsuiteLayout>;

}  // namespace mmusim::tb
