// SPDX-License-Identifier: Apache-2.0
// How modules put their state into a wave file.
#pragma once

#include "hw/base/activity.hpp"
#include "hw/base/enumeration.hpp"
#include "hw/base/wave_bits.hpp"

#include <systemc>

#include <string>
#include <string_view>
#include <type_traits>

namespace mmusim::hw {

/// The name of a signal of a module: the dots become nested scopes in the file.
[[nodiscard]] inline std::string wave_name(const sc_core::sc_object& module,
                                           std::string_view signal) {
    return std::string(module.name()).append(".").append(signal);
}

/// Traces a variable that holds an enumerator, as a vector just wide enough.
template <NamedEnumeration Enumeration>
void trace_enumeration(sc_core::sc_trace_file* file, const Enumeration& variable,
                       const std::string& name) {
    static_assert(sizeof(Enumeration) == sizeof(unsigned char));
    // The kernel traces integers; the enumeration is stored as one.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    const auto& stored = reinterpret_cast<const unsigned char&>(variable);
    sc_core::sc_trace(file, stored, name, wave_bits(enumerator_count<Enumeration>));
}

template <NamedEnumeration Enumeration>
void trace_activity(sc_core::sc_trace_file* file, const Activity<Enumeration>& activity,
                    const std::string& name) {
    sc_core::sc_trace(file, activity.stored(), name,
                      wave_bits(Activity<Enumeration>::names.size()));
}

}  // namespace mmusim::hw
