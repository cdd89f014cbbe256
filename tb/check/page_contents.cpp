// SPDX-License-Identifier: Apache-2.0
#include "tb/check/page_contents.hpp"

#include <algorithm>

namespace mmusim::tb {

namespace {

template <typename StoredWords>
auto not_before(StoredWords& stored, unsigned word) {
    return std::lower_bound(stored.begin(), stored.end(), word,
                            [](const auto& each, unsigned bound) { return each.word < bound; });
}

}  // namespace

WordValue PageContents::at(unsigned word) const {
    const auto found = not_before(stored_, word);
    if (found != stored_.end() && found->word == word) {
        return found->value;
    }
    return word < origin_words_ ? initial_value(origin_, word) : WordValue{};
}

void PageContents::set(unsigned word, WordValue value) {
    const auto found = not_before(stored_, word);
    if (found != stored_.end() && found->word == word) {
        found->value = value;
    } else {
        stored_.insert(found, {.word = word, .value = value});
    }
}

void PageContents::set(WordSpan words, WordValue value) {
    for (unsigned word = words.first; word < words.end; ++word) {
        set(word, value);
    }
}

void PageContents::clear_from(unsigned first_cleared) {
    origin_words_ = std::min(origin_words_, first_cleared);
    stored_.erase(not_before(stored_, first_cleared), stored_.end());
}

}  // namespace mmusim::tb
