// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sw/processes/process_id.hpp"
#include "sw/reclaim/replacement_scope.hpp"
#include "sw/replacement/page_replacement.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace mmusim::sw {

/// The pages that may be made to leave, kept by one policy for all processes, or by one for each.
/// A page belongs to the process that brought it in.
class ReplacementLists {
  public:
    using MakePolicy = std::function<std::unique_ptr<PageReplacement>()>;

    ReplacementLists(ReplacementScope scope, MakePolicy make_policy)
        : scope_(scope), make_policy_(std::move(make_policy)) {
        lists_.push_back(make_policy_());
    }

    void loaded(PhysicalPageNumber frame, PageKind kind, ProcessId owner);
    /// Also for a frame that was never loaded.
    void released(PhysicalPageNumber frame);
    /// A page has gone to another frame, which holds none; also where it was never loaded.
    void moved(PhysicalPageNumber from, PhysicalPageNumber to);
    [[nodiscard]] std::optional<PhysicalPageNumber> victim(PagesInMemory& pages, ProcessId wants);

    void tick(PagesInMemory& pages);
    void accessed(PhysicalPageNumber frame);
    [[nodiscard]] bool watches_accesses() const { return lists_.front()->watches_accesses(); }
    [[nodiscard]] bool load_is_no_access() const { return lists_.front()->load_is_no_access(); }

  private:
    [[nodiscard]] std::size_t list_of(ProcessId process);

    ReplacementScope scope_;
    MakePolicy make_policy_;
    std::vector<std::unique_ptr<PageReplacement>> lists_;
    std::unordered_map<std::uint64_t, std::size_t> list_by_frame_;
};

}  // namespace mmusim::sw
