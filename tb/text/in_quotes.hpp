// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace mmusim::tb {

/// Bytes of an input as an error message shows them: quoted, on one line, cut after some
/// characters.
[[nodiscard]] std::string in_quotes(std::string_view bytes);

}  // namespace mmusim::tb
