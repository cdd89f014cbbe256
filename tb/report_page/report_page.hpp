// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/report_page/chart_library.hpp"
#include "tb/report_page/report_document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// The documents as one page of HTML that needs nothing besides: a section for each, a comparison
/// of the results where there are several, and the documents themselves, from which the charts are
/// drawn. Without a library it has no charts. The same documents give the same bytes.
[[nodiscard]] std::string report_page(const std::vector<ReportDocument>& documents,
                                      const std::optional<ChartLibrary>& charts);

/// Text of a script as it may stand within its element: nothing in it ends the element.
[[nodiscard]] std::string within_script(std::string_view script);

/// The text of a JSON document as it may stand there.
[[nodiscard]] std::string json_within_script(std::string_view json);

}  // namespace mmusim::tb
