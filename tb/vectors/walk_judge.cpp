// SPDX-License-Identifier: Apache-2.0
#include "tb/vectors/walk_judge.hpp"

#include <fmt/format.h>

#include <iterator>

namespace mmusim::tb {

namespace {

WalkAnswer answer_of(const WalkTest& test, WalkJudge& judge) {
    if (!test.translated) {
        return {.outcome = PhysicalAddress{test.request.address.value}};
    }
    return judge.translate(test.request);
}

void append_line(std::string& text, std::uint64_t id, const WalkAnswer& answer) {
    const auto end = std::back_inserter(text);
    if (const auto* fault = std::get_if<hw::FaultCause>(&answer.outcome)) {
        fmt::format_to(end, "{} {}\n", id, *fault == hw::FaultCause::page_fault ? "pf" : "af");
        return;
    }
    fmt::format_to(end, "{} ok {:x}", id, std::get<PhysicalAddress>(answer.outcome).value);
    for (const EntryWrite& write : answer.writes) {
        fmt::format_to(end, " ad {:x} {:x}", write.address.value, write.after);
    }
    text += '\n';
}

}  // namespace

std::string answers_of(const WalkVectors& vectors, WalkJudge& judge) {
    std::string text;
    for (const VectorLine& line : vectors.lines) {
        if (std::holds_alternative<NewImage>(line)) {
            judge.begin_image();
        } else if (const auto* word = std::get_if<ImageWord>(&line)) {
            judge.write(*word);
        } else {
            const auto& test = std::get<WalkTest>(line);
            append_line(text, test.id, answer_of(test, judge));
        }
    }
    return text;
}

}  // namespace mmusim::tb
