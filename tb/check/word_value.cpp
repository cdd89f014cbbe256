// SPDX-License-Identifier: Apache-2.0
#include "tb/check/word_value.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

namespace mmusim::tb {

namespace {

std::string initial_text(Medium medium, std::uint64_t number) {
    return fmt::format("what word {} of {} held at first", number % words_per_page,
                       to_text(StoragePage{.medium = medium, .page = number / words_per_page}));
}

}  // namespace

std::string to_text(WordValue value) {
    switch (value.source) {
        case WordValue::Source::access: return fmt::format("what access {} stored", value.number);
        case WordValue::Source::files: return initial_text(Medium::files, value.number);
        case WordValue::Source::swap: return initial_text(Medium::swap, value.number);
        case WordValue::Source::zero: break;
    }
    return "zero";
}

std::string to_text(StoragePage page) {
    return fmt::format("page {} of {}", page.page, page.medium);
}

std::string moment_after(WordValue last_stored) {
    return last_stored.source == WordValue::Source::access
               ? fmt::format("after access {}", last_stored.number)
               : "before any access stored";
}

WordSpan words_touched(std::uint64_t page_offset, std::uint64_t bytes) {
    const bool inside = bytes > 0 && page_offset < page_bytes && bytes <= page_bytes - page_offset;
    if (!inside) {
        throw ModelError(
            fmt::format("{} bytes at offset {} of a page: expected to stay in the page, one "
                        "at least",
                        bytes, page_offset));
    }
    return {.first = static_cast<unsigned>(page_offset / word_bytes),
            .end = words_reached(page_offset + bytes)};
}

}  // namespace mmusim::tb
