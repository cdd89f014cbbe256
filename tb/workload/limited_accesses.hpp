// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace mmusim::tb {

/// The first `limit` accesses of another source; all of them if the limit is 0. The other source
/// must outlive it.
class LimitedAccesses final : public AccessSource {
  public:
    LimitedAccesses(AccessSource& source, std::uint64_t limit)
        : source_(source), limited_(limit != 0), left_(limit) {}

    [[nodiscard]] std::span<const Access> next_batch() override {
        if (limited_ && left_ == 0) {
            return {};
        }
        const std::span<const Access> batch = source_.next_batch();
        if (!limited_) {
            return batch;
        }
        const std::uint64_t taken = std::min<std::uint64_t>(left_, batch.size());
        left_ -= taken;
        return batch.first(taken);
    }

  private:
    AccessSource& source_;
    bool limited_;
    std::uint64_t left_;
};

}  // namespace mmusim::tb
