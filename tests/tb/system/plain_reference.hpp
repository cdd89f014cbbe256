// SPDX-License-Identifier: Apache-2.0
// A second opinion on the machine "plain": lists and sets instead of arrays, one loop instead of
// modules, nothing shared with what it judges but the accesses. Sv39, 4 KiB pages, LRU, a free
// operating system and memory of a fixed latency.
#pragma once

#include "hw/base/access.hpp"

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace mmusim::tests {

struct TlbShape {
    std::uint64_t sets = 16;
    std::uint64_t ways = 4;
    std::uint64_t hit_latency = 1;
};

struct TlbFigures {
    std::uint64_t lookups = 0;
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t retry_misses = 0;
    std::uint64_t fills = 0;
    std::uint64_t evictions = 0;

    bool operator==(const TlbFigures&) const = default;
};

/// The page of a process.
using SpacedPage = std::pair<std::size_t, std::uint64_t>;

/// A TLB as its definition reads: each set a list, the most recently used page first.
class ListTlb {
  public:
    explicit ListTlb(TlbShape shape) : shape_(shape), sets_(shape.sets) {}

    [[nodiscard]] bool look_up(SpacedPage page, bool retry);
    void fill(SpacedPage page);

    [[nodiscard]] std::uint64_t hit_latency() const { return shape_.hit_latency; }
    [[nodiscard]] const TlbFigures& figures() const { return figures_; }

  private:
    [[nodiscard]] std::list<SpacedPage>& set_of(SpacedPage page) {
        return sets_[page.second % shape_.sets];
    }

    TlbShape shape_;
    std::vector<std::list<SpacedPage>> sets_;
    TlbFigures figures_;
};

struct PlainShape {
    TlbShape l1i{};
    TlbShape l1d{};
    TlbShape l2{.sets = 128, .ways = 12, .hit_latency = 7};
    std::uint64_t memory_latency = 20;
    std::uint64_t time_slice = 1'000'000;
    bool accesses_memory = false;  ///< each translation is followed by an access
};

struct PlainFigures {
    std::uint64_t translations = 0;
    std::uint64_t retries = 0;
    std::uint64_t cycles = 0;
    std::uint64_t entries_read = 0;
    std::uint64_t context_switches = 0;
    std::array<TlbFigures, 3> tlbs{};                                        ///< l1i, l1d, l2
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> classes;  ///< count, cycles
};

class PlainReference {
  public:
    explicit PlainReference(const PlainShape& shape);

    /// Runs the programs in turns, each as a process of its own.
    [[nodiscard]] PlainFigures run(const std::vector<std::vector<Access>>& programs);

  private:
    struct Try {
        std::string outcome;  ///< "fault" if the page is not there
        std::uint64_t latency = 0;
    };

    void access(std::size_t process, const Access& access);
    void translate(SpacedPage page, bool fetch);
    [[nodiscard]] Try attempt(SpacedPage page, bool fetch, bool retry);
    [[nodiscard]] std::uint64_t readable_entries(SpacedPage page) const;
    void make_present(SpacedPage page);

    PlainShape shape_;
    ListTlb l1i_;
    ListTlb l1d_;
    ListTlb l2_;
    std::set<SpacedPage> pages_;
    std::set<SpacedPage> leaf_tables_;
    std::set<SpacedPage> middle_tables_;
    std::uint64_t now_ = 0;
    PlainFigures figures_;
};

}  // namespace mmusim::tests
