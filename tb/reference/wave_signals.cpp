// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/wave_signals.hpp"

#include "hw/base/access.hpp"
#include "hw/base/activity.hpp"
#include "hw/base/enumeration.hpp"
#include "hw/base/latency.hpp"
#include "hw/base/problems.hpp"
#include "hw/base/wave_bits.hpp"
#include "hw/cache/cache_state.hpp"
#include "hw/cpu/core_state.hpp"
#include "hw/memory/dram_device.hpp"
#include "hw/memory/statistics.hpp"
#include "hw/paging/format.hpp"
#include "hw/storage/storage_state.hpp"
#include "hw/tlb/tlb_state.hpp"
#include "hw/walker/walker_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mmusim::tb {

namespace {

constexpr int counter_bits = 64;
constexpr int number_bits = 32;
constexpr int address_space_bits = 16;

template <NamedEnumeration Enumeration>
[[nodiscard]] constexpr WaveSignal state(std::string_view part, std::string_view signal,
                                         std::string_view filter) {
    return {.part = part,
            .signal = signal,
            .bits = hw::wave_bits(enumerator_count<Enumeration>),
            .format = WaveFormat::state,
            .filter = filter};
}

template <NamedEnumeration Enumeration>
[[nodiscard]] constexpr WaveSignal activity(std::string_view part, std::string_view signal,
                                            std::string_view filter) {
    return {.part = part,
            .signal = signal,
            .bits = hw::wave_bits(hw::Activity<Enumeration>::names.size()),
            .format = WaveFormat::state,
            .filter = filter};
}

[[nodiscard]] constexpr WaveSignal decimal(std::string_view part, std::string_view signal,
                                           int bits = counter_bits) {
    return {.part = part, .signal = signal, .bits = bits, .format = WaveFormat::decimal};
}

[[nodiscard]] constexpr WaveSignal hexadecimal(std::string_view part, std::string_view signal,
                                               int bits) {
    return {.part = part, .signal = signal, .bits = bits, .format = WaveFormat::hexadecimal};
}

constexpr std::array signals{
    state<hw::CoreState>("core", "state", "core_state"),
    state<AccessType>("core", "access_type", "access_type"),
    hexadecimal("core", "virtual_address", counter_bits),
    hexadecimal("core", "physical_address", hw::wave_bits_of_physical_address),
    decimal("core", "asid", address_space_bits),
    decimal("core", "accesses"),
    state<hw::TlbState>("TLB", "state", "tlb_state"),
    hexadecimal("TLB", "virtual_page", hw::wave_bits_of_virtual_page),
    decimal("TLB", "asid", address_space_bits),
    decimal("TLB", "hits"),
    decimal("TLB", "misses"),
    decimal("TLB", "fills"),
    decimal("TLB", "invalidations"),
    decimal("walker", "walks"),
    state<hw::WalkerState>("walker.WALKER", "state", "walker_state"),
    decimal("walker.WALKER", "level", hw::wave_bits(hw::max_levels)),
    hexadecimal("walker.WALKER", "virtual_page", hw::wave_bits_of_virtual_page),
    hexadecimal("walker.WALKER", "entry_address", hw::wave_bits_of_physical_address),
    hexadecimal("walker.WALKER", "entry", counter_bits),
    state<hw::CacheState>("CACHE", "state", "cache_state"),
    activity<hw::MemoryPurpose>("CACHE", "purpose", "memory_purpose"),
    hexadecimal("CACHE", "address", hw::wave_bits_of_physical_address),
    hexadecimal("CACHE", "data", counter_bits),
    decimal("CACHE", "mshrs_taken", number_bits),
    decimal("CACHE", "hits"),
    decimal("CACHE", "misses"),
    decimal("CACHE", "fills"),
    decimal("CACHE", "write_backs"),
    activity<hw::MemoryPurpose>("memory", "purpose", "memory_purpose"),
    hexadecimal("memory", "address", hw::wave_bits_of_physical_address),
    hexadecimal("memory", "data", counter_bits),
    decimal("memory", "transactions"),
    activity<hw::DramCommand>("memory.CHANNEL", "command", "dram_command"),
    decimal("memory.CHANNEL", "rank", number_bits),
    decimal("memory.CHANNEL", "bank", number_bits),
    decimal("memory.CHANNEL", "row"),
    decimal("memory.CHANNEL", "row_hits"),
    decimal("memory.CHANNEL", "row_misses"),
    decimal("memory.CHANNEL", "row_conflicts"),
    WaveSignal{.part = "software", .signal = "busy"},
    activity<Stage>("software", "stage", "stage"),
    decimal("software", "process", number_bits),
    decimal("software", "faults"),
    state<hw::StorageState>("storage", "state", "storage_state"),
    decimal("storage", "requests", number_bits),
    decimal("storage", "first_page"),
    decimal("storage", "pages"),
    decimal("storage", "pages_read"),
    decimal("storage", "pages_written"),
};

// A part that no other kind claims is a TLB: their names are the user's.
[[nodiscard]] std::string_view kind_of(std::string_view part) {
    constexpr std::array<std::string_view, 5> unique{"core", "walker", "memory", "software",
                                                     "storage"};
    if (std::find(unique.begin(), unique.end(), part) != unique.end()) {
        return part;
    }
    if (part.starts_with("walker.walker")) {
        return "walker.WALKER";
    }
    if (part.starts_with("memory.channel")) {
        return "memory.CHANNEL";
    }
    return part.ends_with("_cache") ? "CACHE" : "TLB";
}

}  // namespace

const WaveSignal& wave_signal_of(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    const std::string_view part = kind_of(name.substr(0, dot));
    const std::string_view own = name.substr(dot + 1);
    const auto* const found = std::find_if(
        signals.begin(), signals.end(),
        [&](const WaveSignal& signal) { return signal.part == part && signal.signal == own; });
    if (found == signals.end()) {
        throw ModelError(fmt::format("a view shows {}, which is no signal", name));
    }
    return *found;
}

}  // namespace mmusim::tb
