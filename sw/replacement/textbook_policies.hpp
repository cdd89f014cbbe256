// SPDX-License-Identifier: Apache-2.0
// The policies of the textbooks (Silberschatz, Galvin and Gagne, "Operating System Concepts",
// chapter "Virtual Memory"; Tanenbaum and Bos, "Modern Operating Systems", section "Page
// Replacement Algorithms").
#pragma once

#include "sw/replacement/frame_queue.hpp"
#include "sw/replacement/page_replacement.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace mmusim::sw {

class FifoReplacement final : public PageReplacement {
  public:
    void loaded(PhysicalPageNumber frame, PageKind /*kind*/) override { queue_.push_back(frame); }
    void released(PhysicalPageNumber frame) override { queue_.remove(frame); }
    void moved(PhysicalPageNumber from, PhysicalPageNumber to) override {
        queue_.replace(from, to);
    }
    [[nodiscard]] std::optional<PhysicalPageNumber> victim(PagesInMemory& pages) override;

  private:
    FrameQueue queue_;
};

class LruReplacement final : public PageReplacement {
  public:
    void loaded(PhysicalPageNumber frame, PageKind /*kind*/) override { queue_.push_back(frame); }
    void released(PhysicalPageNumber frame) override { queue_.remove(frame); }
    void moved(PhysicalPageNumber from, PhysicalPageNumber to) override {
        queue_.replace(from, to);
    }
    [[nodiscard]] std::optional<PhysicalPageNumber> victim(PagesInMemory& pages) override;
    [[nodiscard]] bool watches_accesses() const override { return true; }
    void accessed(PhysicalPageNumber frame) override;

  private:
    FrameQueue queue_;  // the last access longest ago first
};

/// Whether a page counts as accessed because it was loaded. Both conventions are in use.
enum class LoadCounts : std::uint8_t { as_access, as_none };

/// A hand goes round the pages: it spares once those that were accessed, and stops at the first
/// that was not. A new page takes the place that the hand has just left.
class ClockReplacement final : public PageReplacement {
  public:
    explicit ClockReplacement(LoadCounts load) : load_(load) {}

    void loaded(PhysicalPageNumber frame, PageKind /*kind*/) override {
        circle_.insert(hand_, frame);
    }
    void released(PhysicalPageNumber frame) override;
    void moved(PhysicalPageNumber from, PhysicalPageNumber to) override {
        circle_.replace(from, to);
    }
    [[nodiscard]] std::optional<PhysicalPageNumber> victim(PagesInMemory& pages) override;
    [[nodiscard]] bool load_is_no_access() const override { return load_ == LoadCounts::as_none; }

  private:
    LoadCounts load_;
    FrameQueue circle_;
    FrameQueue::Place hand_ = circle_.end();
};

/// Not frequently used, and its variant that forgets: at every tick the A bit is added to the
/// page's counter, or shifted into it from the top. The victim has the lowest; of equals, the one
/// that was loaded first.
class CountingReplacement final : public PageReplacement {
  public:
    enum class Counter : std::uint8_t { sum, shifted };

    explicit CountingReplacement(Counter counter) : counter_(counter) {}

    void loaded(PhysicalPageNumber frame, PageKind kind) override;
    void released(PhysicalPageNumber frame) override;
    void moved(PhysicalPageNumber from, PhysicalPageNumber to) override;
    [[nodiscard]] std::optional<PhysicalPageNumber> victim(PagesInMemory& pages) override;
    void tick(PagesInMemory& pages) override;

  private:
    Counter counter_;
    FrameQueue queue_;  // by their loading
    std::unordered_map<std::uint64_t, std::uint64_t> counts_;
};

/// Belady's: the page whose next access is furthest ahead; of those that have none, the first
/// loaded.
class OptimalReplacement final : public PageReplacement {
  public:
    void loaded(PhysicalPageNumber frame, PageKind /*kind*/) override { queue_.push_back(frame); }
    void released(PhysicalPageNumber frame) override { queue_.remove(frame); }
    void moved(PhysicalPageNumber from, PhysicalPageNumber to) override {
        queue_.replace(from, to);
    }
    [[nodiscard]] std::optional<PhysicalPageNumber> victim(PagesInMemory& pages) override;

  private:
    FrameQueue queue_;
};

}  // namespace mmusim::sw
