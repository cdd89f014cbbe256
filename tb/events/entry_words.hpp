// SPDX-License-Identifier: Apache-2.0
// Page-table entries, and what walks say of them, in words.
#pragma once

#include "hw/base/access.hpp"
#include "hw/paging/format.hpp"
#include "hw/paging/page_table_entry.hpp"
#include "hw/paging/page_walk.hpp"
#include "hw/paging/translation.hpp"

#include <string>

namespace mmusim::tb {

/// The flags by their letters in the order of their bits, those that are clear as dashes:
/// "VR-XU-A-".
[[nodiscard]] std::string flags_in_words(hw::PageFlags flags);

/// Where an entry of a table of `level` leads, whether or not the walk accepts it: "not valid",
/// "leads to table 0x2000", "4KiB page at 0x81234000".
[[nodiscard]] std::string in_words(hw::PageTableEntry entry, unsigned level,
                                   const hw::PagingFormat& format);

/// "4KiB page at 0x81234000".
[[nodiscard]] std::string in_words(const hw::TranslatedPage& page);

/// Which fault it is, and why: "page fault: the entry is not valid".
[[nodiscard]] std::string in_words(const hw::WalkFault& fault, AccessType type);

}  // namespace mmusim::tb
