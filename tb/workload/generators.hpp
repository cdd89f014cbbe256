// SPDX-License-Identifier: Apache-2.0
// Synthetic accesses, named in place of a trace: generate:NAME[,key=value…]
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"
#include "tb/trace/user_half.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <tuple>

namespace mmusim::tb {

using namespace literals;

/// What may follow the name of a generator. All numbers take 4KiB, 2M, 0x1000.
struct GeneratorParameters {
    std::uint64_t accesses = 1'000'000;
    std::uint64_t at = 0x10000000;
    std::uint64_t footprint = 64_MiB;
    std::uint64_t seed = 0;
    std::uint64_t stride = 4_KiB;
    std::uint64_t node = 64;
    std::uint64_t write_percent = 0;

    static constexpr auto fields() {
        using Self = GeneratorParameters;
        return std::make_tuple(
            parameter("accesses", &Self::accesses, "how many accesses", at_least(1)),
            parameter("at", &Self::at, "the lowest address, a multiple of 4 KiB"),
            parameter("footprint", &Self::footprint, "bytes from the lowest address on",
                      {.minimum = 4_KiB, .maximum = 64_GiB}),
            parameter("seed", &Self::seed, "seed of what is random, instead of the run's"),
            parameter("stride", &Self::stride, "bytes from one access to the next",
                      {.minimum = 1, .maximum = 64_GiB}),
            parameter("node", &Self::node, "bytes from one element of the chain to the next",
                      {.minimum = 8, .maximum = 64_GiB}),
            parameter("write_percent", &Self::write_percent, "how many of 100 accesses are writes",
                      {.minimum = 0, .maximum = 100}));
    }
};

struct GeneratorDescription {
    std::string_view name;
    std::string_view description;
    /// The parameters that this one has beside generator_common_keys().
    std::span<const std::string_view> own_keys;
    /// The parameters are possible.
    std::unique_ptr<AccessSource> (*make)(const GeneratorParameters& parameters);
};

/// All generators, in the order of their documentation.
[[nodiscard]] std::span<const GeneratorDescription> generators();

[[nodiscard]] std::span<const std::string_view> generator_common_keys();

/// Whether a positional argument names a generator and not a file.
[[nodiscard]] bool names_generator(std::string_view argument);

/// The accesses that the argument describes, which names a generator; all are of 8 bytes. `seed` is
/// the run's. An InputError says what is unknown or impossible, or lies outside the user half.
[[nodiscard]] std::unique_ptr<AccessSource> open_generator(std::string_view argument,
                                                           std::uint64_t seed, UserHalf user_half);

}  // namespace mmusim::tb
