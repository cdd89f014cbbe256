// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace mmusim::tb {

/// The members of a zip archive, by name, in the order in which they make one file: chunk.0000,
/// chunk.0001 … by their numbers, in whatever folder of the archive, or else the only one. An
/// InputError says what is wrong with others.
[[nodiscard]] std::vector<std::string> members_in_order(const std::string& path,
                                                        std::vector<std::string> names);

}  // namespace mmusim::tb
