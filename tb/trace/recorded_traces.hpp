// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "tb/trace/open_trace.hpp"
#include "tb/trace/user_half.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// Traces that are read once and then run several times, as by processes that share this memory.
class RecordedTraces {
  public:
    /// So many accesses of all traces together are kept: 16 bytes each, half a GiB.
    static constexpr std::uint64_t most_accesses = std::uint64_t{1} << 25U;

    explicit RecordedTraces(std::uint64_t most = most_accesses) : left_(most) {}

    /// Reads a trace, or as much of it as a run of `limit` accesses (0: all) may use, and keeps it
    /// if there is room. Once for each path. Throws what reading it throws.
    void record(const std::string& trace, std::optional<TraceFormat> format, std::uint64_t limit);

    [[nodiscard]] bool holds(const std::string& trace) const { return traces_.contains(trace); }

    /// The accesses of a trace that is kept; null if it is not, or if an access lies outside of the
    /// user half: whoever reads the file itself can say where.
    [[nodiscard]] std::unique_ptr<AccessSource> open(const std::string& trace,
                                                     UserHalf user_half) const;

  private:
    struct Recording {
        std::vector<Access> accesses;
        Access highest;  ///< the one that ends last
    };

    std::map<std::string, Recording> traces_;
    std::uint64_t left_;
};

}  // namespace mmusim::tb
