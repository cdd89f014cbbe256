// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace mmusim::hw {

/// Objects that are taken and given back over and over, so that nothing is allocated on the path of
/// an access: there are never more than were out at once. Each stays where it is as long as the
/// pool lives.
template <typename T>
class Pool {
  public:
    /// One that is free, the last given back first; if none is, a new one made of `arguments`.
    template <typename... Arguments>
    [[nodiscard]] T& take(Arguments&&... arguments) {
        if (free_.empty()) {
            all_.push_back(std::make_unique<T>(std::forward<Arguments>(arguments)...));
            return *all_.back();
        }
        T& object = *free_.back();
        free_.pop_back();
        return object;
    }

    /// Takes back an object of this pool that was out.
    void give_back(T& object) { free_.push_back(&object); }

    /// The first made of those that fit, free ones too; nullptr if none does.
    template <typename Predicate>
    [[nodiscard]] T* find(Predicate fits) const {
        const auto found = std::find_if(all_.begin(), all_.end(),
                                        [&fits](const auto& object) { return fits(*object); });
        return found == all_.end() ? nullptr : found->get();
    }

    /// How many there are, free ones too.
    [[nodiscard]] std::size_t size() const { return all_.size(); }
    /// In the order in which they were made, free ones too.
    [[nodiscard]] T& operator[](std::size_t number) const { return *all_[number]; }
    [[nodiscard]] const std::vector<std::unique_ptr<T>>& all() const { return all_; }

  private:
    std::vector<std::unique_ptr<T>> all_;
    std::vector<T*> free_;
};

}  // namespace mmusim::hw
