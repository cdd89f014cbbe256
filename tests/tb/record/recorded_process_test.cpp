// SPDX-License-Identifier: Apache-2.0
#include "tb/record/recorded_process.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb::recorded_process_test {

namespace {

constexpr std::uint64_t anonymous = 0x22;         ///< MAP_PRIVATE | MAP_ANONYMOUS
constexpr std::uint64_t shared_anonymous = 0x21;  ///< MAP_SHARED | MAP_ANONYMOUS
constexpr std::uint64_t read_write = 3;

/// A process that begins with a program of one page and an empty stack, at work.
class Bench {
  public:
    Bench() {
        start_ = process_.begin(
            {.regions = {{{0x400000}, {0x401000}, {.read = true, .execute = true}, "/bin/p", 0},
                         {{0x4000000000}, {0x4000800000}, {.read = true, .write = true}}},
             .stack_pointer = {0x40007ff000},
             .data_end = {0x401000},
             .heap_start = {0x401800}},
            [](const std::string&) { return 5000; });
    }

    [[nodiscard]] const std::string& start() const { return start_; }
    [[nodiscard]] RecordedProcess& process() { return process_; }
    [[nodiscard]] std::string files() const { return files_.lines(); }

    [[nodiscard]] std::string map(std::uint64_t address, std::uint64_t bytes,
                                  std::uint64_t flags = anonymous,
                                  const std::optional<RecordedFile>& file = std::nullopt,
                                  std::uint64_t offset = 0) {
        return process_.call(MemoryCall::map,
                             {.number = 0,
                              .arguments = {0, bytes, read_write, flags, 3, offset},
                              .result = static_cast<std::int64_t>(address)},
                             file);
    }
    [[nodiscard]] std::string call(MemoryCall kind, const std::array<std::uint64_t, 6>& arguments,
                                   std::int64_t result = 0) {
        return process_.call(kind, {.number = 0, .arguments = arguments, .result = result},
                             std::nullopt);
    }
    [[nodiscard]] std::string remap(std::uint64_t from, std::uint64_t old_bytes,
                                    std::uint64_t new_bytes, std::int64_t result) {
        return call(MemoryCall::remap, {from, old_bytes, new_bytes, 1}, result);
    }

  private:
    RecordedFiles files_;
    RecordedProcess process_{"p.1", files_};
    std::string start_;
};

}  // namespace

TEST_CASE("a process begins with what its program needs", "[recorded_process]") {
    const Bench bench;
    CHECK(bench.start() ==
          "p.1 map m1 4KiB file p offset 0KiB private rx at 0x400000\n"
          "p.1 map stack 8192KiB anon private rw at 0x4000000000\n");
    CHECK(bench.files() == "file p 5000 warm    # /bin/p\n");
}

TEST_CASE("mmap is a line map, at the place that the kernel chose", "[recorded_process]") {
    Bench bench;
    CHECK(bench.map(0x10000, 5000) == "p.1 map m2 8KiB anon private rw at 0x10000\n");
    CHECK(bench.map(0x20000, 4096, shared_anonymous) ==
          "p.1 map m3 4KiB anon shared rw at 0x20000\n");
    CHECK(bench.map(0x30000, 4096, anonymous | 0x8000 | 0x2000) ==
          "p.1 map m4 4KiB anon private rw at 0x30000 locked populate\n");
    CHECK(bench.map(0x40000, 4096, anonymous | 0x100) ==
          "p.1 map m5 4KiB anon private rw at 0x40000 growsdown\n");
    CHECK(bench.map(0x50000, 4096, 1, RecordedFile{"/data", 9000}, 8192) ==
          "p.1 map m6 4KiB file data offset 8KiB shared rw at 0x50000\n");
}

TEST_CASE("rights are those that a processor has", "[recorded_process]") {
    Bench bench;
    static_cast<void>(bench.map(0x10000, 0x4000));
    const auto protect = [&](std::uint64_t protection) {
        return bench.call(MemoryCall::protect, {0x10000, 0x4000, protection});
    };
    CHECK(protect(0) == "p.1 protect m2 none\n");
    CHECK(protect(1) == "p.1 protect m2 r\n");
    CHECK(protect(2) == "p.1 protect m2 rw\n");
    CHECK(protect(4) == "p.1 protect m2 rx\n");
    CHECK(protect(5) == "p.1 protect m2 rx\n");
    CHECK(protect(7) == "p.1 protect m2 rwx\n");
}

TEST_CASE("a call about a part says which", "[recorded_process]") {
    Bench bench;
    static_cast<void>(bench.map(0x10000, 0x4000));
    CHECK(bench.call(MemoryCall::protect, {0x11000, 0x2000, 1}) ==
          "p.1 protect m2 r +0x1000 8KiB\n");
    CHECK(bench.call(MemoryCall::advise, {0x13000, 0x1000, 4}) ==
          "p.1 advise m2 dontneed +0x3000 4KiB\n");
    CHECK(bench.call(MemoryCall::unmap, {0x11000, 0x1000}) == "p.1 unmap m2 +0x1000 4KiB\n");
    CHECK(bench.call(MemoryCall::sync, {0x10000, 0x1000, 4}) == "p.1 sync m2 +0x0 4KiB\n");
    CHECK(bench.call(MemoryCall::unmap, {0x10000, 0x4000}) == "p.1 unmap m2 +0x0 16KiB\n");
}

TEST_CASE("what changes nothing that a script knows is no line", "[recorded_process]") {
    Bench bench;
    static_cast<void>(bench.map(0x10000, 0x4000));
    const std::uint64_t do_not_dump = 16;
    CHECK(bench.call(MemoryCall::advise, {0x10000, 0x1000, do_not_dump}).empty());
    CHECK(bench.call(MemoryCall::unmap, {0x20000, 0x1000}).empty());
    CHECK(bench.call(MemoryCall::unmap, {0x10001, 0x1000}).empty());
    CHECK(bench.call(MemoryCall::unmap, {0x10000, 0x4000}) == "p.1 unmap m2\n");
}

TEST_CASE("the heap is a region behind the program", "[recorded_process]") {
    Bench bench;
    const auto brk = [&](std::int64_t result) {
        return bench.call(MemoryCall::set_heap, {0}, result);
    };
    CHECK(brk(0x401800).empty());
    CHECK(brk(0x402800) == "p.1 map heap 4KiB anon private rw at 0x402000\n");
    CHECK(brk(0x403000).empty());
    CHECK(brk(0x405001) == "p.1 grow heap 16KiB\n");
    CHECK(brk(0x404000) == "p.1 grow heap 8KiB\n");
    CHECK(brk(0x401800) == "p.1 unmap heap\n");
    CHECK(brk(0x404000) == "p.1 map heap 8KiB anon private rw at 0x402000\n");
}

TEST_CASE("mremap makes a region larger or smaller, or moves it", "[recorded_process]") {
    Bench bench;
    static_cast<void>(bench.map(0x10000, 0x4000));
    CHECK(bench.remap(0x10000, 0x4000, 0x4000, 0x10000).empty());
    CHECK(bench.remap(0x10000, 0x4000, 0x8000, 0x10000) == "p.1 grow m2 32KiB\n");
    CHECK(bench.remap(0x10000, 0x8000, 0x6000, 0x10000) == "p.1 grow m2 24KiB\n");
    CHECK(bench.remap(0x10000, 0x6000, 0x6000, 0x40000) == "p.1 move m2 at 0x40000\n");
    CHECK(bench.remap(0x40000, 0x6000, 0x9000, 0x80000) ==
          "p.1 move m2 at 0x80000\n"
          "p.1 grow m2 36KiB\n");
    CHECK(bench.remap(0x80000, 0x9000, 0x2000, 0x10000) ==
          "p.1 grow m2 8KiB\n"
          "p.1 move m2 at 0x10000\n");
    CHECK(bench.call(MemoryCall::unmap, {0x10000, 0x2000}) == "p.1 unmap m2\n");
}

TEST_CASE("mremap of a part makes new regions", "[recorded_process]") {
    Bench bench;
    static_cast<void>(bench.map(0x10000, 0x4000));
    CHECK(bench.remap(0x12000, 0x2000, 0x3000, 0x12000) ==
          "p.1 map m3 4KiB anon private rw at 0x14000\n");
    CHECK(bench.remap(0x11000, 0x3000, 0x1000, 0x11000) == "p.1 unmap m2 +0x2000 8KiB\n");
    CHECK(bench.remap(0x10000, 0x1000, 0x2000, 0x50000) ==
          "p.1 unmap m2 +0x0 4KiB\n"
          "p.1 map m4 8KiB anon private rw at 0x50000\n");
}

TEST_CASE("a child has the regions of its parent, and then its own", "[recorded_process]") {
    Bench bench;
    static_cast<void>(bench.map(0x10000, 0x4000));
    RecordedProcess child = bench.process().copy("p.2");
    CHECK(child.call(MemoryCall::unmap, {.number = 0, .arguments = {0x10000, 0x4000}},
                     std::nullopt) == "p.2 unmap m2\n");
    CHECK(bench.call(MemoryCall::unmap, {0x10000, 0x4000}) == "p.1 unmap m2\n");
}

}  // namespace mmusim::tb::recorded_process_test
