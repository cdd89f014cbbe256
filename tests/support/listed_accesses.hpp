// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"

#include <span>
#include <utility>
#include <vector>

namespace mmusim::tests {

/// A program that is given whole.
class ListedAccesses final : public AccessSource {
  public:
    explicit ListedAccesses(std::vector<Access> accesses)
        : own_(std::move(accesses)), left_(own_) {}

    /// Of a list that outlives this one: millions need not be copied.
    explicit ListedAccesses(std::span<const Access> accesses) : left_(accesses) {}

    [[nodiscard]] std::span<const Access> next_batch() override { return std::exchange(left_, {}); }

  private:
    std::vector<Access> own_;
    std::span<const Access> left_;
};

}  // namespace mmusim::tests
