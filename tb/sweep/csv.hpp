// SPDX-License-Identifier: Apache-2.0
// Comma-separated values (RFC 4180, with a newline alone at the end of a row).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

using CsvRow = std::vector<std::string>;

/// One row, with its newline. Cells are in quotes where they need them. What would break the line
/// is a space.
[[nodiscard]] std::string csv_line(const CsvRow& cells);

/// The rows of a text. `name` begins the message of the InputError that is thrown where a quote is
/// left open or the last row has no end.
[[nodiscard]] std::vector<CsvRow> parse_csv(std::string_view text, std::string_view name);

}  // namespace mmusim::tb
