// SPDX-License-Identifier: Apache-2.0
#include "tb/system/translation_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace mmusim::tb {

TranslationLog::TranslationLog(const std::string& path) : file_(path) {
    std::string head =
        "access,asid,type,virtual_address,physical_address,page_size,outcome,issued,done,latency";
    for (const std::string_view stage : names_of<Stage>) {
        head.append(",").append(stage);
    }
    head.append("\n");
    file_.write(head);
}

void TranslationLog::write(const hw::FinishedTranslation& finished) {
    const hw::TranslationExtension& translation = finished.translation;
    const hw::TranslationRequest& request = translation.request;
    fmt::memory_buffer row;
    auto out = std::back_inserter(row);

    fmt::format_to(out, "{},{},{},{},", finished.access, request.context.asid, request.type,
                   request.address);
    if (translation.page) {
        fmt::format_to(out, "{},{},", translation.page->physical_address(request.address),
                       translation.page->size);
    } else {
        fmt::format_to(out, ",,");
    }
    if (finished.outcome == hw::Outcome::hit) {
        fmt::format_to(out, "l{}_hit", translation.levels);
    } else {
        fmt::format_to(out, "{}", finished.outcome);
    }
    fmt::format_to(out, ",{},{},{}", finished.issued, finished.done,
                   finished.done - finished.issued);
    for (const Cycles spent : translation.latency.stages.values) {
        fmt::format_to(out, ",{}", spent);
    }
    fmt::format_to(out, "\n");
    rows_.push_back({.done = finished.done, .number = next_number_++, .text = fmt::to_string(row)});
    std::push_heap(rows_.begin(), rows_.end(), later);
    write_rows_until(finished.known);
}

void TranslationLog::commit() {
    write_rows_until(std::nullopt);
    file_.commit();
}

// Nothing that is still to come was done before `now`.
void TranslationLog::write_rows_until(std::optional<Cycles> now) {
    while (!rows_.empty() && (!now || rows_.front().done < *now)) {
        std::pop_heap(rows_.begin(), rows_.end(), later);
        file_.write(rows_.back().text);
        rows_.pop_back();
    }
}

bool TranslationLog::later(const Row& left, const Row& right) {
    return left.done != right.done ? left.done > right.done : left.number > right.number;
}

}  // namespace mmusim::tb
