// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"

#include <cstdint>
#include <span>

namespace mmusim::hw {

/// One program's accesses, and how far it has come in them.
class AccessStream {
  public:
    explicit AccessStream(AccessSource& source) : source_(source) {}

    /// Whether the last access was taken. May read on in the source, and throw what that throws.
    [[nodiscard]] bool ended() {
        if (next_ < batch_.size()) {
            return false;
        }
        batch_ = source_.next_batch();
        next_ = 0;
        return batch_.empty();
    }

    /// The next access; there is one.
    [[nodiscard]] Access take() {
        ++taken_;
        return batch_[next_++];
    }

    /// The access that was taken last, or one before it, was not made after all.
    void give_back() { --taken_; }

    [[nodiscard]] std::uint64_t taken() const { return taken_; }
    /// Counts anew, from those that were taken and are yet to be made.
    void reset_taken(std::uint64_t to_be_made = 0) { taken_ = to_be_made; }

  private:
    AccessSource& source_;
    std::span<const Access> batch_;
    std::size_t next_ = 0;
    std::uint64_t taken_ = 0;
};

}  // namespace mmusim::hw
