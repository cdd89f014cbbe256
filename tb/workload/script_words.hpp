// SPDX-License-Identifier: Apache-2.0
// The words of one line of a workload script, taken one after the other.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/types.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// What is wrong with a line: what was found, and what was expected.
class ScriptLineError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

[[noreturn]] void refuse(std::string_view found, std::string_view expected);

/// Refuses a word that is none of `known`, and names the nearest of them.
[[noreturn]] void refuse_unknown(std::string_view word, std::string_view expected,
                                 std::span<const std::string_view> known);

/// The column `word` of a table.
template <typename Table>
[[nodiscard]] std::vector<std::string_view> words_of(const Table& table) {
    std::vector<std::string_view> words;
    words.reserve(std::size(table));
    for (const auto& row : table) {
        words.push_back(row.word);
    }
    return words;
}

/// Every function that takes a word throws a ScriptLineError if it is not what is expected.
class ScriptWords {
  public:
    /// The line is without comment, and outlives the words.
    explicit ScriptWords(std::string_view line);

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    /// All that is left of the line, blanks within it too.
    [[nodiscard]] std::string_view rest() const { return rest_; }

    /// The next word, which is not taken; empty at the end of the line.
    [[nodiscard]] std::string_view peek() const;

    /// Whether the next word is a number: it begins with a digit, which no name does.
    [[nodiscard]] bool number_follows() const;

    /// Any word.
    std::string_view next(std::string_view expected);

    /// Takes the next word if it is this one.
    bool take(std::string_view word);

    /// Letters, digits, `_`, `-` and `.`, not beginning with a digit. `what` is what it names.
    std::string next_name(std::string_view what);

    /// A whole number.
    std::uint64_t next_number(std::string_view what);
    /// A whole number from 1 on.
    std::uint64_t next_count(std::string_view what);
    /// Bytes, also as 4KiB or 2M.
    std::uint64_t next_size(std::string_view what);
    VirtualAddress next_address();

    /// `+OFF`, if the next word begins with a plus.
    std::optional<std::uint64_t> take_offset();

    /// The row of the table whose `word` is the next word.
    template <typename Table>
    const typename Table::value_type& next_row(const Table& table) {
        return table[next_index(words_of(table), "")];
    }

    template <NamedEnumeration Enumeration>
    Enumeration next_enumerator() {
        return static_cast<Enumeration>(next_index(names_of<Enumeration>, ""));
    }

    /// Which of `known` the next word is; what else it might be is said by `or_else`.
    std::size_t next_index(std::span<const std::string_view> known, std::string_view or_else);

    void expect_end() const;

  private:
    std::string_view rest_;  ///< begins with a word
};

/// A word that may stand once at the end of a line, with what follows it.
template <typename Target>
struct ScriptClause {
    std::string_view word;
    void (*read)(ScriptWords& words, Target& target);
};

/// Takes clauses in any order up to the end of the line.
template <typename Target>
void read_clauses(ScriptWords& words, std::span<const ScriptClause<Target>> clauses,
                  Target& target) {
    std::vector<bool> given(clauses.size());
    while (!words.at_end()) {
        const std::size_t index = words.next_index(words_of(clauses), ", or the end of the line");
        const ScriptClause<Target>& clause = clauses[index];
        if (given[index]) {
            refuse(std::string(clause.word) + " a second time", "it once at most");
        }
        given[index] = true;
        clause.read(words, target);
    }
}

}  // namespace mmusim::tb
