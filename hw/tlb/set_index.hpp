// SPDX-License-Identifier: Apache-2.0
// Which set of an array a page is in.
#pragma once

#include "hw/base/enumeration.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mmusim::hw {

enum class IndexHash : std::uint8_t {
    /// The page number modulo the sets.
    modulo,
    /// The page number in pieces of as many bits as the highest set number has, all pieces
    /// exclusive-ored; then modulo the sets, which changes nothing where they are a power of two.
    /// So pages a power of two apart do not meet in one set. Skylake's second level combines two
    /// pieces in this way (Gras, Razavi, Bos and Giuffrida, "Translation Leak-aside Buffer",
    /// USENIX Security 2018).
    xor_fold,
};

[[nodiscard]] constexpr auto enumerator_names(IndexHash) {
    return std::array<std::string_view, 2>{"modulo", "xor"};
}

/// The set of a page number, in units of the page's own size.
class SetIndex {
  public:
    constexpr SetIndex(IndexHash hash, std::size_t sets)
        : folds_(hash == IndexHash::xor_fold && sets > 1),
          power_of_two_(std::has_single_bit(sets)),
          sets_(sets),
          bits_(static_cast<unsigned>(std::bit_width(sets - 1))) {}

    [[nodiscard]] constexpr std::size_t operator()(std::uint64_t page_number) const {
        const std::uint64_t number = folds_ ? folded(page_number) : page_number;
        // A division costs more than the rest of a lookup.
        return power_of_two_ ? number & (sets_ - 1) : number % sets_;
    }

  private:
    [[nodiscard]] constexpr std::uint64_t folded(std::uint64_t number) const {
        std::uint64_t result = 0;
        for (std::uint64_t rest = number; rest != 0; rest >>= bits_) {
            result ^= rest & ((std::uint64_t{1} << bits_) - 1);
        }
        return result;
    }

    bool folds_;
    bool power_of_two_;
    std::size_t sets_;
    unsigned bits_;
};

}  // namespace mmusim::hw
