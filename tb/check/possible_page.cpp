// SPDX-License-Identifier: Apache-2.0
#include "tb/check/possible_page.hpp"

#include <algorithm>
#include <utility>

namespace mmusim::tb {

void PossiblePage::may_lose_from(unsigned first) {
    losable_from_ = first;
    add_losses();
}

void PossiblePage::store(WordSpan words, WordValue value) {
    for (PageContents& contents : possible_) {
        contents.set(words, value);
    }
    if (!certain()) {
        remove_doubles();
    }
    add_losses();
}

bool PossiblePage::find(unsigned word, WordValue value) {
    if (!may_hold(word, value)) {
        return false;
    }
    std::erase_if(possible_,
                  [&](const PageContents& contents) { return contents.at(word) != value; });
    add_losses();
    return true;
}

std::vector<WordValue> PossiblePage::at(unsigned word) const {
    std::vector<WordValue> values;
    for (const PageContents& contents : possible_) {
        const WordValue value = contents.at(word);
        if (std::find(values.begin(), values.end(), value) == values.end()) {
            values.push_back(value);
        }
    }
    return values;
}

bool PossiblePage::may_hold(unsigned word, WordValue value) const {
    return std::any_of(possible_.begin(), possible_.end(),
                       [&](const PageContents& contents) { return contents.at(word) == value; });
}

void PossiblePage::add(PageContents contents) {
    if (std::find(possible_.begin(), possible_.end(), contents) == possible_.end()) {
        possible_.push_back(std::move(contents));
    }
}

void PossiblePage::add_losses() {
    if (!losable_from_) {
        return;
    }
    for (PageContents contents : std::vector(possible_)) {
        contents.clear_from(*losable_from_);
        add(std::move(contents));
    }
}

void PossiblePage::remove_doubles() {
    for (PageContents& contents : std::exchange(possible_, {})) {
        add(std::move(contents));
    }
}

}  // namespace mmusim::tb
