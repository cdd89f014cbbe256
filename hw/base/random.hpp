// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace mmusim {

/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014): the
/// one source of chance, the same on every platform. Equal seeds give equal sequences.
class Random {
  public:
    explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

    /// The next of 2^64 equally likely values.
    [[nodiscard]] constexpr std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ mixed >> 30U) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ mixed >> 27U) * 0x94d049bb133111eb;
        return mixed ^ mixed >> 31U;
    }

    /// A value in [0, bound); bound > 0. No value is preferred to another by more than
    /// bound / 2^64 of its share: next() · bound / 2^64, rounded down.
    [[nodiscard]] constexpr std::uint64_t below(std::uint64_t bound) {
        constexpr std::uint64_t low_half = 0xffffffff;
        const std::uint64_t value = next();
        const std::uint64_t low = (value & low_half) * (bound & low_half);
        const std::uint64_t middle_1 = (value >> 32U) * (bound & low_half) + (low >> 32U);
        const std::uint64_t middle_2 = (value & low_half) * (bound >> 32U) + (middle_1 & low_half);
        return (value >> 32U) * (bound >> 32U) + (middle_1 >> 32U) + (middle_2 >> 32U);
    }

  private:
    std::uint64_t state_;
};

}  // namespace mmusim
