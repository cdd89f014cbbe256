// SPDX-License-Identifier: Apache-2.0
#include "tb/events/walk_log.hpp"

#include "tb/events/entry_words.hpp"

#include <fmt/format.h>

#include <string_view>

namespace mmusim::tb {

namespace {

std::string_view purpose_of(const hw::WalkBegun& walk) {
    if (walk.sets_dirty_bit) {
        return " to set D";
    }
    return walk.again ? " again" : "";
}

std::string end_in_words(const hw::WalkEnded& walk) {
    if (walk.page) {
        return in_words(*walk.page);
    }
    return walk.fault ? in_words(*walk.fault, walk.request.type) : "squashed by a fence";
}

}  // namespace

WalkLog::WalkLog(const std::string& path, const hw::PagingParameters& paging)
    : format_(hw::format_of(paging.mode)), file_(path) {}

void WalkLog::walk_begun(const hw::WalkBegun& walk) {
    line_of(walk.translation) = {
        .begun = walk.at,
        .text =
            fmt::format("cycle {} asid {} walker {} {} {}{}", walk.at, walk.request.context.asid,
                        walk.walker, walk.request.type, walk.request.address, purpose_of(walk))};
}

void WalkLog::walk_shortened(const hw::WalkShortened& walk) {
    line_of(walk.translation).text +=
        fmt::format(" | walk cache leads to table {}", walk.table.address());
}

void WalkLog::entry_read(const hw::EntryRead& entry) {
    std::string& text = line_of(entry.translation).text;
    text += fmt::format(" | level {} at {}{}: ", entry.level, entry.address,
                        entry.cached ? " in the walk cache" : "");
    if (entry.entry) {
        text += fmt::format("{} {} {}", *entry.entry, flags_in_words(entry.entry->flags()),
                            in_words(*entry.entry, entry.level, format_));
    } else {
        text += "no memory there";
    }
}

void WalkLog::entry_updated(const hw::EntryUpdated& update) {
    line_of(update.translation).text +=
        fmt::format(" | level {} at {} {} {}", update.level, update.address,
                    update.exchanged ? "becomes" : "is another by now, and does not become",
                    flags_in_words(update.desired.flags()));
}

void WalkLog::walk_ended(const hw::WalkEnded& walk) {
    if (measuring_) {
        const Line& line = line_of(walk.translation);
        file_.write(fmt::format("{} | {} | {} cycles\n", line.text, end_in_words(walk),
                                walk.at - line.begun));
    }
}

WalkLog::Line& WalkLog::line_of(hw::TranslationNumber translation) {
    if (lines_.size() <= translation.value) {
        lines_.resize(translation.value + 1);
    }
    return lines_[translation.value];
}

}  // namespace mmusim::tb
