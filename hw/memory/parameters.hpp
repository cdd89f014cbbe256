// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"
#include "hw/memory/dram_parameters.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace mmusim::hw {

enum class MemoryKind : std::uint8_t {
    fixed,  ///< every access takes the same time; nothing waits
    dram,   ///< channels of banks with open rows, behind queues
};

[[nodiscard]] constexpr auto enumerator_names(MemoryKind) {
    return std::array<std::string_view, 2>{"fixed", "dram"};
}

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
            parameter("dram", &P::dram, "the controller and its channels where kind is dram"),
        };
    }
};

}  // namespace mmusim::hw
