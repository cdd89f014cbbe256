// SPDX-License-Identifier: Apache-2.0
// Linux's two lists for each kind of page (mm/vmscan.c, without the multi-generational LRU):
//
// - a page begins on the inactive list;
// - a scan of the inactive list takes the page that is there longest. Was it accessed by one
// mapping
//   since the last look, it stays, and is marked; if it was marked already, was accessed by
//   several, or is program text, it becomes active (folio_check_references);
// - where the inactive list is short of the active one, the longest active page becomes inactive,
//   accessed or not, unless it is program text that was (shrink_active_list);
// - anonymous and file pages are scanned in the ratio that swappiness says (get_scan_count).
#pragma once

#include "sw/replacement/frame_queue.hpp"
#include "sw/replacement/page_replacement.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace mmusim::sw {

class ActiveInactiveReplacement final : public PageReplacement {
  public:
    void loaded(PhysicalPageNumber frame, PageKind kind) override;
    void released(PhysicalPageNumber frame) override;
    void moved(PhysicalPageNumber from, PhysicalPageNumber to) override;
    [[nodiscard]] std::optional<PhysicalPageNumber> victim(PagesInMemory& pages) override;

  private:
    struct Page {
        PageKind kind = PageKind::anonymous;
        bool marked = false;        ///< was accessed at the last look
        bool spared_dirty = false;  ///< could have gone at the last look, but for being dirty
    };
    struct Lists {
        FrameQueue active;
        FrameQueue inactive;

        [[nodiscard]] std::size_t size() const { return active.size() + inactive.size(); }
    };
    enum class Verdict : std::uint8_t { goes, stays, becomes_active };

    [[nodiscard]] Lists& lists_of(PageKind kind) {
        return kind == PageKind::anonymous ? anonymous_ : file_;
    }
    [[nodiscard]] Lists& lists_to_scan();
    void refill_inactive(Lists& lists, PagesInMemory& pages);
    [[nodiscard]] Verdict judge(PhysicalPageNumber frame, PagesInMemory& pages);

    Lists anonymous_;
    Lists file_;
    std::unordered_map<std::uint64_t, Page> pages_;
    std::uint64_t anonymous_share_ = 0;
};

}  // namespace mmusim::sw
