// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/paging/parameters.hpp"
#include "hw/paging/translation.hpp"
#include "tb/check/naive_translation.hpp"

namespace mmusim::tb {

/// The request in the words of the naive translation. Its privilege is not machine.
[[nodiscard]] NaiveRequest naive_request_of(const hw::TranslationRequest& request,
                                            const hw::PagingParameters& paging);

}  // namespace mmusim::tb
