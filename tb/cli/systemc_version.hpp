// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace mmusim::tb {

/// The version of the SystemC library that the program runs on, as "2.3.4".
[[nodiscard]] std::string systemc_version();

}  // namespace mmusim::tb
