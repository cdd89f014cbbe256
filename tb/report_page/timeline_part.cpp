// SPDX-License-Identifier: Apache-2.0
#include "tb/report_page/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr const char* timeline_list = "/timeline";

/// Counts by process in each entry: what their columns are called, and where each has its counts.
struct ProcessColumns {
    std::string_view member;
    std::string_view heading;
};

constexpr ProcessColumns resident_columns{.member = "resident_pages", .heading = "resident"};
constexpr ProcessColumns working_set_columns{.member = "working_set_pages",
                                             .heading = "working set"};

// Processes only ever join the list.
[[nodiscard]] std::size_t processes_in(const DocumentView& view, std::size_t entries,
                                       std::string_view member) {
    std::size_t most = 0;
    for (std::size_t entry = 0; entry < entries; ++entry) {
        most = std::max(most, view.entries(Pointer(timeline_list) / entry / std::string{member}));
    }
    return most;
}

class TimelineTable {
  public:
    explicit TimelineTable(const DocumentView& view)
        : view_(view), entries_(view.entries(Pointer(timeline_list))) {
        find_own_figures();
        find_misses();
        find_processes(resident_columns);
        find_processes(working_set_columns);
    }

    [[nodiscard]] std::string html() const {
        HtmlTable table("The machine after so many accesses", headings());
        for (std::size_t entry = 0; entry < entries_; ++entry) {
            const Pointer place = Pointer(timeline_list) / entry;
            std::vector<Cell> cells;
            for (const Column& column : columns_) {
                cells.push_back(view_.cell(place / column.place));
            }
            table.add_row({.text = view_.cell(place / "accesses").text}, std::move(cells));
        }
        return table.html();
    }

  private:
    struct Column {
        std::string heading;
        Pointer place;  // in an entry
    };

    [[nodiscard]] std::vector<Heading> headings() const {
        std::vector<Heading> result{{.text = "accesses"}};
        for (const Column& column : columns_) {
            result.push_back({.text = column.heading});
        }
        return result;
    }

    void find_own_figures() {
        const nlohmann::ordered_json* const first = view_.find(Pointer(timeline_list) / 0);
        if (first == nullptr || !first->is_object()) {
            return;
        }
        for (const auto& member : first->items()) {
            if (!member.value().is_structured() && member.key() != "accesses") {
                columns_.push_back({.heading = member.key(), .place = Pointer() / member.key()});
            }
        }
    }

    void find_misses() {
        for (const std::string& tlb : view_.names(Pointer(timeline_list) / 0 / "misses")) {
            columns_.push_back(
                {.heading = fmt::format("misses of {}", tlb), .place = Pointer("/misses") / tlb});
        }
    }

    void find_processes(const ProcessColumns& processes) {
        const std::string member{processes.member};
        const std::size_t count = processes_in(view_, entries_, processes.member);
        for (std::size_t process = 0; process < count; ++process) {
            const Pointer last = Pointer(timeline_list) / (entries_ - 1) / member / process;
            columns_.push_back({.heading = fmt::format("{}, {}", view_.cell(last / "name").text,
                                                       processes.heading),
                                .place = Pointer() / member / process / "pages"});
        }
    }

    const DocumentView& view_;
    std::size_t entries_;
    std::vector<Column> columns_;
};

}  // namespace

std::string timeline_part(const DocumentView& view) {
    if (view.entries(Pointer(timeline_list)) == 0) {
        return {};
    }
    const std::vector<std::size_t> documents{view.number()};
    return chart_place({.chart = "resident_over_time",
                        .title = "Pages in memory, by process",
                        .description = "Stacked areas over the accesses of the run: how many pages "
                                       "each process has in memory.",
                        .documents = documents}) +
           chart_place({.chart = "faults_over_time",
                        .title = "Page faults in each interval",
                        .description = "Bars over the accesses of the run: the page faults of each "
                                       "interval.",
                        .documents = documents}) +
           chart_place({.chart = "misses_over_time",
                        .title = "Misses per 1,000 accesses of each interval, by TLB",
                        .description = "A line for each TLB over the accesses of the run: its "
                                       "misses per 1,000 accesses of each interval.",
                        .documents = documents}) +
           folded("The figures behind the charts", TimelineTable(view).html());
}

}  // namespace mmusim::tb
