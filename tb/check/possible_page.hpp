// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/check/page_contents.hpp"
#include "tb/check/word_value.hpp"

#include <optional>
#include <vector>

namespace mmusim::tb {

/// What a page may hold where the operating system is free to choose: all contents that it can have
/// by now, each in the whole. A load that finds one of them tells which.
class PossiblePage {
  public:
    explicit PossiblePage(PageContents contents) { possible_.push_back(std::move(contents)); }

    /// From now on the words from `first` on may become zero, all at once and at any time.
    void may_lose_from(unsigned first);
    /// From now on nothing is lost; what may be lost already, may.
    void keep() { losable_from_.reset(); }

    /// The words take the value, whatever the others hold.
    void store(WordSpan words, WordValue value);

    /// A load finds the value. False if it cannot: nothing is learnt from it then.
    [[nodiscard]] bool find(unsigned word, WordValue value);

    /// Whether there is one possibility only, so that a load tells nothing.
    [[nodiscard]] bool certain() const { return possible_.size() == 1; }
    /// The values that the word may have, each once, at least one.
    [[nodiscard]] std::vector<WordValue> at(unsigned word) const;
    [[nodiscard]] bool may_hold(unsigned word, WordValue value) const;

  private:
    void add(PageContents contents);
    void add_losses();
    void remove_doubles();

    std::vector<PageContents> possible_;    // all different, at least one
    std::optional<unsigned> losable_from_;  // and what is lost by that is among them
};

}  // namespace mmusim::tb
