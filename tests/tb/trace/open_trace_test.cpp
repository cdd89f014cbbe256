// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/open_trace.hpp"

#include "hw/base/random.hpp"
#include "tb/output/compressed_output_file.hpp"
#include "tb/trace/binary_trace.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/trace/trace_layouts.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb::open_trace_test {

using tests::accesses_of;
using tests::CloudsuiteInstruction;
using tests::error_of;
using tests::fetch_of;
using tests::input_error_of;
using tests::InputInstruction;
using tests::read_of;
using tests::record_of;
using tests::ScratchDirectory;
using tests::TraceEntry;
using tests::write_of;

namespace trace_type = tests::trace_type;

namespace {

// A loop that reads and writes.
template <typename Instruction>
[[nodiscard]] std::string loop_of(std::uint64_t instructions) {
    std::string bytes;
    for (std::uint64_t i = 0; i < instructions; ++i) {
        Instruction instruction{.ip = 0x401000 + i % 8 * 4};
        instruction.is_branch = i % 8 == 7 ? 1 : 0;
        instruction.branch_taken = instruction.is_branch;
        instruction.source_registers = {3, 4};
        if (i % 2 == 0) {
            instruction.source_memory = {0x7fff12340000 + i * 8};
        }
        if (i % 3 == 0) {
            instruction.destination_memory = {0x7fff56780008 + i * 8};
        }
        bytes += record_of(instruction);
    }
    return bytes;
}

[[nodiscard]] std::string drmemtrace_records(std::uint64_t instructions) {
    std::string bytes;
    for (std::uint64_t i = 0; i < instructions; ++i) {
        bytes += record_of(TraceEntry{trace_type::instr, 4, 0x401000 + i % 8 * 4});
        bytes += record_of(TraceEntry{trace_type::read, 8, 0x7fff12340000 + i * 8});
    }
    return bytes;
}

}  // namespace

TEST_CASE("lackey text is known by its first record, whatever precedes it", "[open_trace]") {
    const auto* const text =
        GENERATE("I  1000,4\n", "==1== Lackey\n\nI  1000,4\n", "\n\nI  1000,4", "==1==\nI  1000,4");
    const ScratchDirectory directory;
    CHECK(accesses_of(directory.file("trace", text)) == std::vector{fetch_of(0x1000, 4)});
}

TEST_CASE("compressed lackey text is known as such by every filter", "[open_trace]") {
    const auto* const name = GENERATE("a.xz", "a.zst", "a.gz", "a.bz2", "a.lz4");
    CAPTURE(name);
    const ScratchDirectory directory;
    {
        CompressedOutputFile file(directory.path_of(name));
        file.write("I  1000,4\n");
        file.commit();
    }
    CHECK(accesses_of(directory.path_of(name)) == std::vector{fetch_of(0x1000, 4)});
}

TEST_CASE("a binary trace is known by its first bytes", "[open_trace]") {
    const ScratchDirectory directory;
    const std::string path = directory.path_of("a.lackey");
    BinaryTraceWriter writer(path);
    writer.write(fetch_of(0x1000, 4));
    writer.finish();
    CHECK(accesses_of(path) == std::vector{fetch_of(0x1000, 4)});
}

TEST_CASE("din text is known by its first record", "[open_trace]") {
    const auto* const text = GENERATE("2 1000\n", "\n 2 1000 a comment\n", "2\t0x1000");
    const ScratchDirectory directory;
    CHECK(accesses_of(directory.file("trace", text)) == std::vector{fetch_of(0x1000, 1)});
}

TEST_CASE("lackey text and din text are not taken for each other", "[open_trace]") {
    const ScratchDirectory directory;
    CHECK(accesses_of(directory.file("a.din", " L 1000,4\n")) == std::vector{read_of(0x1000, 4)});
    CHECK(accesses_of(directory.file("a.lackey", " 0 1000\n")) == std::vector{read_of(0x1000, 1)});
    CHECK(accesses_of(directory.file("a", " S 1,4\n")) == std::vector{write_of(1, 4)});
}

TEST_CASE("instructions of ChampSim are known by what they must be", "[open_trace]") {
    const auto instructions = GENERATE(2U, 10U, 100U, 1000U);
    CAPTURE(instructions);
    const ScratchDirectory directory;
    const std::string champsim = directory.file("a.trace", loop_of<InputInstruction>(instructions));
    CHECK((accesses_of(champsim) == accesses_of(champsim, TraceFormat::champsim)));
    const std::string cloudsuite =
        directory.file("b.trace", loop_of<CloudsuiteInstruction>(instructions));
    CHECK((accesses_of(cloudsuite) == accesses_of(cloudsuite, TraceFormat::cloudsuite)));
    CHECK((accesses_of(cloudsuite) == accesses_of(champsim)));
}

TEST_CASE("a drmemtrace is known by its header, or by what its records must be", "[open_trace]") {
    const ScratchDirectory directory;
    const std::string records = drmemtrace_records(1000);
    const std::string header = record_of(TraceEntry{trace_type::header, 0, 7});
    const std::string whole = directory.file("a", header + records);
    const std::string part = directory.file("b", records);
    const std::string cut = directory.file("c", records.substr(0, 36));
    CHECK((accesses_of(whole) == accesses_of(part, TraceFormat::drmemtrace)));
    CHECK((accesses_of(part) == accesses_of(part, TraceFormat::drmemtrace)));
    CHECK(accesses_of(cut).size() == 3);
}

TEST_CASE("an instruction whose address is letters is not taken for text", "[open_trace]") {
    // "I  0000", "0 1 1 1" and "==12345" as little-endian numbers.
    const auto address = GENERATE(std::uint64_t{0x30303030202049}, std::uint64_t{0x31203120312030},
                                  std::uint64_t{0x35343332313d3d});
    const ScratchDirectory directory;
    const std::string path =
        directory.file("a", record_of(InputInstruction{.ip = address, .source_memory = {0x1000}}));
    CHECK(accesses_of(path) == std::vector{fetch_of(address, 1), read_of(0x1000, 1)});
}

TEST_CASE("a trace that may be in two formats is an error that asks for the right one",
          "[open_trace]") {
    const ScratchDirectory directory;
    // Two instructions of the one format, three of the other: so few tell nothing.
    const std::string bytes = record_of(InputInstruction{.ip = 0x1000}) +
                              record_of(InputInstruction{.ip = 0x1004, .source_memory = {0x2000}}) +
                              record_of(InputInstruction{.ip = 0x1008});
    const std::string path = directory.file("a", bytes);
    CHECK(error_of(path) ==
          path + ": may be in the format champsim or cloudsuite, expected --format to say which");
    CHECK(accesses_of(path, TraceFormat::champsim).size() == 4);
    const std::string named = directory.file("a.champsimtrace", bytes);
    CHECK((accesses_of(named) == accesses_of(path, TraceFormat::champsim)));
}

TEST_CASE("every format is the same plain and compressed by every filter", "[open_trace]") {
    struct FormatRow {
        TraceFormat format;
        std::string bytes;
    };
    const auto row =
        GENERATE(FormatRow{TraceFormat::champsim, loop_of<InputInstruction>(3000)},
                 FormatRow{TraceFormat::cloudsuite, loop_of<CloudsuiteInstruction>(3000)},
                 FormatRow{TraceFormat::din, "0 1000\n1 2000\n"},
                 FormatRow{TraceFormat::drmemtrace, drmemtrace_records(3000)});
    const ScratchDirectory directory;
    const std::vector<Access> expected = accesses_of(directory.file("plain", row.bytes));
    CHECK((expected == accesses_of(directory.path_of("plain"), row.format)));
    for (const char* const name : {"a.xz", "a.zst", "a.gz", "a.bz2", "a.lz4"}) {
        CAPTURE(name, row.format);
        CompressedOutputFile file(directory.path_of(name));
        file.write(row.bytes);
        file.commit();
        CHECK((accesses_of(directory.path_of(name)) == expected));
    }
}

TEST_CASE("a part of the name between dots tells the format", "[open_trace]") {
    struct NameRow {
        const char* name;
        std::optional<TraceFormat> format;
    };
    const auto row = GENERATE(
        NameRow{"605.mcf_s-472B.champsimtrace.xz", TraceFormat::champsim},
        NameRow{"a.champsim", TraceFormat::champsim}, NameRow{"a.din.gz", TraceFormat::din},
        NameRow{"core0.cloudsuite.xz", TraceFormat::cloudsuite},
        NameRow{"drmemtrace.app.123.4567.trace.zip", TraceFormat::drmemtrace},
        NameRow{"0f3a.77.memtrace.zip", TraceFormat::drmemtrace},
        NameRow{"dir.din/a.mmutrace.zst", TraceFormat::binary},
        NameRow{"a.lackey", TraceFormat::lackey}, NameRow{"a.dinner", std::nullopt},
        NameRow{"gap.trace.xz", std::nullopt}, NameRow{"", std::nullopt},
        NameRow{"...", std::nullopt});
    CAPTURE(row.name);
    CHECK(trace_format_by_name(row.name) == row.format);
}

TEST_CASE("zeros are no trace", "[open_trace]") {
    const auto size = GENERATE(1U, 12U, 64U, 96U, 192U, 10'000U);
    const ScratchDirectory directory;
    const std::string path = directory.file("a", std::string(size, '\0'));
    CHECK_THAT(error_of(path), Catch::Contains("expected a trace in one of the formats"));
}

TEST_CASE("where the contents tell nothing, the name does", "[open_trace]") {
    const ScratchDirectory directory;
    const std::string text = directory.file("a.lackey.txt", "nonsense");
    CHECK_THAT(error_of(text), Catch::StartsWith(text + ":1: found \"nonsense\", expected \"I"));
    const std::string cut = directory.file("a.mmutrace", "mmu");
    CHECK(error_of(cut) == cut + ": begins with \"mmu\", expected \"mmutrace\" and a version");
}

TEST_CASE("an unknown format is an error that names the known ones", "[open_trace]") {
    const ScratchDirectory directory;
    const std::string path = directory.file("trace", "nonsense\nmore of it\n");
    CHECK(error_of(path) ==
          path +
              ": begins with \"nonsense\", expected a trace in one of the formats lackey, "
              "champsim, cloudsuite, din, drmemtrace, binary");
}

TEST_CASE("a format that was asked for is not guessed", "[open_trace]") {
    const ScratchDirectory directory;
    const std::string path = directory.file("a", "I  1000,4\n");
    CHECK(error_of(path, TraceFormat::binary) ==
          path + ": begins with \"I  1000,4\", expected \"mmutrace\" and a version");
}

TEST_CASE("every format has a name", "[open_trace]") {
    CHECK(trace_format_named("lackey") == TraceFormat::lackey);
    CHECK(trace_format_named("champsim") == TraceFormat::champsim);
    CHECK(trace_format_named("cloudsuite") == TraceFormat::cloudsuite);
    CHECK(trace_format_named("din") == TraceFormat::din);
    CHECK(trace_format_named("drmemtrace") == TraceFormat::drmemtrace);
    CHECK(trace_format_named("binary") == TraceFormat::binary);
    CHECK(input_error_of([] { static_cast<void>(trace_format_named("lacky")); }) ==
          "trace format \"lacky\" is unknown, expected one of lackey, champsim, cloudsuite, din, "
          "drmemtrace, binary; did you mean lackey?");
    CHECK(input_error_of([] { static_cast<void>(trace_format_named("")); }) ==
          "trace format \"\" is unknown, expected one of lackey, champsim, cloudsuite, din, "
          "drmemtrace, binary");
}

TEST_CASE("random files never do harm", "[open_trace][fuzz]") {
    Random random(5);
    const ScratchDirectory directory;
    for (int round = 0; round < 1000; ++round) {
        std::string bytes;
        const std::uint64_t length = 1 + random.below(300);
        while (bytes.size() < length) {
            bytes += static_cast<char>(random.next());
        }
        const std::string path = directory.file("trace", bytes);
        CHECK_THAT(error_of(path), Catch::StartsWith(path + ":"));
    }
}

TEST_CASE("damaged compressed traces never do harm", "[open_trace][fuzz]") {
    const auto* const name = GENERATE("a.xz", "a.zst", "a.gz", "a.bz2", "a.lz4");
    const ScratchDirectory directory;
    BinaryTraceWriter writer(directory.path_of(name));
    for (std::uint64_t i = 0; i < 50; ++i) {
        writer.write(fetch_of(i * i * 4096, 4));
    }
    writer.finish();
    const std::string whole = directory.contents_of(name);
    const auto original = accesses_of(directory.path_of(name));
    for (std::size_t place = 0; place < whole.size(); ++place) {
        std::string damaged = whole;
        damaged[place] = static_cast<char>(~damaged[place]);
        const std::string path = directory.file("damaged", damaged);
        const std::string error = error_of(path);
        const bool harmless = error == "no error" && accesses_of(path) == original;
        CAPTURE(name, place, error);
        CHECK((harmless || error.starts_with(path)));
    }
}

}  // namespace mmusim::tb::open_trace_test
