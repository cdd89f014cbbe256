// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"
#include "tb/workload/script_accesses.hpp"

#include <span>
#include <vector>

namespace mmusim::tb {

/// A store to the beginning of each page of a list.
class PageWrites final : public AccessSource {
  public:
    explicit PageWrites(const std::vector<VirtualPageNumber>& pages) {
        accesses_.reserve(pages.size());
        for (const VirtualPageNumber page : pages) {
            accesses_.push_back({.address = page.address(),
                                 .size_bytes = script_access_bytes,
                                 .type = AccessType::write});
        }
    }

    [[nodiscard]] std::span<const Access> next_batch() override {
        const std::span<const Access> batch = std::span(accesses_).subspan(done_);
        done_ = accesses_.size();
        return batch;
    }

  private:
    std::vector<Access> accesses_;
    std::size_t done_ = 0;
};

}  // namespace mmusim::tb
