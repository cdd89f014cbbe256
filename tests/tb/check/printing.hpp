// SPDX-License-Identifier: Apache-2.0
// How Catch2 shows the values of words.
#pragma once

#include "tb/check/word_value.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace Catch {

template <>
struct StringMaker<mmusim::tb::WordValue> {
    static std::string convert(mmusim::tb::WordValue value) { return mmusim::tb::to_text(value); }
};

template <>
struct StringMaker<mmusim::tb::WordSpan> {
    static std::string convert(mmusim::tb::WordSpan words) {
        return fmt::format("words {} to {}", words.first, words.end);
    }
};

}  // namespace Catch
