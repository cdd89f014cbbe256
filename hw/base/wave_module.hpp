// SPDX-License-Identifier: Apache-2.0
// How modules put their state into a wave file.
#pragma once

#include "hw/base/enumeration.hpp"

#include <systemc>

#include <bit>
#include <string>
#include <string_view>
#include <type_traits>

namespace mmusim::hw {

/// The name of a signal of a module: the dots become nested scopes in the file.
[[nodiscard]] inline std::string wave_name(const sc_core::sc_object& module,
                                           std::string_view signal) {
    return std::string(module.name()).append(".").append(signal);
}

/// How many bits the enumeration needs; a viewer's filter names the values.
template <NamedEnumeration Enumeration>
inline constexpr int wave_bits = static_cast<int>(std::bit_width(enumerator_count<Enumeration> -
                                                                 1));

/// Traces a variable that holds an enumerator, as a vector just wide enough.
template <NamedEnumeration Enumeration>
void trace_enumeration(sc_core::sc_trace_file* file, const Enumeration& variable,
                       const std::string& name) {
    static_assert(sizeof(Enumeration) == sizeof(unsigned char));
    // The kernel traces integers; the enumeration is stored as one.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    const auto& stored = reinterpret_cast<const unsigned char&>(variable);
    sc_core::sc_trace(file, stored, name, wave_bits<Enumeration>);
}

}  // namespace mmusim::hw
