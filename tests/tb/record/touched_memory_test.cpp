// SPDX-License-Identifier: Apache-2.0
#include "tb/record/touched_memory.hpp"

#include "tests/support/printing.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb::touched_memory_test {

using tests::read_of;
using tests::write_of;

namespace {

/// Memory with a few bytes in it; what no piece holds is not mapped.
class ListedMemory final : public GuestMemory {
  public:
    void put(std::uint64_t address, std::string_view bytes) { pieces_[address] = bytes; }
    void put_numbers(std::uint64_t address, const std::vector<std::uint64_t>& numbers) {
        std::string bytes(numbers.size() * sizeof(std::uint64_t), '\0');
        std::memcpy(bytes.data(), numbers.data(), bytes.size());
        pieces_[address] = bytes;
    }

    [[nodiscard]] bool copy(VirtualAddress address, std::span<std::byte> bytes) const override {
        for (const auto& [start, piece] : pieces_) {
            if (start <= address.value && address.value + bytes.size() <= start + piece.size()) {
                std::memcpy(bytes.data(), piece.data() + (address.value - start), bytes.size());
                return true;
            }
        }
        return false;
    }

  private:
    std::map<std::uint64_t, std::string> pieces_;
};

using Arguments = std::array<std::uint64_t, 6>;

[[nodiscard]] std::vector<Access> touched_by(std::uint64_t number, const Arguments& arguments,
                                             std::int64_t result,
                                             const GuestMemory& memory = ListedMemory()) {
    const SystemCallRow* const row = find_system_call(GuestMachine::x86_64, number);
    REQUIRE(row != nullptr);
    return touched_memory(*row, {.number = number, .arguments = arguments, .result = result},
                          memory);
}

constexpr std::uint64_t read_call = 0;
constexpr std::uint64_t write_call = 1;
constexpr std::uint64_t poll_call = 7;
constexpr std::uint64_t fstat_call = 5;
constexpr std::uint64_t writev_call = 20;
constexpr std::uint64_t recvmsg_call = 47;
constexpr std::uint64_t openat_call = 257;
constexpr std::int64_t no_such_file = -2;

}  // namespace

TEST_CASE("read writes and write reads as many bytes as the result says", "[touched_memory]") {
    CHECK(touched_by(read_call, {3, 0x5000, 4096}, 100) == std::vector{write_of(0x5000, 100)});
    CHECK(touched_by(write_call, {1, 0x5000, 4096}, 100) == std::vector{read_of(0x5000, 100)});
    CHECK(touched_by(read_call, {3, 0x5000, 4096}, 0).empty());
}

TEST_CASE("there is an access for each page", "[touched_memory]") {
    CHECK(touched_by(read_call, {3, 0x5ff0, 9000}, 8192) ==
          std::vector{write_of(0x5ff0, 16), write_of(0x6000, 4096), write_of(0x7000, 4080)});
}

TEST_CASE("a call that fails touches nothing but texts", "[touched_memory]") {
    ListedMemory memory;
    memory.put(0x5000, std::string("/etc/none\0", 10) + std::string(4086, 'x'));
    CHECK(touched_by(read_call, {3, 0x5000, 4096}, -14).empty());
    CHECK(touched_by(openat_call, {3, 0x5000, 0}, no_such_file, memory) ==
          std::vector{read_of(0x5000, 10)});
}

TEST_CASE("a null pointer is not followed", "[touched_memory]") {
    CHECK(touched_by(fstat_call, {3, 0x5000}, 0) == std::vector{write_of(0x5000, 128)});
    CHECK(touched_by(fstat_call, {3, 0}, 0).empty());
}

TEST_CASE("some sizes are counted by an argument", "[touched_memory]") {
    CHECK(touched_by(poll_call, {0x5000, 3, 0}, 1) == std::vector{write_of(0x5000, 24)});
}

TEST_CASE("a text is read up to its zero, over the end of a page", "[touched_memory]") {
    ListedMemory memory;
    memory.put(0x5ffc, "/usr");
    memory.put(0x6000, std::string("/lib\0", 5) + std::string(4091, 'x'));
    CHECK(touched_by(openat_call, {0, 0x5ffc}, 3, memory) ==
          std::vector{read_of(0x5ffc, 4), read_of(0x6000, 5)});
}

TEST_CASE("a text ends where memory does", "[touched_memory]") {
    ListedMemory memory;
    memory.put(0x5ffc, "/usr");
    CHECK(touched_by(openat_call, {0, 0x5ffc}, no_such_file, memory) ==
          std::vector{read_of(0x5ffc, 4)});
}

TEST_CASE("of a list of buffers the result says how far they are used", "[touched_memory]") {
    ListedMemory memory;
    memory.put_numbers(0x5000, {0x7000, 10, 0x8000, 20, 0x9000, 30});
    CHECK(touched_by(writev_call, {1, 0x5000, 3}, 25, memory) ==
          std::vector{read_of(0x5000, 16), read_of(0x7000, 10), read_of(0x5010, 16),
                      read_of(0x8000, 15), read_of(0x5020, 16)});
}

TEST_CASE("a message says where its buffers are", "[touched_memory]") {
    ListedMemory memory;
    memory.put_numbers(0x4000, {0, 0, 0x5000, 1, 0, 0, 0});
    memory.put_numbers(0x5000, {0x7000, 10});
    CHECK(touched_by(recvmsg_call, {3, 0x4000}, 7, memory) ==
          std::vector{read_of(0x4000, 32), read_of(0x5000, 16), write_of(0x7000, 7)});
}

TEST_CASE("results between -4095 and -1 are errors", "[touched_memory]") {
    CHECK_FALSE(SystemCall{.result = 0}.failed());
    CHECK(SystemCall{.result = -1}.failed());
    CHECK(SystemCall{.result = -4095}.failed());
    CHECK_FALSE(SystemCall{.result = -4096}.failed());
}

}  // namespace mmusim::tb::touched_memory_test
