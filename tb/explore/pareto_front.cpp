// SPDX-License-Identifier: Apache-2.0
#include "tb/explore/pareto_front.hpp"

#include <algorithm>

namespace mmusim::tb {

bool on_pareto_front(const Candidate& candidate, const std::vector<Candidate>& others) {
    return candidate.cost &&
           std::none_of(others.begin(), others.end(), [&candidate](const Candidate& other) {
               const bool no_worse =
                   other.cost && *other.cost <= *candidate.cost && other.misses <= candidate.misses;
               return no_worse &&
                      (*other.cost < *candidate.cost || other.misses < candidate.misses);
           });
}

}  // namespace mmusim::tb
