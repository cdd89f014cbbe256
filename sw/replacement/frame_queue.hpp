// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <list>
#include <unordered_map>
#include <utility>

namespace mmusim::sw {

/// Frames in an order, each at most once; any of them can be taken out or moved in constant time.
class FrameQueue {
  public:
    using Place = std::list<PhysicalPageNumber>::iterator;

    [[nodiscard]] bool empty() const { return order_.empty(); }
    [[nodiscard]] std::size_t size() const { return order_.size(); }
    [[nodiscard]] bool contains(PhysicalPageNumber frame) const {
        return places_.contains(frame.value);
    }

    [[nodiscard]] PhysicalPageNumber front() const { return order_.front(); }
    [[nodiscard]] Place begin() { return order_.begin(); }
    [[nodiscard]] Place end() { return order_.end(); }

    void push_back(PhysicalPageNumber frame) { insert(order_.end(), frame); }

    void insert(Place before, PhysicalPageNumber frame) {
        places_[frame.value] = order_.insert(before, frame);
    }

    /// The frame is in the queue.
    void move_to_back(PhysicalPageNumber frame) {
        order_.splice(order_.end(), order_, places_.at(frame.value));
    }

    /// Another frame, which is not in the queue, takes the place of one that is.
    void replace(PhysicalPageNumber from, PhysicalPageNumber to) {
        auto place = places_.extract(from.value);
        place.key() = to.value;
        *place.mapped() = to;
        places_.insert(std::move(place));
    }

    /// Takes the frame out, if it is in the queue; the place after it, or the end.
    Place remove(PhysicalPageNumber frame) {
        const auto found = places_.find(frame.value);
        if (found == places_.end()) {
            return order_.end();
        }
        const Place place = found->second;
        places_.erase(found);
        return order_.erase(place);
    }

    [[nodiscard]] Place place_of(PhysicalPageNumber frame) { return places_.at(frame.value); }

  private:
    std::list<PhysicalPageNumber> order_;
    std::unordered_map<std::uint64_t, Place> places_;
};

}  // namespace mmusim::sw
