// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/open_trace.hpp"

#include "hw/base/random.hpp"
#include "tb/output/compressed_output_file.hpp"
#include "tb/trace/binary_trace.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::open_trace_test {

using tests::accesses_of;
using tests::error_of;
using tests::fetch_of;
using tests::input_error_of;
using tests::ScratchDirectory;

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
              ": begins with \"nonsense\", expected a trace in one of the formats lackey, binary");
}

TEST_CASE("a format that was asked for is not guessed", "[open_trace]") {
    const ScratchDirectory directory;
    const std::string path = directory.file("a", "I  1000,4\n");
    CHECK(error_of(path, TraceFormat::binary) ==
          path + ": begins with \"I  1000,4\", expected \"mmutrace\" and a version");
}

TEST_CASE("every format has a name", "[open_trace]") {
    CHECK(trace_format_named("lackey") == TraceFormat::lackey);
    CHECK(trace_format_named("binary") == TraceFormat::binary);
    CHECK(
        input_error_of([] { static_cast<void>(trace_format_named("lacky")); }) ==
        "trace format \"lacky\" is unknown, expected one of lackey, binary; did you mean lackey?");
    CHECK(input_error_of([] { static_cast<void>(trace_format_named("")); }) ==
          "trace format \"\" is unknown, expected one of lackey, binary");
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
