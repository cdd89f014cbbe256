// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace mmusim::tests {

/// Has the kernel's reports written to standard error; by itself it uses standard output.
void send_reports_to_standard_error();

/// How many warnings, errors and fatal errors the kernel has reported.
[[nodiscard]] std::size_t problem_report_count();

}  // namespace mmusim::tests
