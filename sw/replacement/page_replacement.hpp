// SPDX-License-Identifier: Apache-2.0
// Which page leaves memory when a frame is wanted. A policy knows the pages by the frames that hold
// them and keeps their order; what was accessed it reads in the page tables, like any operating
// system, except for the two ideals of the textbooks, which are shown every access.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/types.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace mmusim::sw {

/// What `os.page_replacement` names. docs/page-replacement.md says what each does.
enum class PageReplacementPolicy : std::uint8_t {
    fifo,             ///< the page that came first
    lru,              ///< the page whose last access is longest ago; shown every access
    clock,            ///< round a circle, sparing once what was accessed; a load is an access
    second_chance,    ///< the same, but a load is no access
    nfu,              ///< the page that the fewest ticks found accessed
    aging,            ///< the same, but a tick counts half as much as the one after it
    active_inactive,  ///< two lists, as Linux has them
    opt,              ///< the page whose next access is furthest ahead; shown the future
};

[[nodiscard]] constexpr auto enumerator_names(PageReplacementPolicy) {
    return std::array<std::string_view, 8>{"fifo", "lru",   "clock",           "second_chance",
                                           "nfu",  "aging", "active_inactive", "opt"};
}

/// Whether the policy has to be told of accesses, or of the end of a fault's access.
[[nodiscard]] constexpr bool watches_accesses(PageReplacementPolicy policy) {
    return policy == PageReplacementPolicy::lru || policy == PageReplacementPolicy::opt ||
           policy == PageReplacementPolicy::second_chance;
}

/// What a page is to a policy that tells pages apart.
enum class PageKind : std::uint8_t {
    anonymous,
    file,
    program_text,  ///< of a file, mapped for execution
};

/// The pages in memory, as a policy sees them.
class PagesInMemory {
  public:
    PagesInMemory() = default;
    PagesInMemory(const PagesInMemory&) = delete;
    PagesInMemory& operator=(const PagesInMemory&) = delete;
    PagesInMemory(PagesInMemory&&) = delete;
    PagesInMemory& operator=(PagesInMemory&&) = delete;
    virtual ~PagesInMemory() = default;

    /// How many of the entries that map the frame had A set. Clears it there, and fences what it
    /// has cleared.
    [[nodiscard]] virtual std::uint64_t take_accessed(PhysicalPageNumber frame) = 0;

    /// Whether the page can be made to leave at all: it is not locked, nobody waits for it, and
    /// where it must be kept there is room.
    [[nodiscard]] virtual bool may_leave(PhysicalPageNumber frame) = 0;

    /// Whether the page has to be written before it leaves.
    [[nodiscard]] virtual bool dirty(PhysicalPageNumber frame) = 0;

    /// How many accesses come before the next one to the page; none if there is none. For the
    /// policy that is shown the future only.
    [[nodiscard]] virtual std::optional<std::uint64_t> next_access(PhysicalPageNumber frame) = 0;
};

class PageReplacement {
  public:
    PageReplacement() = default;
    PageReplacement(const PageReplacement&) = delete;
    PageReplacement& operator=(const PageReplacement&) = delete;
    PageReplacement(PageReplacement&&) = delete;
    PageReplacement& operator=(PageReplacement&&) = delete;
    virtual ~PageReplacement() = default;

    /// The frame holds a page from now on, loaded by a fault.
    virtual void loaded(PhysicalPageNumber frame, PageKind kind) = 0;

    /// The frame does not hold its page any more, whoever wanted that.
    virtual void released(PhysicalPageNumber frame) = 0;

    /// The page of a frame is in another one from now on, which holds none: it keeps its place and
    /// all that is known of it. The frame was loaded.
    virtual void moved(PhysicalPageNumber from, PhysicalPageNumber to) = 0;

    /// The page that is to go; none if none may. It is still there until it is released.
    [[nodiscard]] virtual std::optional<PhysicalPageNumber> victim(PagesInMemory& pages) = 0;

    /// Time has passed: the policies that count look at the A bits.
    virtual void tick(PagesInMemory& pages);

    /// Whether `accessed` is to be called for every access of a program.
    [[nodiscard]] virtual bool watches_accesses() const { return false; }
    virtual void accessed(PhysicalPageNumber frame);

    /// Whether the access that loaded a page is to leave its A bit clear.
    [[nodiscard]] virtual bool load_is_no_access() const { return false; }
};

[[nodiscard]] std::unique_ptr<PageReplacement> make_page_replacement(PageReplacementPolicy policy);

}  // namespace mmusim::sw
