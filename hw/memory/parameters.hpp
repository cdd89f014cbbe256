// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace mmusim::hw {

enum class MemoryKind : std::uint8_t {
    fixed,  ///< every access takes the same time; nothing waits
    dram,   ///< banks with open rows behind one data bus
};

[[nodiscard]] constexpr auto enumerator_names(MemoryKind) {
    return std::array<std::string_view, 2>{"fixed", "dram"};
}

/// One rank of banks. The rows of a bank lie `banks` rows apart: neighbouring rows of memory are
/// in different banks.
struct DramParameters {
    std::uint32_t banks = 16;
    std::uint64_t row_bytes = 8192;
    std::uint32_t burst_bytes = 64;
    Cycles controller_cycles{20};
    Cycles activate_cycles{57};
    Cycles column_cycles{57};
    Cycles precharge_cycles{57};
    Cycles burst_cycles{14};

    static constexpr auto fields() {
        using P = DramParameters;
        return std::tuple{
            parameter("banks", &P::banks, "number of banks, each with one open row",
                      Range{1, 1024}),
            parameter("row_bytes", &P::row_bytes, "size of a row of one bank",
                      Range{64, 1U << 20U}),
            parameter("burst_bytes", &P::burst_bytes, "what one column access transfers",
                      Range{8, 4096}),
            parameter("controller_cycles", &P::controller_cycles,
                      "the way through the controller and back, paid by every access"),
            parameter("activate_cycles", &P::activate_cycles,
                      "tRCD: from opening a row to its use"),
            parameter("column_cycles", &P::column_cycles,
                      "tCAS: from a column command to its first data"),
            parameter("precharge_cycles", &P::precharge_cycles, "tRP: closing a row"),
            parameter("burst_cycles", &P::burst_cycles, "the data bus is taken by one burst",
                      at_least(1)),
        };
    }
};

struct MemoryParameters {
    MemoryKind kind = MemoryKind::fixed;
    std::uint64_t base_address = 0;
    std::uint64_t size_bytes = std::uint64_t{16} << 30U;
    Cycles latency_cycles{20};
    DramParameters dram;

    static constexpr auto fields() {
        using P = MemoryParameters;
        return std::tuple{
            parameter("kind", &P::kind, "fixed latency, or DRAM with banks and rows"),
            parameter("base_address", &P::base_address, "the first physical address"),
            parameter("size_bytes", &P::size_bytes, "physical memory, whole 4 KiB frames",
                      Range{std::uint64_t{64} << 10U, std::uint64_t{1} << 50U}),
            parameter("latency_cycles", &P::latency_cycles, "of every access, where kind is fixed"),
            parameter("dram", &P::dram, "timing where kind is dram"),
        };
    }
};

}  // namespace mmusim::hw
