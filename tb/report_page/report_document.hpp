// SPDX-License-Identifier: Apache-2.0
// The files of figures that a report is made of.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace mmusim::tb {

/// Who wrote a document, told by its `schema`.
enum class DocumentKind : std::uint8_t {
    result,       ///< `mmusim run`
    exploration,  ///< `mmusim explore`
    sweep,        ///< `mmusim sweep`, a line for each point
};

/// A file of figures, with its members in the order in which they stand there. Of a sweep the lines
/// are the list `points`, and of each point's result there is what its page shows.
struct ReportDocument {
    std::string name;  ///< as the command line names it, made UTF-8
    DocumentKind kind = DocumentKind::result;
    nlohmann::ordered_json content;

    /// Whether the run ended before its work was done.
    [[nodiscard]] bool interrupted() const;
};

/// Throws InputError that begins with the name where the text is no whole document of a known kind.
[[nodiscard]] ReportDocument parse_report_document(std::string_view text, std::string_view name);

/// Reads a file, which may be compressed. Throws InputError also where it cannot be read.
[[nodiscard]] ReportDocument read_report_document(const std::string& path);

}  // namespace mmusim::tb
