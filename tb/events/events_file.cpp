// SPDX-License-Identifier: Apache-2.0
#include "tb/events/events_file.hpp"

#include "hw/base/latency.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mmusim::tb {

bool only_a_first_hit(const TranslationEnded& translation, std::span<const Slice> slices) {
    const auto expected = [](const Slice& slice) {
        return slice.category == name_of(Stage::first_tlb_lookup) ||
               slice.category == name_of(Stage::data_access);
    };
    return translation.outcome == hw::Outcome::hit && translation.levels == 1 &&
           std::all_of(slices.begin() + 1, slices.end(), expected);
}

EventsFile::EventsFile(const EventsRequest& request, const hw::PagingParameters& paging,
                       std::uint64_t period_ps)
    : request_(request),
      period_ps_(period_ps),
      file_(request.path),
      collector_(
          paging,
          [this](const TranslationEnded& translation, std::span<const Slice> slices) {
              return wants(translation, slices);
          },
          [this](const TranslationEnded& translation, std::span<const Slice> slices) {
              take(translation, slices);
          }) {}

bool EventsFile::wants(const TranslationEnded& translation, std::span<const Slice> slices) {
    const bool left_out = !request_.first_hits && only_a_first_hit(translation, slices);
    first_hits_left_out_ += left_out ? 1 : 0;
    return !left_out;
}

void EventsFile::take(const TranslationEnded& translation, std::span<const Slice> slices) {
    const TraceRow row{.process = translation.process.value + std::uint64_t{1},
                       .thread = translation.translation.value + std::uint64_t{1}};
    processes_.insert(translation.process.value);
    for (const Slice& slice : slices) {
        file_.write(row, slice);
    }
    ++written_;
    limit_reached_ = written_ == request_.limit;
    if (limit_reached_) {
        collector_.stop();
    }
}

void EventsFile::commit(const std::vector<sw::ProcessStatistics>& processes) {
    for (const std::uint64_t process : processes_) {
        const sw::ProcessStatistics& its = processes.at(process);
        file_.name_process(process + 1, fmt::format("{}, ASID {}", its.name, its.asid));
    }
    file_.commit({{"unit", "each microsecond of this file is a clock cycle"},
                  {"cycle_picoseconds", period_ps_},
                  {"translations", written_},
                  {"hits_in_a_first_tlb_left_out", first_hits_left_out_},
                  {"ended_by_limit", limit_reached_}});
}

}  // namespace mmusim::tb
