// SPDX-License-Identifier: Apache-2.0
#include "hw/storage/storage_device.hpp"

#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace mmusim::hw::storage_device_test {
namespace {

constexpr std::uint64_t nanosecond = 1000;

// Reads take 100, writes 50, a seek 1000 more, and each page 10 on the channel, written 15.
StorageDevice device(std::uint32_t queue_depth, std::uint64_t period_ps = nanosecond) {
    return StorageDevice({.timing = {.read_nanoseconds = 100,
                                     .write_nanoseconds = 50,
                                     .seek_nanoseconds = 1000,
                                     .page_read_nanoseconds = 10,
                                     .page_write_nanoseconds = 15,
                                     .queue_depth = queue_depth}},
                         period_ps);
}

struct Row {
    std::uint64_t arrival = 0;
    StorageRequest request;
    std::uint64_t done = 0;
    std::uint64_t wait = 0;
    std::uint64_t service = 0;
};

void check(StorageDevice storage, const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        CAPTURE(row.arrival, row.request.first_page);
        const StorageDevice::Served served = storage.submit(Cycles{row.arrival}, row.request);
        CHECK(served.done == Cycles{row.done});
        CHECK(served.wait == Cycles{row.wait});
        CHECK(served.service == Cycles{row.service});
    }
}

constexpr StorageRequest read(std::uint64_t page, std::uint64_t pages = 1) {
    return {.writes = false, .first_page = page, .pages = pages};
}

constexpr StorageRequest write(std::uint64_t page, std::uint64_t pages = 1) {
    return {.writes = true, .first_page = page, .pages = pages};
}

}  // namespace

TEST_CASE("an idle device takes latency and transfer, and a seek where it has to") {
    check(device(1),
          {{.arrival = 0, .request = read(5), .done = 1110, .wait = 0, .service = 1110},
           {.arrival = 2000, .request = read(6, 3), .done = 2130, .wait = 0, .service = 130},
           {.arrival = 3000, .request = write(9, 2), .done = 3080, .wait = 0, .service = 80},
           {.arrival = 4000, .request = read(9), .done = 5110, .wait = 0, .service = 1110}});
}

TEST_CASE("with one place in the queue requests follow each other") {
    check(device(1),
          {{.arrival = 0, .request = read(0), .done = 1110, .wait = 0, .service = 1110},
           {.arrival = 0, .request = read(1), .done = 1220, .wait = 1110, .service = 110},
           {.arrival = 1219, .request = read(2), .done = 1330, .wait = 1, .service = 110},
           {.arrival = 1330, .request = read(3), .done = 1440, .wait = 0, .service = 110}});
}

TEST_CASE("with more places latencies overlap and transfers do not") {
    check(device(2),
          {{.arrival = 0, .request = read(0), .done = 1110, .wait = 0, .service = 1110},
           {.arrival = 1000, .request = read(1), .done = 1120, .wait = 10, .service = 110},
           {.arrival = 1000, .request = read(2), .done = 1220, .wait = 110, .service = 110},
           {.arrival = 1200, .request = write(3), .done = 1265, .wait = 0, .service = 65}});
}

TEST_CASE("who is ready first has the channel first, between others too if it fits") {
    check(device(4),
          {{.arrival = 0, .request = read(0), .done = 1110, .wait = 0, .service = 1110},
           {.arrival = 0, .request = read(1), .done = 110, .wait = 0, .service = 110},
           {.arrival = 0, .request = read(2, 99), .done = 1100, .wait = 10, .service = 1090},
           {.arrival = 0, .request = read(101), .done = 1120, .wait = 1010, .service = 110}});
}

TEST_CASE("times are whole cycles of the machine, none too few") {
    StorageDevice storage = device(1, 300);
    CHECK(storage.submit(Cycles{0}, read(0)).service == Cycles{334 + 3334 + 34});
    CHECK(storage.submit(Cycles{10'000}, read(1)).service == Cycles{334 + 34});
}

TEST_CASE("a device without times answers at once") {
    StorageDevice storage({}, nanosecond);
    CHECK(storage.submit(Cycles{7}, read(3)).done == Cycles{7});
    CHECK(storage.submit(Cycles{7}, write(30, 8)).done == Cycles{7});
}

TEST_CASE("a device counts requests, pages, seeks and cycles") {
    StorageDevice storage = device(1);
    storage.submit(Cycles{0}, read(0, 4));
    storage.submit(Cycles{0}, read(4));
    storage.submit(Cycles{0}, write(9, 2));
    CHECK(storage.statistics().reads == 2);
    CHECK(storage.statistics().writes == 1);
    CHECK(storage.statistics().pages_read == 5);
    CHECK(storage.statistics().pages_written == 2);
    CHECK(storage.statistics().seeks == 2);
    CHECK(storage.statistics().service_cycles == Cycles{1140 + 110 + 1080});
    CHECK(storage.statistics().wait_cycles == Cycles{1140 + 1250});
}

TEST_CASE("the kinds differ as their devices do") {
    struct Kind {
        StorageKind kind;
        std::uint64_t read;
        std::uint64_t write_of_four;
    };
    const std::vector<Kind> kinds{{StorageKind::custom, 0, 0},
                                  {StorageKind::zram, 2'000, 24'000},
                                  {StorageKind::nvme, 80'600, 18'920},
                                  {StorageKind::ssd, 107'300, 70'800},
                                  {StorageKind::hdd, 12'779'500, 12'838'000}};
    for (const Kind& row : kinds) {
        CAPTURE(row.kind);
        StorageDevice storage({.kind = row.kind, .timing = {}}, nanosecond);
        CHECK(storage.submit(Cycles{0}, read(1000)).service == Cycles{row.read});
        CHECK(storage.submit(Cycles{0}, write(2000, 4)).service == Cycles{row.write_of_four});
    }
}

TEST_CASE("the longest times that the configuration allows do not overflow") {
    const StorageTiming longest{.read_nanoseconds = storage_latency_range.maximum,
                                .seek_nanoseconds = storage_latency_range.maximum,
                                .page_read_nanoseconds = page_transfer_range.maximum};
    StorageDevice storage({.timing = longest}, 1);
    constexpr std::uint64_t second = 1'000'000'000'000;
    constexpr std::uint64_t pages = std::uint64_t{1} << 23U;
    CHECK(storage.submit(Cycles{0}, read(1, pages)).done == Cycles{(2 * 1000 + pages) * second});
}

}  // namespace mmusim::hw::storage_device_test
