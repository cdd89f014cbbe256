// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace mmusim::tb {

/// The last events of a sequence, at most `limit` of them, the oldest first.
template <typename Event, std::size_t limit>
class Recent {
  public:
    void add(Event event) {
        if (events_.size() == limit) {
            events_.erase(events_.begin());
        }
        events_.push_back(std::move(event));
    }

    [[nodiscard]] const std::vector<Event>& all() const { return events_; }

  private:
    std::vector<Event> events_;
};

}  // namespace mmusim::tb
