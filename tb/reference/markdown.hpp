// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// A table in Markdown, with a blank line behind it. Every row has as many cells as `titles`.
[[nodiscard]] std::string markdown_table(const std::vector<std::string>& titles,
                                         const std::vector<std::vector<std::string>>& rows);

/// The text as code: `text`. Nothing stays nothing.
[[nodiscard]] std::string markdown_code(std::string_view text);

}  // namespace mmusim::tb
