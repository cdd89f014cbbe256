// SPDX-License-Identifier: Apache-2.0
#include "tb/events/chrome_trace_file.hpp"

#include <fmt/format.h>

namespace mmusim::tb {

namespace {

using Json = nlohmann::ordered_json;

// In one line. Names that are not UTF-8 are made so.
std::string one_line_of(const Json& document) {
    constexpr int one_line = -1;
    return document.dump(one_line, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

ChromeTraceFile::ChromeTraceFile(const std::string& path) : file_(path) {
    file_.write("{\"traceEvents\":[");
}

void ChromeTraceFile::write(TraceRow row, const Slice& slice) {
    name_row(row);
    Json arguments = slice.arguments;
    if (slice.waiting > Cycles{0}) {
        arguments["waiting"] = slice.waiting.value;
    }
    Json event{{"name", slice.name},
               {"cat", slice.category},
               {"ph", "X"},
               {"ts", slice.from.value},
               {"dur", (slice.until - slice.from).value},
               {"pid", row.process},
               {"tid", row.thread}};
    if (!arguments.empty()) {
        event["args"] = std::move(arguments);
    }
    write_event(event);
}

void ChromeTraceFile::name_process(std::uint64_t process, const std::string& name) {
    write_event(
        {{"name", "process_name"}, {"ph", "M"}, {"pid", process}, {"args", Json{{"name", name}}}});
}

void ChromeTraceFile::commit(const Json& other_data) {
    file_.write("\n],\n\"otherData\":" + one_line_of(other_data) + "}\n");
    file_.commit();
}

void ChromeTraceFile::write_event(const Json& event) {
    file_.write(std::exchange(first_, false) ? "\n" : ",\n");
    file_.write(one_line_of(event));
}

void ChromeTraceFile::name_row(TraceRow row) {
    if (!named_.insert(row).second) {
        return;
    }
    write_event({{"name", "thread_name"},
                 {"ph", "M"},
                 {"pid", row.process},
                 {"tid", row.thread},
                 {"args", Json{{"name", fmt::format("access slot {}", row.thread - 1)}}}});
}

}  // namespace mmusim::tb
