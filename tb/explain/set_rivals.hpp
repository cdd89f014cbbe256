// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "sw/processes/process_id.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace mmusim::tb {

/// A page of one process, as a TLB holds it.
struct HeldPage {
    sw::ProcessId process{};
    VirtualPageNumber page{};  ///< the first 4 KiB page of it
    PageSize size{};

    constexpr auto operator<=>(const HeldPage&) const = default;

    [[nodiscard]] constexpr bool holds(VirtualAddress address) const {
        return address.value >> size.log2_bytes == page.address().value >> size.log2_bytes;
    }
};

/// Who has been in some sets of one TLB.
class SetRivals {
  public:
    explicit SetRivals(const std::vector<std::size_t>& sets);

    /// Of a set that is not watched, nothing is kept.
    void entered(std::size_t set, const HeldPage& page);
    void left(const HeldPage& page);

    /// Forgets all but those who are there now.
    void begin_again();

    /// How many different pages have been in the set, those of before `begin_again` that were still
    /// there included.
    [[nodiscard]] std::uint64_t pages_in(std::size_t set) const;

  private:
    struct Pages {
        std::set<HeldPage> ever{};
        std::set<HeldPage> now{};
    };

    std::map<std::size_t, Pages> sets_;
};

}  // namespace mmusim::tb
