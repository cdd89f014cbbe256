// SPDX-License-Identifier: Apache-2.0
#include "tb/check/contents_checker.hpp"

#include "tb/check/translation_checker.hpp"

#include <fmt/format.h>

#include <vector>

namespace mmusim::tb {

namespace {

std::string any_of(const std::vector<WordValue>& values) {
    std::string text;
    for (const WordValue value : values) {
        text += (text.empty() ? "" : " or ") + to_text(value);
    }
    return text;
}

void tell(std::string& text, const std::vector<std::string>& history) {
    for (const std::string& event : history) {
        text += "\n  " + event;
    }
}

}  // namespace

void ContentsChecker::finished(const FinishedAccess& access) {
    check_place(access);
    if (access.type == AccessType::write) {
        const WordValue value = stored_by(access.number);
        frames_.store(access.physical_address, access.bytes, value);
        programs_.store(access.process, access.virtual_address, access.bytes, value);
    } else {
        check_words(access);
    }
    ++checked_;
}

void ContentsChecker::check_place(const FinishedAccess& access) const {
    if (!programs_.reaches(access.process, access.virtual_address)) {
        throw CheckFailure(story(access, "the process has no memory there"));
    }
    if (access.virtual_address.page_offset() != access.physical_address.page_offset()) {
        throw CheckFailure(story(access, "the two addresses differ inside the page"));
    }
}

void ContentsChecker::check_words(const FinishedAccess& access) {
    const WordSpan words = words_touched(access.virtual_address.page_offset(), access.bytes);
    const VirtualAddress page = page_number_of(access.virtual_address).address();
    const PhysicalAddress frame = page_number_of(access.physical_address).address();
    for (unsigned word = words.first; word < words.end; ++word) {
        const VirtualAddress place = page + word * word_bytes;
        const WordValue found = frames_.load(frame + word * word_bytes);
        if (!programs_.find(access.process, place, found)) {
            throw CheckFailure(story(
                access, fmt::format("the word at {} holds {}, expected {}", place, to_text(found),
                                    any_of(programs_.expected(access.process, place)))));
        }
    }
}

std::string ContentsChecker::story(const FinishedAccess& access,
                                   const std::string& difference) const {
    std::string text =
        fmt::format("check: access {}, {} of {} bytes at {} by process {}, at {}: {}",
                    access.number, access.type, access.bytes, access.virtual_address,
                    access.process.value, access.physical_address, difference);
    tell(text, frames_.history(page_number_of(access.physical_address)));
    tell(text, programs_.history(access.process, access.virtual_address));
    return text;
}

}  // namespace mmusim::tb
