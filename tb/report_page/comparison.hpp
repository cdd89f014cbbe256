// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/report_page/document_view.hpp"

#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// A figure or a parameter, as each of several documents has it.
struct ComparedFigure {
    std::string key;  ///< dotted, below the group that was compared
    /// By document; none where it has no such figure.
    std::vector<std::optional<Pointer>> places;
    bool same = true;  ///< in all of them
};

/// All that stands below `group` in any of the documents, in order of appearance.
[[nodiscard]] std::vector<ComparedFigure> compared(const std::vector<DocumentView>& views,
                                                   const Pointer& group);

/// By how much a figure differs from that of the first document: "+1,234", "-0.25"; no_number where
/// either is no number.
[[nodiscard]] std::string change_text(const nlohmann::ordered_json* first,
                                      const nlohmann::ordered_json* other);

/// The same as a share of the first: "+3.40 %"; no_number also where that is 0.
[[nodiscard]] std::string relative_change_text(const nlohmann::ordered_json* first,
                                               const nlohmann::ordered_json* other);

/// What results have in common and where they differ: the figures of each beside those of the
/// first, and the parameters that are not the same in all. Nothing for fewer than two results.
[[nodiscard]] std::string comparison_part(const std::vector<DocumentView>& results);

/// What a document is called where there are several: "B: result.json".
[[nodiscard]] std::string label_of(const DocumentView& view);

}  // namespace mmusim::tb
