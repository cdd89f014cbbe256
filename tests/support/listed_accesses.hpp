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
    explicit ListedAccesses(std::vector<Access> accesses) : accesses_(std::move(accesses)) {}

    [[nodiscard]] std::span<const Access> next_batch() override {
        return std::exchange(given_, true) ? std::span<const Access>{} : accesses_;
    }

  private:
    std::vector<Access> accesses_;
    bool given_ = false;
};

}  // namespace mmusim::tests
