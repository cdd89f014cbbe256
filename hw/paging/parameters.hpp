// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/paging/format.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

namespace mmusim::hw {

/// Who sets the accessed and dirty bits: the walker (Svadu), or software after a page fault
/// (Svade).
enum class AdUpdate : std::uint8_t { hardware, fault };

[[nodiscard]] constexpr auto enumerator_names(AdUpdate) {
    return std::array<std::string_view, 2>{"hardware", "fault"};
}

struct PagingParameters {
    PagingMode mode = PagingMode::sv39;
    AdUpdate ad_update = AdUpdate::hardware;
    bool svnapot = true;
    bool svpbmt = true;
    std::uint32_t asid_bits = 16;

    static constexpr auto fields() {
        using P = PagingParameters;
        return std::tuple{
            parameter("mode", &P::mode, "page-table format"),
            parameter("ad_update", &P::ad_update,
                      "who sets the accessed and dirty bits: the walker (Svadu) or a page fault "
                      "(Svade)"),
            parameter("svnapot", &P::svnapot, "64 KiB pages made of 16 entries (Svnapot)"),
            parameter("svpbmt", &P::svpbmt, "page-based memory types (Svpbmt)"),
            parameter("asid_bits", &P::asid_bits,
                      "width of the address-space identifier; 0: none, every switch flushes the "
                      "TLBs",
                      Range{0, 16}),
        };
    }
};

/// The only size that Svnapot defines.
inline constexpr PageSize napot_page_size{16};

/// Every size a page can have in this format, smallest first.
[[nodiscard]] inline std::vector<PageSize> all_page_sizes(const PagingParameters& paging) {
    const PagingFormat& format = format_of(paging.mode);
    std::vector<PageSize> sizes;
    for (unsigned level = 0; level < format.levels; ++level) {
        sizes.push_back(format.page_size_at(level));
        if (level == 0 && format.wide_entries && paging.svnapot) {
            sizes.push_back(napot_page_size);
        }
    }
    return sizes;
}

}  // namespace mmusim::hw
