// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

namespace mmusim::hw {

/// What the core does with a translated address.
enum class DataPath : std::uint8_t {
    translate_only,  ///< nothing: the translation is what is measured
    memory,          ///< the access is made, at the caches or the memory; it moves no values
};

[[nodiscard]] constexpr auto enumerator_names(DataPath) {
    return std::array<std::string_view, 2>{"translate-only", "memory"};
}

struct CpuParameters {
    std::uint32_t cores = 1;
    std::string fetch_tlb = "l1i";
    std::string data_tlb = "l1d";
    std::string software_port = "memory";
    std::uint32_t max_outstanding = 1;
    std::uint32_t issue_per_cycle = 1;
    DataPath data_path = DataPath::translate_only;
    std::string fetch_port = "memory";
    std::string data_port = "memory";

    static constexpr auto fields() {
        using P = CpuParameters;
        return std::tuple{
            parameter("cores", &P::cores, "number of cores", Range{1, 1}),
            parameter("fetch_tlb", &P::fetch_tlb, "the first TLB of instruction fetches"),
            parameter("data_tlb", &P::data_tlb, "the first TLB of reads and writes"),
            parameter("software_port", &P::software_port,
                      "who answers the operating system's own reads and writes: a cache's name, or "
                      "memory"),
            parameter("max_outstanding", &P::max_outstanding,
                      "accesses under way at once; 1 is an in-order, blocking core",
                      Range{1, 1024}),
            parameter("issue_per_cycle", &P::issue_per_cycle, "translations begun per cycle",
                      Range{1, 64}),
            parameter("data_path", &P::data_path,
                      "what is done with a translated address: nothing, or the read, write or "
                      "fetch itself, which takes its time and moves no values"),
            parameter("fetch_port", &P::fetch_port,
                      "who answers fetches where data_path is memory: a cache's name, or memory"),
            parameter("data_port", &P::data_port,
                      "who answers reads and writes where data_path is memory: a cache's name, or "
                      "memory"),
        };
    }
};

}  // namespace mmusim::hw
