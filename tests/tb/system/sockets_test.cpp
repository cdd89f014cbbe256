// SPDX-License-Identifier: Apache-2.0
// What passes the sockets is what the figures say, and there is a monitor on every one of them.
#include "tests/tb/system/laws.hpp"
#include "tests/tb/system/machine.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>

namespace mmusim::tests::sockets_test {

namespace {

constexpr std::uint64_t page_a = 0x4000'0000;

}  // namespace

TEST_CASE("the first touch of an empty space, socket by socket") {
    const tb::Configuration configuration = plain_machine();
    MachineFigures machine;
    const tb::RunResult result =
        run(configuration, {read_of(page_a, 8), fetch_of(page_a, 2)}, {},
            [&](const auto& system) { machine = machine_figures(configuration, system); });
    const auto requests = [&](const std::string& socket) {
        return machine.sockets.at(socket).requests;
    };

    CHECK(machine.sockets.size() == 7);
    CHECK(requests("core_data to l1d") == 2);
    CHECK(requests("core_fetch to l1i") == 1);
    CHECK(requests("l1d to l2") == 2);
    CHECK(requests("l1i to l2") == 1);
    CHECK(requests("l2 to walker") == 2);
    CHECK(requests("walker to memory") == 1 + 3);
    // A slot read at each level, three entries written, three frames cleared.
    const SocketFigures& software = machine.sockets.at("software to memory");
    CHECK(software.by_purpose[hw::MemoryPurpose::table_read] == 3);
    CHECK(software.by_purpose[hw::MemoryPurpose::table_write] == 3);
    CHECK(software.by_purpose[hw::MemoryPurpose::frame_clear] == 3);
    CHECK(software.requests == 9);
    CHECK(broken_laws(configuration, result, machine) == none_broken);
    CHECK(result.memory.bytes_read == (4 + 3) * 8UL);
    CHECK(result.memory.bytes_written == 3UL * 8 + 3 * page_bytes);
}

TEST_CASE("with a data path every access passes a socket of its own") {
    const tb::Configuration configuration = plain_machine(
        {"cpu.data_path=memory", R"(caches.c={"next": "memory"})", "cpu.data_port=c"});
    MachineFigures machine;
    // The write crosses into a page that is not there: of its halves, one hits and one faults.
    const tb::RunResult result =
        run(configuration, {read_of(page_a, 8), fetch_of(page_a, 2), write_of(page_a + 4090, 8)},
            {}, [&](const auto& system) { machine = machine_figures(configuration, system); });

    CHECK(machine.sockets.size() == 7 + 1 + 2);
    const SocketFigures& fetch = machine.sockets.at("core_fetch_memory to memory");
    CHECK(fetch.requests == 1);
    CHECK(fetch.by_purpose[hw::MemoryPurpose::fetch] == 1);
    const SocketFigures& data = machine.sockets.at("core_data_memory to c_cache");
    CHECK(data.requests == 3);
    CHECK(data.by_purpose[hw::MemoryPurpose::data_read] == 1);
    CHECK(data.by_purpose[hw::MemoryPurpose::data_write] == 2);
    CHECK(result.memory.by_purpose[hw::MemoryPurpose::fetch] == 1);
    CHECK(result.memory.by_purpose[hw::MemoryPurpose::data_read] == 0);
    CHECK(result.caches.at(0).second.by_purpose[hw::MemoryPurpose::data_read] == 1);
    CHECK(result.caches.at(0).second.by_purpose[hw::MemoryPurpose::data_write] == 2);
    CHECK(broken_laws(configuration, result, machine) == none_broken);
}

TEST_CASE("what the software does before the first access is no traffic") {
    const tb::Configuration configuration = plain_machine({"os.implicit_mapping=false"});
    MachineFigures machine;
    const tb::RunResult result =
        run(configuration, {read_of(page_a, 8)}, {},
            [&](const auto& system) { machine = machine_figures(configuration, system); });
    // One entry read by the walker; the software reads the root to free what hangs from it.
    CHECK(machine.sockets.at("walker to memory").requests == 1);
    CHECK(machine.sockets.at("software to memory").requests == 512);
    CHECK(result.memory.by_purpose[hw::MemoryPurpose::frame_clear] == 0);
    CHECK(result.memory.by_purpose[hw::MemoryPurpose::table_read] == 512);
}

}  // namespace mmusim::tests::sockets_test
