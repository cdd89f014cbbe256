// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/physical_memory.hpp"

#include "hw/base/random.hpp"
#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <bit>
#include <map>

namespace mmusim::hw::physical_memory_test {
namespace {

constexpr PhysicalAddress base{0x8000'0000};
constexpr std::uint64_t size_bytes = 0x10'0000;

TEST_CASE("memory that nobody has written reads as zero") {
    PhysicalMemory memory(base, size_bytes);
    CHECK(memory.read(base, 8) == 0);

    memory.write(base + 0x40, 0xffff'ffff'ffff'ffff, 8);
    CHECK(memory.read(base + 0x38, 8) == 0);
    CHECK(memory.read(base + 0x48, 8) == 0);
    CHECK(memory.read(base + 0x80, 8) == 0);
    CHECK(memory.read(base + 0x1040, 8) == 0);
}

TEST_CASE("bytes lie in memory in little-endian order") {
    PhysicalMemory memory(base, size_bytes);
    memory.write(base, 0x8877'6655'4433'2211, 8);

    CHECK(memory.read(base, 1) == 0x11);
    CHECK(memory.read(base + 1, 2) == 0x3322);
    CHECK(memory.read(base + 4, 4) == 0x8877'6655);
    CHECK(memory.read(base + 5, 3) == 0x88'7766);
    CHECK(memory.read(base, 7) == 0x77'6655'4433'2211);
}

TEST_CASE("a narrow write changes its own bytes only, whatever the value's upper bits are") {
    PhysicalMemory memory(base, size_bytes);
    memory.write(base, 0x8877'6655'4433'2211, 8);

    memory.write(base + 4, 0xdead'beef'aabb'ccdd, 4);
    CHECK(memory.read(base, 8) == 0xaabb'ccdd'4433'2211);

    memory.write(base + 3, 0xffff'ff00, 1);
    CHECK(memory.read(base, 8) == 0xaabb'ccdd'0033'2211);
}

TEST_CASE("reads and writes of one to eight bytes agree with a map of bytes") {
    PhysicalMemory memory(base, size_bytes);
    std::map<std::uint64_t, std::uint64_t> bytes;
    Random random(31);

    for (int round = 0; round < 100'000; ++round) {
        const std::uint64_t lane = random.below(8);
        const auto count = static_cast<unsigned>(1 + random.below(8 - lane));
        const PhysicalAddress address = base + (random.below(2048) * 8 + lane);
        if (random.below(2) == 0) {
            const std::uint64_t value = random.next();
            memory.write(address, value, count);
            for (unsigned byte = 0; byte < count; ++byte) {
                bytes[address.value + byte] = value >> 8 * byte & 0xff;
            }
        }
        std::uint64_t expected = 0;
        for (unsigned byte = 0; byte < count; ++byte) {
            expected |= bytes[address.value + byte] << 8 * byte;
        }
        REQUIRE(memory.read(address, count) == expected);
    }
}

TEST_CASE("clearing a frame clears all of it and nothing else") {
    PhysicalMemory memory(base, size_bytes);
    for (const std::uint64_t offset : {0xff8U, 0x1000U, 0x1800U, 0x1ff8U, 0x2000U}) {
        memory.write(base + offset, 0x55, 8);
    }

    memory.clear_frame(page_number_of(base + 0x1000));

    CHECK(memory.read(base + 0xff8, 8) == 0x55);
    CHECK(memory.read(base + 0x1000, 8) == 0);
    CHECK(memory.read(base + 0x1800, 8) == 0);
    CHECK(memory.read(base + 0x1ff8, 8) == 0);
    CHECK(memory.read(base + 0x2000, 8) == 0x55);

    memory.write(base + 0x1000, 7, 8);
    CHECK(memory.read(base + 0x1000, 8) == 7);
}

TEST_CASE("memory contains its own range and not a byte more") {
    struct Row {
        std::uint64_t address;
        std::uint64_t bytes;
        bool inside;
    };
    const auto row = GENERATE(
        Row{0x8000'0000, 1, true}, Row{0x7fff'ffff, 1, false}, Row{0x7fff'fff8, 16, false},
        Row{0x800f'fff8, 8, true}, Row{0x800f'fff9, 8, false}, Row{0x8010'0000, 1, false},
        Row{0x8000'0000, 0x10'0000, true}, Row{0x8000'0000, 0x10'0001, false}, Row{0, 8, false},
        Row{0xffff'ffff'ffff'fff8, 8, false}, Row{0x8000'0008, 0xffff'ffff'ffff'fff8, false});
    const PhysicalMemory memory(base, size_bytes);

    CHECK(memory.contains({row.address}, row.bytes) == row.inside);
}

}  // namespace
}  // namespace mmusim::hw::physical_memory_test
