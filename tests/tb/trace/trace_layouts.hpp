// SPDX-License-Identifier: Apache-2.0
// Records of other tools, laid out field by field as the tools publish their structs, and
// independent of the readers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace mmusim::tests {

/// Appends numbers, the lowest byte first.
class RecordBytes {
  public:
    RecordBytes& number(std::uint64_t value, std::size_t bytes) {
        for (std::size_t byte = 0; byte < bytes; ++byte) {
            text_ += static_cast<char>(value >> 8 * byte);
        }
        return *this;
    }

    template <std::size_t count>
    RecordBytes& numbers(const std::array<std::uint64_t, count>& values, std::size_t bytes) {
        for (const std::uint64_t value : values) {
            number(value, bytes);
        }
        return *this;
    }

    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::string text_;
};

/// `input_instr` of ChampSim's inc/trace_instruction.h.
struct InputInstruction {
    std::uint64_t ip = 0;
    std::uint64_t is_branch = 0;
    std::uint64_t branch_taken = 0;
    std::array<std::uint64_t, 2> destination_registers{};
    std::array<std::uint64_t, 4> source_registers{};
    std::array<std::uint64_t, 2> destination_memory{};
    std::array<std::uint64_t, 4> source_memory{};
};

[[nodiscard]] inline std::string record_of(const InputInstruction& instruction) {
    return RecordBytes{}
        .number(instruction.ip, 8)
        .number(instruction.is_branch, 1)
        .number(instruction.branch_taken, 1)
        .numbers(instruction.destination_registers, 1)
        .numbers(instruction.source_registers, 1)
        .numbers(instruction.destination_memory, 8)
        .numbers(instruction.source_memory, 8)
        .text();
}

/// `cloudsuite_instr` of the same file. The compiler aligns what is behind the registers to 8
/// bytes, and so the end of the struct.
struct CloudsuiteInstruction {
    std::uint64_t ip = 0;
    std::uint64_t is_branch = 0;
    std::uint64_t branch_taken = 0;
    std::array<std::uint64_t, 4> destination_registers{};
    std::array<std::uint64_t, 4> source_registers{};
    std::array<std::uint64_t, 4> destination_memory{};
    std::array<std::uint64_t, 4> source_memory{};
    std::array<std::uint64_t, 2> asid{};
};

[[nodiscard]] inline std::string record_of(const CloudsuiteInstruction& instruction) {
    return RecordBytes{}
        .number(instruction.ip, 8)
        .number(instruction.is_branch, 1)
        .number(instruction.branch_taken, 1)
        .numbers(instruction.destination_registers, 1)
        .numbers(instruction.source_registers, 1)
        .number(0, 6)
        .numbers(instruction.destination_memory, 8)
        .numbers(instruction.source_memory, 8)
        .numbers(instruction.asid, 1)
        .number(0, 6)
        .text();
}

/// `_trace_entry_t` of DynamoRIO's drmemtrace/trace_entry.h.
struct TraceEntry {
    std::uint64_t type = 0;
    std::uint64_t size = 0;
    std::uint64_t address = 0;
};

[[nodiscard]] inline std::string record_of(const TraceEntry& entry) {
    return RecordBytes{}
        .number(entry.type, 2)
        .number(entry.size, 2)
        .number(entry.address, 8)
        .text();
}

// Numbers of `trace_type_t` and `trace_marker_type_t` of the same file.
namespace trace_type {
inline constexpr std::uint64_t read = 0;
inline constexpr std::uint64_t write = 1;
inline constexpr std::uint64_t instr = 10;
inline constexpr std::uint64_t instr_return = 16;
inline constexpr std::uint64_t instr_bundle = 17;
inline constexpr std::uint64_t thread = 22;
inline constexpr std::uint64_t thread_exit = 23;
inline constexpr std::uint64_t pid = 24;
inline constexpr std::uint64_t header = 25;
inline constexpr std::uint64_t footer = 26;
inline constexpr std::uint64_t marker = 28;
inline constexpr std::uint64_t instr_no_fetch = 29;
inline constexpr std::uint64_t instr_maybe_fetch = 30;
inline constexpr std::uint64_t encoding = 47;
inline constexpr std::uint64_t invalid = 50;
}  // namespace trace_type

namespace trace_marker_type {
inline constexpr std::uint64_t timestamp = 2;
inline constexpr std::uint64_t cpu_id = 3;
inline constexpr std::uint64_t filetype = 9;
inline constexpr std::uint64_t version = 12;
inline constexpr std::uint64_t record_ordinal = 22;
}  // namespace trace_marker_type

}  // namespace mmusim::tests
