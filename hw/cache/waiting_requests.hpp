// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/cache/cache_array.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

namespace mmusim::hw {

/// Requests that wait for an MSHR: in the order in which they came, but those of one line leave
/// together. A `Request` has a `line`. What is asked and done takes as long among a thousand lines,
/// as when a huge page is copied, as among two.
template <class Request>
class WaitingRequests {
  public:
    [[nodiscard]] bool empty() const { return queue_.empty(); }

    [[nodiscard]] bool contains(LineNumber line) const {
        return !queue_.empty() && last_of_line_.contains(line.value);
    }

    void add(const Request& request) {
        const std::uint64_t number = first_number_ + queue_.size();
        queue_.push_back({.request = request});
        const auto [last, is_first_of_line] = last_of_line_.try_emplace(request.line.value, number);
        if (!is_first_of_line) {
            numbered(last->second).next_of_line = number;
            last->second = number;
        }
    }

    /// The request that came first; not of an empty queue.
    [[nodiscard]] const Request& first() const { return queue_.front().request; }

    /// Takes out the first request and then the others of its line, in their order, and gives each
    /// to `receive`.
    template <class Receive>
    void take_first_line(const Receive& receive) {
        last_of_line_.erase(first().line.value);
        std::optional<std::uint64_t> number = first_number_;
        while (number) {
            Waiting& waiting = numbered(*number);
            waiting.taken = true;
            number = waiting.next_of_line;
            receive(waiting.request);
        }
        while (!queue_.empty() && queue_.front().taken) {
            queue_.pop_front();
            ++first_number_;
        }
    }

  private:
    struct Waiting {
        Request request;
        std::optional<std::uint64_t> next_of_line{};
        bool taken = false;
    };

    [[nodiscard]] Waiting& numbered(std::uint64_t number) { return queue_[number - first_number_]; }

    // Requests are numbered as they come.
    std::deque<Waiting> queue_;
    std::uint64_t first_number_ = 0;
    std::unordered_map<std::uint64_t, std::uint64_t> last_of_line_;
};

}  // namespace mmusim::hw
