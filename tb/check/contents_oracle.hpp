// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "sw/processes/process.hpp"
#include "sw/spaces/region.hpp"
#include "sw/spaces/region_map.hpp"
#include "tb/check/copy_on_write.hpp"
#include "tb/check/mapped_regions.hpp"
#include "tb/check/possible_page.hpp"
#include "tb/check/recent.hpp"
#include "tb/check/word_value.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace mmusim::tb {

/// What programs must find in their memory, by what Linux promises of its calls: it knows nothing
/// of frames, page tables and swap. It is told of each call that has succeeded, when it has, and of
/// each store. Objects, processes and addresses that it does not know are ModelErrors.
///
/// - A private page holds zeros, or shows the object's page, until the process writes there; then
///   the process has a copy of its own. What others write to the object meanwhile is seen.
/// - A fork copies all that is private.
/// - Behind a file's end its last page holds zeros. What is stored there may be seen by all until
///   the page leaves memory, which nobody but the operating system knows: it may be zero again at
///   any time. So may be a page that was given free (MADV_FREE), until it is written again.
class ContentsOracle {
  public:
    /// A file whose pages lie one after the other on storage, where nobody has written yet.
    void make_file(sw::ObjectId id, std::uint64_t bytes, std::uint64_t first_storage_page);
    /// Zeros, of any size.
    void make_shared_memory(sw::ObjectId id);

    void make_process(sw::ProcessId id);
    /// Also makes the child.
    void fork(sw::ProcessId parent, sw::ProcessId child);
    /// Nothing is mapped any more.
    void exec(sw::ProcessId id);
    void exit(sw::ProcessId id);

    /// In place of what lies there. A region that grows is mapped where it has grown to. A shared
    /// region without an object gets one of its own.
    void map(sw::ProcessId id, const sw::Region& region);
    void unmap(sw::ProcessId id, sw::PageSpan span);
    /// To the pages from `to` on, in place of what lies there; the two do not overlap.
    void move(sw::ProcessId id, sw::PageSpan from, VirtualAddress to);
    /// MADV_DONTNEED: private pages are again what they were before they were written.
    void dontneed(sw::ProcessId id, sw::PageSpan span);
    /// MADV_FREE, for private pages without an object; the others stay as they are.
    void free(sw::ProcessId id, sw::PageSpan span);
    /// Private pages of objects are copied now: a fault has announced a write, or they were
    /// populated or locked and may be written (MAP_POPULATE, mlock).
    void copy_private(sw::ProcessId id, sw::PageSpan span);

    /// Whether the process has memory there: a region, and of a file's no page behind its end.
    [[nodiscard]] bool reaches(sw::ProcessId id, VirtualAddress address) const;
    /// The bytes lie in one page, which the process reaches.
    void store(sw::ProcessId id, VirtualAddress address, std::uint64_t bytes, WordValue value);
    /// A load of the word that holds the address has found the value: whether it may. If so, what
    /// this tells of the page is learnt. The process reaches the address.
    [[nodiscard]] bool find(sw::ProcessId id, VirtualAddress address, WordValue value);
    /// What a load of that word may find.
    [[nodiscard]] std::vector<WordValue> expected(sw::ProcessId id, VirtualAddress address);

    /// The last calls that concerned the page, a line each.
    [[nodiscard]] std::vector<std::string> history(sw::ProcessId id, VirtualAddress address) const;

  private:
    using Page = CopyOnWrite<PossiblePage>;
    using Pages = std::unordered_map<std::uint64_t, Page>;  // by number

    struct File {
        std::uint64_t bytes = 0;
        std::uint64_t first_storage_page = 0;
    };
    struct Object {
        std::optional<File> file{};  // none: zeros at first
        Pages pages{};               // that were looked at
    };
    struct Call {
        sw::PageSpan span;
        std::string text;
    };
    struct Process {
        MappedRegions regions{};
        Pages own{};  // the private ones that were copied or stored to
        Recent<Call, 32> calls{};
    };

    void add_object(sw::ObjectId id, const Object& object);
    [[nodiscard]] const Object& object(sw::ObjectId id) const;
    [[nodiscard]] Process& process(sw::ProcessId id);
    [[nodiscard]] const Process& process(sw::ProcessId id) const;
    void remember(sw::ProcessId id, sw::PageSpan span, const std::string& call);

    static void clear(Process& process, sw::PageSpan span);
    [[nodiscard]] static PossiblePage untouched(const std::optional<File>& file,
                                                std::uint64_t number);
    [[nodiscard]] bool has_page(const sw::Region& region, VirtualAddress address) const;
    Page& page_of_object(const sw::Region& region, VirtualAddress address);
    Page& own_page(Process& process, const sw::Region& region, VirtualAddress address);
    [[nodiscard]] Page* page_seen(sw::ProcessId id, VirtualAddress address);

    std::map<sw::ObjectId, Object> objects_;
    sw::ObjectId next_nameless_{0x8000'0000};  // above all that are made by name
    std::map<sw::ProcessId, Process> processes_;
    WordValue last_stored_;  // tells the moment of a call
};

}  // namespace mmusim::tb
