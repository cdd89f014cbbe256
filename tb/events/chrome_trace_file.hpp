// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "tb/events/slice_collector.hpp"
#include "tb/output/output_file.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace mmusim::tb {

/// A row of slices in a viewer: a process, and within it one of the accesses that it may have
/// under way. Both count from 1; viewers keep 0 for themselves.
struct TraceRow {
    std::uint64_t process = 1;
    std::uint64_t thread = 1;

    constexpr auto operator<=>(const TraceRow&) const = default;
};

/// A file in the Trace Event Format of Chrome's about:tracing, as a JSON object, an event a line.
/// The format counts in microseconds; here each of them is a cycle, so that all are whole numbers.
class ChromeTraceFile {
  public:
    explicit ChromeTraceFile(const std::string& path);

    /// A complete event ("ph": "X"). The slices of a row lie in each other or apart, and are given
    /// each after those that it lies in.
    void write(TraceRow row, const Slice& slice);

    void name_process(std::uint64_t process, const std::string& name);

    /// All events are written. Readers leave `other_data` alone; people read it.
    void commit(const nlohmann::ordered_json& other_data);

  private:
    void write_event(const nlohmann::ordered_json& event);
    void name_row(TraceRow row);

    OutputFile file_;
    bool first_ = true;
    std::set<TraceRow> named_;
};

}  // namespace mmusim::tb
