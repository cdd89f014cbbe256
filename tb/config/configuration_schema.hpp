// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace mmusim::tb {

/// JSON Schema (draft 2020-12) of a configuration file, made from the field lists: types, ranges,
/// names of enumerations, descriptions, defaults. No other key is allowed. What only the whole
/// tells, such as a chain that ends nowhere, is not in it.
[[nodiscard]] std::string configuration_schema();

}  // namespace mmusim::tb
