// SPDX-License-Identifier: Apache-2.0
#include "tb/cli/systemc_version.hpp"

#include <fmt/format.h>
#include <systemc>

namespace mmusim::tb {

std::string systemc_version() {
    return fmt::format("{}.{}.{}", sc_core::sc_version_major, sc_core::sc_version_minor,
                       sc_core::sc_version_patch);
}

}  // namespace mmusim::tb
