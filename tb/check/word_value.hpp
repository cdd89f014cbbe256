// SPDX-License-Identifier: Apache-2.0
// What memory holds under --check. The grain is a word of 8 bytes, and a word holds the name of who
// gave it its value. An access that touches a part of a word counts as touching all of it.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/types.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace mmusim::tb {

inline constexpr std::uint64_t word_bytes = 8;
inline constexpr unsigned words_per_page = page_bytes / word_bytes;

/// Where pages lie that are not in memory.
enum class Medium : std::uint8_t { files, swap };

[[nodiscard]] constexpr auto enumerator_names(Medium) {
    return std::array<std::string_view, 2>{"files", "swap"};
}

/// A page of the files' storage, or of the swap area.
struct StoragePage {
    Medium medium = Medium::files;
    std::uint64_t page = 0;

    constexpr auto operator<=>(const StoragePage&) const = default;
};

/// The value of a word.
struct WordValue {
    enum class Source : std::uint8_t { zero, access, files, swap };

    Source source = Source::zero;
    /// The number of the access that stored it, or the word's own among those of its medium.
    std::uint64_t number = 0;

    constexpr auto operator<=>(const WordValue&) const = default;
};

[[nodiscard]] constexpr WordValue stored_by(std::uint64_t access) {
    return {.source = WordValue::Source::access, .number = access};
}

/// What a word of storage holds that nobody has written: of a file its contents, of the swap area
/// what no program may ever find.
[[nodiscard]] constexpr WordValue initial_value(StoragePage page, unsigned word) {
    return {
        .source = page.medium == Medium::files ? WordValue::Source::files : WordValue::Source::swap,
        .number = page.page * words_per_page + word};
}

/// In words: "what access 7 stored".
[[nodiscard]] std::string to_text(WordValue value);

/// As messages name it: "page 7 of swap".
[[nodiscard]] std::string to_text(StoragePage page);

/// When something happened, by the value that was stored last before it: "after access 7".
[[nodiscard]] std::string moment_after(WordValue last_stored);

/// The words [first, end) of one page.
struct WordSpan {
    unsigned first = 0;
    unsigned end = 0;

    constexpr bool operator==(const WordSpan&) const = default;
};

/// What an access of `bytes`, at least one, at an offset in a page touches. Throws ModelError where
/// that leaves the page.
[[nodiscard]] WordSpan words_touched(std::uint64_t page_offset, std::uint64_t bytes);

/// How many words of a page its first `bytes` reach into.
[[nodiscard]] constexpr unsigned words_reached(std::uint64_t bytes) {
    return bytes >= page_bytes ? words_per_page
                               : static_cast<unsigned>((bytes + word_bytes - 1) / word_bytes);
}

}  // namespace mmusim::tb
