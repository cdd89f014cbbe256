// SPDX-License-Identifier: Apache-2.0
#include "sw/reclaim/replacement_lists.hpp"

#include <utility>

namespace mmusim::sw {

void ReplacementLists::loaded(PhysicalPageNumber frame, PageKind kind, ProcessId owner) {
    const std::size_t list = list_of(owner);
    list_by_frame_[frame.value] = list;
    lists_[list]->loaded(frame, kind);
}

void ReplacementLists::released(PhysicalPageNumber frame) {
    const auto found = list_by_frame_.find(frame.value);
    if (found != list_by_frame_.end()) {
        lists_[found->second]->released(frame);
        list_by_frame_.erase(found);
    }
}

void ReplacementLists::moved(PhysicalPageNumber from, PhysicalPageNumber to) {
    auto list = list_by_frame_.extract(from.value);
    if (list) {
        lists_[list.mapped()]->moved(from, to);
        list.key() = to.value;
        list_by_frame_.insert(std::move(list));
    }
}

std::optional<PhysicalPageNumber> ReplacementLists::victim(PagesInMemory& pages, ProcessId wants) {
    const std::size_t own = list_of(wants);
    if (const auto frame = lists_[own]->victim(pages)) {
        return frame;
    }
    for (std::size_t list = 0; list < lists_.size(); ++list) {
        if (list == own) {
            continue;
        }
        if (const auto frame = lists_[list]->victim(pages)) {
            return frame;
        }
    }
    return std::nullopt;
}

void ReplacementLists::tick(PagesInMemory& pages) {
    for (const std::unique_ptr<PageReplacement>& list : lists_) {
        list->tick(pages);
    }
}

void ReplacementLists::accessed(PhysicalPageNumber frame) {
    const auto found = list_by_frame_.find(frame.value);
    if (found != list_by_frame_.end()) {
        lists_[found->second]->accessed(frame);
    }
}

std::size_t ReplacementLists::list_of(ProcessId process) {
    const std::size_t list = scope_ == ReplacementScope::global ? 0 : process.value;
    while (lists_.size() <= list) {
        lists_.push_back(make_policy_());
    }
    return list;
}

}  // namespace mmusim::sw
