// SPDX-License-Identifier: Apache-2.0
// An operating system that is as lazy as a real one and has nothing else: it copies when it must,
// swaps, writes back, maps blocks whole. It takes no part of the project's own, and can be given a
// defect. The checker is told of everything.
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/enumeration.hpp"
#include "hw/base/random.hpp"
#include "hw/base/types.hpp"
#include "sw/processes/process.hpp"
#include "sw/spaces/region.hpp"
#include "sw/spaces/region_map.hpp"
#include "tb/check/contents_checker.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace mmusim::tests {

/// What goes wrong, at one occasion in four.
enum class Defect : std::uint8_t {
    none,
    copy_on_write_forgotten,      ///< a page of several owners is written where it is
    fork_shares_writable,         ///< a fork leaves what it shares writable
    write_back_lost,              ///< a dirty page of a file leaves memory and is not written
    stale_swap_slot,              ///< a page is swapped to a slot that keeps what was there
    zeroing_forgotten,            ///< new memory holds what somebody else left
    split_copies_the_wrong_half,  ///< a page of a block is copied from the block's other half
    lazy_free_forgets_the_store,  ///< a page given free is dropped although it was written again
    swap_slot_freed_early,        ///< the first of a slot's owners to come back frees it
    tail_not_zeroed,              ///< behind a file's end a page has what storage has there
};

[[nodiscard]] constexpr auto enumerator_names(Defect) {
    return std::array<std::string_view, 10>{"none",
                                            "copy_on_write_forgotten",
                                            "fork_shares_writable",
                                            "write_back_lost",
                                            "stale_swap_slot",
                                            "zeroing_forgotten",
                                            "split_copies_the_wrong_half",
                                            "lazy_free_forgets_the_store",
                                            "swap_slot_freed_early",
                                            "tail_not_zeroed"};
}

/// How often it did what makes data move.
struct LazyWork {
    std::uint64_t accesses = 0;
    std::uint64_t copies = 0;
    std::uint64_t reuses = 0;
    std::uint64_t blocks = 0;
    std::uint64_t block_copies = 0;  // of one of its pages, by one of several owners
    std::uint64_t swapped_out = 0;
    std::uint64_t swapped_in = 0;
    std::uint64_t files_read = 0;
    std::uint64_t files_written = 0;
    std::uint64_t lazily_freed = 0;
};

class LazySystem {
  public:
    LazySystem(Defect defect, std::uint64_t seed, tb::ContentsChecker& checker);

    sw::ObjectId make_file(std::uint64_t bytes);
    sw::ObjectId make_shared_memory();

    sw::ProcessId make_process();
    sw::ProcessId fork(sw::ProcessId parent);
    void exec(sw::ProcessId id);
    void exit(sw::ProcessId id);

    void map(sw::ProcessId id, const sw::Region& region, bool populate);
    void unmap(sw::ProcessId id, sw::PageSpan span);
    void move(sw::ProcessId id, sw::PageSpan from, VirtualAddress to);
    void dontneed(sw::ProcessId id, sw::PageSpan span);
    void free(sw::ProcessId id, sw::PageSpan span);
    void sync(sw::ObjectId id);
    void drop(sw::ObjectId id);
    /// Takes some frame from its owners.
    void reclaim();

    /// Does nothing where the access ends in a signal. The bytes lie in one page.
    void access(sw::ProcessId id, VirtualAddress address, std::uint64_t bytes, AccessType type);

    [[nodiscard]] const LazyWork& work() const { return work_; }

  private:
    enum class State : std::uint8_t { untouched, in_frame, swapped };

    struct Page {
        sw::Sharing sharing = sw::Sharing::private_;
        std::optional<std::uint32_t> object{};
        std::uint64_t object_page = 0;
        State state = State::untouched;
        std::uint64_t place = 0;  // the frame, or the slot
        bool writable = false;
        bool in_block = false;  // mapped together with its neighbours
    };
    using Pages = std::map<std::uint64_t, Page>;  // by number

    /// Who maps a frame.
    struct Owner {
        std::uint32_t process = 0;
        std::uint64_t page = 0;

        bool operator==(const Owner&) const = default;
    };
    struct ObjectPage {
        std::uint32_t object = 0;
        std::uint64_t page = 0;
    };
    struct Frame {
        std::vector<Owner> owners{};
        std::optional<ObjectPage> cached{};
        bool dirty = false;
        bool given_free = false;
    };
    struct Object {
        std::optional<std::uint64_t> bytes{};  // of a file
        std::uint64_t first_storage_page = 0;
        std::map<std::uint64_t, std::uint64_t> frames{};  // by page
        std::map<std::uint64_t, std::uint64_t> slots{};
    };

    [[nodiscard]] bool strikes(Defect defect);
    [[nodiscard]] Page& page_of(Owner owner) { return processes_.at(owner.process).at(owner.page); }
    [[nodiscard]] bool reaches(Owner owner) const;
    [[nodiscard]] std::vector<std::uint64_t> pages_in(sw::ProcessId id, sw::PageSpan span) const;

    void make_present(Owner owner, bool to_write);
    void give_zeros(Owner owner, bool to_write);
    [[nodiscard]] bool give_block(Owner owner);
    void swap_in(Owner owner);
    void make_writable(Owner owner);
    void copy(Owner owner);

    void put(Owner owner, std::uint64_t frame, bool writable);
    void let_go(Owner owner);
    void leave_frame(Owner owner);
    void split(Owner owner);

    [[nodiscard]] std::uint64_t take_frame();
    [[nodiscard]] std::uint64_t take_block();
    [[nodiscard]] std::uint64_t take_zeroed_frame();
    void zero(std::uint64_t frame);
    void reclaim_any();
    void evict(std::uint64_t number);
    void evict_of_object(std::uint64_t number);
    void swap_out(std::uint64_t number);
    void free_if_unused(std::uint64_t number);

    [[nodiscard]] std::uint64_t bring_in(ObjectPage page);
    void write_back(std::uint64_t number);
    [[nodiscard]] tb::StoragePage storage_of(ObjectPage page) const;

    [[nodiscard]] std::uint64_t take_slot(std::uint64_t owners);
    void leave_slot(std::uint64_t slot);
    void write_slot(std::uint64_t frame, std::uint64_t slot);

    Defect defect_;
    Random random_;
    tb::ContentsChecker& checker_;
    LazyWork work_;

    std::vector<Frame> frames_;
    std::set<std::uint64_t> free_frames_;
    std::optional<std::uint64_t> pinned_;                 // not to be reclaimed
    std::map<std::uint64_t, std::uint64_t> slot_owners_;  // of slots that are taken
    std::vector<Object> objects_;
    std::uint64_t storage_pages_ = 0;
    std::map<std::uint32_t, Pages> processes_;
    std::uint32_t processes_made_ = 0;
};

}  // namespace mmusim::tests
