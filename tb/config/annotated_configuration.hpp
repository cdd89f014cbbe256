// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/config/configuration.hpp"
#include "tb/config/provenance.hpp"

#include <string>

namespace mmusim::tb {

/// Every key of the configuration as JSON with comments that say where its value comes from. A
/// source stands above the keys that it is for; behind a value stands what is true of it alone:
/// that it is unverified, the layer that set it, or that no layer did. Read back as a file it is
/// the same configuration.
[[nodiscard]] std::string annotated_text(const Configuration& configuration,
                                         const Provenance& provenance);

}  // namespace mmusim::tb
