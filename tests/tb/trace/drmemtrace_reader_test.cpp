// SPDX-License-Identifier: Apache-2.0
#include "tb/trace/drmemtrace_reader.hpp"

#include "hw/base/random.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tb/input/zip_file.hpp"
#include "tests/tb/trace/trace_layouts.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace mmusim::tb::drmemtrace_reader_test {

using tests::accesses_of;
using tests::error_in_bytes;
using tests::error_of;
using tests::fetch_of;
using tests::read_of;
using tests::record_of;
using tests::ScratchDirectory;
using tests::TraceEntry;
using tests::write_of;
using tests::write_zip;

namespace trace_type = tests::trace_type;
namespace trace_marker_type = tests::trace_marker_type;

namespace {

constexpr auto drmemtrace = TraceFormat::drmemtrace;

[[nodiscard]] std::string records_of(const std::vector<TraceEntry>& entries) {
    std::string bytes;
    for (const TraceEntry& entry : entries) {
        bytes += record_of(entry);
    }
    return bytes;
}

[[nodiscard]] std::vector<Access> accesses_in(const std::vector<TraceEntry>& entries) {
    const ScratchDirectory directory;
    return accesses_of(directory.file("trace", records_of(entries)), drmemtrace);
}

// How a thread's file begins: version, type of file, who it is.
[[nodiscard]] std::vector<TraceEntry> beginning() {
    return {{trace_type::header, 0, 7},
            {trace_type::marker, trace_marker_type::version, 7},
            {trace_type::marker, trace_marker_type::filetype, 0xe40},
            {trace_type::thread, 4, 1234},
            {trace_type::pid, 4, 1234},
            {trace_type::marker, trace_marker_type::timestamp, 0x2f8ed8dc8aab87},
            {trace_type::marker, trace_marker_type::cpu_id, 3}};
}

[[nodiscard]] std::vector<TraceEntry> operator+(std::vector<TraceEntry> left,
                                                const std::vector<TraceEntry>& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

const std::vector<TraceEntry> some_entries{{trace_type::encoding, 4, 0x90909090},
                                           {trace_type::instr, 4, 0x401000},
                                           {trace_type::read, 8, 0x7ffc00001ffc},
                                           {trace_type::write, 64, 0x602000}};

const std::vector<Access> some_accesses{fetch_of(0x401000, 4), read_of(0x7ffc00001ffc, 8),
                                        write_of(0x602000, 64)};

}  // namespace

TEST_CASE("a drmemtrace is its fetches, reads and writes with their sizes", "[drmemtrace]") {
    CHECK(record_of(some_entries.front()).size() == 12);
    CHECK(accesses_in(beginning() + some_entries +
                      std::vector<TraceEntry>{{trace_type::thread_exit, 4, 1234},
                                              {trace_type::footer, 0, 0}}) == some_accesses);
}

TEST_CASE("every type of drmemtrace record is an access or skipped, as its header file says",
          "[drmemtrace]") {
    for (std::uint64_t type = 0; type < trace_type::invalid; ++type) {
        CAPTURE(type);
        const bool fetches =
            (type >= 10 && type <= 16) || type == 30 || type == 31 || type == 48 || type == 49;
        std::vector<Access> expected{fetch_of(0x1000, 2)};
        if (fetches) {
            expected.push_back(fetch_of(0x2000, 3));
        } else if (type == trace_type::read) {
            expected.push_back(read_of(0x2000, 3));
        } else if (type == trace_type::write) {
            expected.push_back(write_of(0x2000, 3));
        } else if (type == trace_type::instr_bundle) {
            // Three instructions of 0, 0x20 and 0 bytes.
            expected.push_back(fetch_of(0x1002, 0x20));
        }
        CHECK(accesses_in({{trace_type::instr, 2, 0x1000}, {type, 3, 0x2000}}) == expected);
    }
}

TEST_CASE("a bundle holds up to eight instructions, one behind the other", "[drmemtrace]") {
    CHECK(accesses_in({{trace_type::instr, 4, 0x1000},
                       {trace_type::instr_bundle, 8, 0x0807060504030201},
                       {trace_type::instr_bundle, 1, 0x0f},
                       {trace_type::read, 8, 0x5000}}) ==
          std::vector{fetch_of(0x1000, 4), fetch_of(0x1004, 1), fetch_of(0x1005, 2),
                      fetch_of(0x1007, 3), fetch_of(0x100a, 4), fetch_of(0x100e, 5),
                      fetch_of(0x1013, 6), fetch_of(0x1019, 7), fetch_of(0x1020, 8),
                      fetch_of(0x1028, 15), read_of(0x5000, 8)});
}

TEST_CASE("an instruction that repeats itself is fetched once", "[drmemtrace]") {
    CHECK(accesses_in({{trace_type::instr, 2, 0x1000},
                       {trace_type::read, 8, 0x5000},
                       {trace_type::instr_no_fetch, 2, 0x1000},
                       {trace_type::read, 8, 0x5008},
                       {trace_type::instr_maybe_fetch, 2, 0x1000},
                       {trace_type::instr_maybe_fetch, 2, 0x1002}}) ==
          std::vector{fetch_of(0x1000, 2), read_of(0x5000, 8), read_of(0x5008, 8),
                      fetch_of(0x1002, 2)});
}

TEST_CASE("what a tracer does not know the size of is of one byte, and a pc alone is no fetch",
          "[drmemtrace]") {
    CHECK(accesses_in({{trace_type::instr, 0, 0x1000},
                       {trace_type::write, 0, 0x5000},
                       {trace_type::read, 4096, 0x6000}}) ==
          std::vector{write_of(0x5000, 1), read_of(0x6000, 4096)});
}

TEST_CASE("threads, processes, headers and footers in the middle are one stream", "[drmemtrace]") {
    const std::vector<TraceEntry> between{{trace_type::footer, 0, 0},
                                          {trace_type::header, 0, 7},
                                          {trace_type::thread, 4, 5},
                                          {trace_type::pid, 4, 6}};
    std::vector<Access> expected = some_accesses;
    expected.insert(expected.end(), some_accesses.begin(), some_accesses.end());
    CHECK(accesses_in(beginning() + some_entries + between + some_entries) == expected);
}

TEST_CASE("the chunks of a zip archive are one drmemtrace", "[drmemtrace]") {
    const ScratchDirectory directory;
    const std::string path = directory.path_of("app.1234.memtrace.zip");
    const std::string records = records_of(beginning() + some_entries);
    // A record may even lie in two chunks.
    write_zip(path, {{"chunk.0000", records.substr(0, records.size() - 5)},
                     {"chunk.0001", records.substr(records.size() - 5)},
                     {"chunk.0002",
                      records_of({{trace_type::marker, trace_marker_type::record_ordinal, 12},
                                  {trace_type::instr_return, 1, 0x401004}})}});
    auto expected = some_accesses;
    expected.push_back(fetch_of(0x401004, 1));
    CHECK(accesses_of(path) == expected);
}

TEST_CASE("a drmemtrace that is cut off anywhere in a record is an error", "[drmemtrace]") {
    const std::string whole = records_of(some_entries);
    for (std::size_t length = 37; length < whole.size(); ++length) {
        CHECK(error_in_bytes(whole.substr(0, length), drmemtrace) ==
              fmt::format(": record 4 at byte 36: the file is cut off here, expected a whole "
                          "record of 12 bytes, found {}",
                          length - 36));
    }
}

TEST_CASE("a malformed record of a drmemtrace is an error that names it", "[drmemtrace]") {
    struct Row {
        TraceEntry entry;
        std::string error;
    };
    const auto row = GENERATE(
        Row{{trace_type::invalid, 0, 0}, "found type 50, expected 0 to 49"},
        Row{{0xffff, 0, 0}, "found type 65535, expected 0 to 49"},
        Row{{trace_type::read, 4097, 0}, "found a size of 4097 bytes, expected 0 to 4096"},
        Row{{trace_type::instr, 4097, 0}, "found a size of 4097 bytes, expected 0 to 4096"},
        Row{{trace_type::instr_bundle, 9, 0}, "found a bundle of 9 instructions, expected 1 to 8"},
        Row{{trace_type::instr_bundle, 0, 0}, "found a bundle of 0 instructions, expected 1 to 8"},
        Row{{trace_type::header, 0, 0x000c001c00000007},
            "found the header of version 3377819979612167, expected one of 0 to 65535: only traces "
            "of 64-bit programs can be read"});
    CHECK(error_in_bytes(records_of({{trace_type::instr, 4, 0x1000}, row.entry}), drmemtrace) ==
          ": record 2 at byte 12: " + row.error);
}

TEST_CASE("a bundle without an instruction before it is an error", "[drmemtrace]") {
    CHECK(error_in_bytes(records_of({{trace_type::instr_bundle, 1, 4}}), drmemtrace) ==
          ": record 1 at byte 0: found a bundle of instructions, expected the first of them before "
          "it");
}

TEST_CASE("a drmemtrace without accesses is an error", "[drmemtrace]") {
    CHECK(error_in_bytes(records_of(beginning()), drmemtrace) ==
          ": the trace has no access, expected at least one");
}

TEST_CASE("an address of a drmemtrace outside the user half is an error", "[drmemtrace]") {
    CHECK(error_in_bytes(records_of({{trace_type::read, 2, 0x3fffffffff}}), drmemtrace,
                         UserHalf(hw::PagingMode::sv39)) ==
          ": record 1 at byte 0: address 0x3fffffffff (2 bytes) lies outside the user half of "
          "sv39, which ends at 0x4000000000; expected paging.mode sv48, which would hold it");
}

TEST_CASE("random bytes as drmemtrace records never do harm", "[drmemtrace][fuzz]") {
    Random random(17);
    for (int round = 0; round < 1000; ++round) {
        std::string bytes;
        const std::uint64_t records = random.below(30);
        for (std::uint64_t record = 0; record <= records; ++record) {
            bytes += record_of(TraceEntry{random.below(52), random.below(20), random.next()});
        }
        bytes.resize(bytes.size() - random.below(2));
        const std::string error = error_in_bytes(bytes, drmemtrace);
        CHECK((error == "no error" || error.starts_with(": ")));
    }
}

}  // namespace mmusim::tb::drmemtrace_reader_test
