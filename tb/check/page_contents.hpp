// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/check/word_value.hpp"

#include <vector>

namespace mmusim::tb {

/// The words of one page. It takes host memory for those that were stored to only.
class PageContents {
  public:
    /// Zeros.
    PageContents() = default;
    /// What storage holds before anybody has written there.
    explicit PageContents(StoragePage origin) : origin_(origin), origin_words_(words_per_page) {}

    [[nodiscard]] WordValue at(unsigned word) const;
    void set(unsigned word, WordValue value);
    void set(WordSpan words, WordValue value);

    /// From this word on all is zero.
    void clear_from(unsigned first_cleared);

    /// Alike in what was done to them; then they hold the same.
    bool operator==(const PageContents&) const = default;

  private:
    struct Stored {
        unsigned word = 0;
        WordValue value;

        bool operator==(const Stored&) const = default;
    };

    StoragePage origin_;
    unsigned origin_words_ = 0;   // the first so many were the origin's; the others zeros
    std::vector<Stored> stored_;  // what was stored since, in the order of the words
};

}  // namespace mmusim::tb
