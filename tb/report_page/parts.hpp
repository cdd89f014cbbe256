// SPDX-License-Identifier: Apache-2.0
// What the page says of one document, part by part. Each is HTML, and nothing where the document
// has nothing for it.
#pragma once

#include "tb/report_page/document_view.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace mmusim::tb {

// Of the result of a run.

/// The figures that are looked for first, and what ran on which machine.
[[nodiscard]] std::string summary_part(const DocumentView& view);
/// How long translations took, by what answered them.
[[nodiscard]] std::string latency_part(const DocumentView& view);
/// Where their cycles went.
[[nodiscard]] std::string stages_part(const DocumentView& view);
/// Its charts, also of several results beside each other.
[[nodiscard]] std::string stage_charts(const std::vector<std::size_t>& documents);
[[nodiscard]] std::string tlbs_part(const DocumentView& view);
[[nodiscard]] std::string walks_part(const DocumentView& view);
[[nodiscard]] std::string memory_part(const DocumentView& view);
[[nodiscard]] std::string faults_part(const DocumentView& view);
/// With `--interval`.
[[nodiscard]] std::string timeline_part(const DocumentView& view);
[[nodiscard]] std::string processes_part(const DocumentView& view);
/// Of a script.
[[nodiscard]] std::string steps_part(const DocumentView& view);
[[nodiscard]] std::string operating_system_part(const DocumentView& view);
[[nodiscard]] std::string configuration_part(const DocumentView& view);

// Of an exploration.

/// What was explored.
[[nodiscard]] std::string explored_part(const DocumentView& view);
/// What TLBs of all shapes miss of the stream of that name.
[[nodiscard]] std::string stream_part(const DocumentView& view, const std::string& stream);

/// Of a sweep: what was varied, and the figures of each point.
[[nodiscard]] std::string sweep_part(const DocumentView& view);

}  // namespace mmusim::tb
