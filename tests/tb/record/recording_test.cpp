// SPDX-License-Identifier: Apache-2.0
#include "tb/record/recording.hpp"

#include "tb/record/packet_writer.hpp"
#include "tests/support/elf_builder.hpp"
#include "tests/support/input_error.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace mmusim::tb::recording_test {

using tests::fetch_of;
using tests::input_error_of;
using tests::read_of;
using tests::write_of;

namespace {

/// Data of 0x100 bytes of the file, then zeros up to the page's end and beyond.
[[nodiscard]] std::vector<std::byte> program_with_zeros() {
    return tests::elf_bytes({.type = 2,
                             .headers = {{.flags = tests::may_read | tests::may_write,
                                          .offset = 0x1000,
                                          .address = 0x11000,
                                          .file_bytes = 0x100,
                                          .memory_bytes = 0x1800}}});
}

const std::string page_log =
    "page layout changed following binary load\n"
    "start            end              size             prot\n"
    "0000000000011000-0000000000013000 0000000000002000 rw-\n"
    "0000000000100000-0000000000104000 0000000000004000 rw-\n"
    "end_data    0x0000000000011100\n"
    "start_stack 0x0000000000102f00\n"
    "brk         0x0000000000012800\n";

const std::string mappings =
    "00011000-00012000 rw-p 00001000 08:01 7  /bin/p\n"
    "00012000-00013000 rw-p 00000000 00:00 0 \n"
    "00100000-00104000 rw-p 00000000 00:00 0 \n";

/// A recorder's end and the recording's, with nothing between them.
class Bench final : public PacketSink {
  public:
    explicit Bench(std::uint64_t limit = 0)
        : recording_({.machine = GuestMachine::riscv64,
                      .program = "/bin/p",
                      .trace = "p.mmutrace",
                      .limit = limit,
                      .read_file = [](const std::string&) { return program_with_zeros(); },
                      .take_accesses =
                          [this](std::span<const Access> accesses) {
                              accesses_.insert(accesses_.end(), accesses.begin(), accesses.end());
                          }}) {}

    void send(std::span<const std::uint64_t> packet) override { recording_.take(packet); }

    void begin() {
        PacketWriter writer(*this, parent);
        writer.add_text(EventKind::page_layout, page_log);
        writer.add_text(EventKind::host_mappings, mappings);
        writer.add_event(EventKind::begin, {0});
        writer.flush();
    }
    void access(std::uint64_t process, const Access& access) {
        PacketWriter writer(*this, process);
        writer.add(access_word(access));
        writer.flush();
    }
    void event(std::uint64_t process, EventKind kind, std::initializer_list<std::uint64_t> words) {
        PacketWriter writer(*this, process);
        writer.add_event(kind, words);
        writer.flush();
    }
    void map(std::uint64_t process, std::uint64_t address) {
        constexpr std::uint64_t mmap_of_riscv64 = 222;
        event(process, EventKind::call, {mmap_of_riscv64, 0, 4096, 3, 0x22, 0, 0, address, 0, 0});
    }

    [[nodiscard]] Recording& recording() { return recording_; }
    [[nodiscard]] const std::vector<Access>& accesses() const { return accesses_; }
    /// Behind the lines that every script of this bench begins with.
    [[nodiscard]] std::string lines_after_start() {
        const std::string script = recording_.finish();
        const std::string last = "map stack 16KiB anon private rw at 0x100000\n";
        REQUIRE(script.find(last) != std::string::npos);
        return script.substr(script.find(last) + last.size());
    }

    static constexpr std::uint64_t parent = 100;
    static constexpr std::uint64_t child = 101;

  private:
    std::vector<Access> accesses_;
    Recording recording_;
};

constexpr std::uint64_t parent = Bench::parent;
constexpr std::uint64_t child = Bench::child;

}  // namespace

TEST_CASE("a script begins with the program's mappings", "[recording]") {
    Bench bench;
    CHECK_FALSE(bench.recording().begun());
    bench.begin();
    CHECK(bench.recording().begun());
    CHECK(bench.recording().finish() ==
          "# /bin/p of riscv64, recorded under QEMU: what it mapped, and between that its "
          "accesses,\n"
          "# which are in p.mmutrace. Files are in the page cache, as after an earlier run.\n"
          "set paging.mode=sv39\n"
          "file p 16384 warm    # /bin/p\n"
          "process p.1\n"
          "p.1 map m1 4KiB file p offset 4KiB private rw at 0x11000\n"
          "p.1 map m2 4KiB anon private rw at 0x12000\n"
          "p.1 map stack 16KiB anon private rw at 0x100000\n"
          "p.1 trace p.mmutrace next 3\n");
}

TEST_CASE("the kernel has written zeros behind the data, and arguments on the stack",
          "[recording]") {
    Bench bench;
    bench.begin();
    CHECK(bench.accesses() == std::vector{write_of(0x11100, 0xf00), write_of(0x102f00, 0x100),
                                          write_of(0x103000, 0x1000)});
}

TEST_CASE("accesses are counted up to the next line", "[recording]") {
    Bench bench;
    bench.begin();
    bench.access(parent, fetch_of(0x11000, 4));
    bench.access(parent, read_of(0x11010, 8));
    bench.map(parent, 0x40000000);
    bench.access(parent, write_of(0x40000000, 8));
    bench.event(parent, EventKind::end, {});
    CHECK(bench.lines_after_start() ==
          "p.1 trace p.mmutrace next 5\n"
          "p.1 map m3 4KiB anon private rw at 0x40000000\n"
          "p.1 trace p.mmutrace next 1\n"
          "p.1 exit\n");
    CHECK(bench.accesses().size() == 6);
    CHECK(bench.accesses().back() == write_of(0x40000000, 8));
}

TEST_CASE("a child's lines come behind its fork, whoever is heard first", "[recording]") {
    Bench bench;
    bench.begin();
    bench.event(parent, EventKind::forking, {1});
    bench.access(parent, write_of(0x11000, 8));
    bench.event(child, EventKind::forked, {parent, 1});
    bench.access(child, write_of(0x11000, 4));
    bench.access(parent, read_of(0x11000, 8));
    bench.event(child, EventKind::end, {});
    CHECK(bench.lines_after_start() ==
          "p.1 trace p.mmutrace next 3\n"
          "p.1 fork p.2\n"
          "p.1 trace p.mmutrace next 1\n"
          "p.2 trace p.mmutrace next 1\n"
          "p.1 trace p.mmutrace next 1\n"
          "p.2 exit\n");
}

TEST_CASE("a process ends where another program takes its place", "[recording]") {
    Bench bench;
    bench.begin();
    constexpr std::uint64_t execve_of_riscv64 = 221;
    bench.event(parent, EventKind::call, {execve_of_riscv64, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    bench.access(parent, write_of(0x11000, 4));
    bench.map(parent, 0x40000000);
    CHECK(bench.lines_after_start() ==
          "p.1 trace p.mmutrace next 3\n"
          "p.1 exit\n");
    CHECK(bench.accesses().size() == 3);
}

TEST_CASE("a process that nobody has forked is not listened to", "[recording]") {
    Bench bench;
    bench.begin();
    bench.access(child, write_of(0x11000, 4));
    bench.event(child, EventKind::forked, {parent, 7});
    bench.access(child, write_of(0x11000, 4));
    CHECK(bench.accesses().size() == 3);
}

TEST_CASE("a recording is full with its limit", "[recording]") {
    Bench bench(4);
    bench.begin();
    CHECK_FALSE(bench.recording().full());
    bench.access(parent, read_of(0x11000, 8));
    CHECK(bench.recording().full());
    bench.access(parent, read_of(0x11000, 8));
    bench.map(parent, 0x40000000);
    CHECK(bench.lines_after_start() == "p.1 trace p.mmutrace next 4\n");
    CHECK(bench.accesses().size() == 4);
}

TEST_CASE("the paging mode is the smallest that has all addresses", "[recording]") {
    const auto mode_with_mapping_at = [](std::uint64_t address) {
        Bench bench;
        bench.begin();
        bench.map(parent, address);
        const std::string script = bench.recording().finish();
        const std::size_t place = script.find("sv");
        return script.substr(place, 4);
    };
    CHECK(mode_with_mapping_at(0x3f'ffff'f000) == "sv39");
    CHECK(mode_with_mapping_at(0x40'0000'0000) == "sv48");
}

TEST_CASE("what no recorder sends is an error", "[recording]") {
    const std::string problem =
        "the recorder inside QEMU and this program do not understand each other, expected both of "
        "one build";
    const auto error_of = [](const std::vector<std::uint64_t>& packet) {
        Bench bench;
        return input_error_of([&] { bench.send(packet); });
    };
    CHECK(error_of({}) == problem);
    CHECK(error_of({1, event_word(EventKind::begin, 5), 0}) == problem);
    CHECK(error_of({1, event_word(EventKind::begin, 1), 0}) == problem);
    CHECK(error_of({1, event_word(EventKind::call, 1), 0}) == problem);
    CHECK(error_of({1, event_word(EventKind::file_path, 2), 100, 0}) == problem);
    CHECK(error_of({1, event_word(static_cast<EventKind>(99), 0)}) == problem);
}

}  // namespace mmusim::tb::recording_test
