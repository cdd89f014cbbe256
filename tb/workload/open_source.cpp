// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/open_source.hpp"

#include "tb/workload/generators.hpp"

namespace mmusim::tb {

std::unique_ptr<AccessSource> open_source(const std::string& trace,
                                          std::optional<TraceFormat> format, std::uint64_t seed,
                                          UserHalf user_half) {
    return names_generator(trace) ? open_generator(trace, seed, user_half)
                                  : open_trace(trace, format, user_half);
}

}  // namespace mmusim::tb
