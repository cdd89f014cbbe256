// SPDX-License-Identifier: Apache-2.0
#include "hw/memory/address_mapping.hpp"

#include <catch2/catch.hpp>

#include <ostream>
#include <set>

namespace mmusim::hw {

// Found by Catch2 through the type's namespace.
static std::ostream& operator<<(std::ostream& stream, const DramAddress& place) {
    return stream << "channel " << place.channel << ", rank " << place.rank << ", bank "
                  << place.bank << ", row " << place.row << ", column " << place.column;
}

}  // namespace mmusim::hw

namespace mmusim::hw::address_mapping_test {

namespace {

constexpr PhysicalAddress base{0x8000'0000};
constexpr std::uint64_t size_bytes = 1U << 20U;

// 4 columns of 64 bytes in a row.
DramParameters geometry(DramMapping mapping) {
    return {.channels = 2,
            .ranks = 2,
            .banks = 4,
            .row_bytes = 256,
            .burst_bytes = 64,
            .mapping = mapping,
            .timing = {}};
}

using enum DramField;

TEST_CASE("the last field of a mapping changes with every burst, the first most seldom") {
    const AddressMapping rows(geometry({row, rank, bank, channel, column}), base, size_bytes);
    CHECK(rows.locate(base) == DramAddress{});
    CHECK(rows.locate(base + 63) == DramAddress{});
    CHECK(rows.locate(base + 64) == DramAddress{.column = 1});
    CHECK(rows.locate(base + 256) == DramAddress{.channel = 1});
    CHECK(rows.locate(base + 512) == DramAddress{.bank = 1});
    CHECK(rows.locate(base + 2048) == DramAddress{.rank = 1});
    CHECK(rows.locate(base + 4096) == DramAddress{.row = 1});
    CHECK(rows.locate(base + 4096 + 2048 + 512 + 256 + 64) ==
          DramAddress{.channel = 1, .rank = 1, .bank = 1, .row = 1, .column = 1});

    const AddressMapping lines(geometry({column, row, rank, bank, channel}), base, size_bytes);
    CHECK(lines.locate(base + 64) == DramAddress{.channel = 1});
    CHECK(lines.locate(base + 128) == DramAddress{.bank = 1});
    CHECK(lines.locate(base + 512) == DramAddress{.rank = 1});
    CHECK(lines.locate(base + 1024) == DramAddress{.row = 1});
    CHECK(lines.locate(base + 1024UL * 256) == DramAddress{.column = 1});
}

TEST_CASE("every burst of memory has a place of its own, whatever the mapping and the counts") {
    const auto mapping = GENERATE(DramMapping{row, rank, bank, channel, column},
                                  DramMapping{column, channel, bank, rank, row},
                                  DramMapping{bank, row, column, rank, channel});
    DramParameters parameters = geometry(mapping);
    parameters.channels = 3;
    parameters.banks = 5;
    const AddressMapping any(parameters, base, size_bytes);
    std::set<DramAddress> places;
    for (std::uint64_t burst = 0; burst < size_bytes / 64; ++burst) {
        const DramAddress place = any.locate(base + burst * 64);
        places.insert(place);
        REQUIRE((place.channel < 3 && place.rank < 2 && place.bank < 5 && place.column < 4));
    }
    CHECK(places.size() == size_bytes / 64);
}

}  // namespace
}  // namespace mmusim::hw::address_mapping_test
