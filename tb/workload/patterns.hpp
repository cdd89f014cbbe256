// SPDX-License-Identifier: Apache-2.0
// The patterns of the synthetic generators. Each yields one access of 8 bytes after the other,
// without end.
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/random.hpp"
#include "tb/workload/generators.hpp"

#include <cstdint>
#include <vector>

namespace mmusim::tb {

/// The size of every access.
inline constexpr std::uint32_t access_bytes = 8;

/// Reads, and writes as often as asked for.
class ReadWriteMix {
  public:
    explicit ReadWriteMix(const GeneratorParameters& parameters)
        : write_percent_(parameters.write_percent) {}

    [[nodiscard]] AccessType next(Random& random) const {
        const bool writes = write_percent_ > 0 && random.below(100) < write_percent_;
        return writes ? AccessType::write : AccessType::read;
    }

  private:
    std::uint64_t write_percent_;
};

/// Addresses a fixed distance apart; from the end of the footprint back to its beginning.
class StridePattern {
  public:
    StridePattern(const GeneratorParameters& parameters, std::uint64_t stride_bytes);
    [[nodiscard]] Access next();

  private:
    VirtualAddress base_;
    std::uint64_t last_offset_;
    std::uint64_t stride_;
    ReadWriteMix mix_;
    Random random_;
    std::uint64_t offset_ = 0;
};

/// Every word equally likely.
class RandomPattern {
  public:
    explicit RandomPattern(const GeneratorParameters& parameters);
    [[nodiscard]] Access next();

  private:
    VirtualAddress base_;
    std::uint64_t words_;
    ReadWriteMix mix_;
    Random random_;
};

/// A linked list through all nodes in random order, round and round: each read gives the address of
/// the next.
class ChasePattern {
  public:
    explicit ChasePattern(const GeneratorParameters& parameters);
    [[nodiscard]] Access next();

  private:
    VirtualAddress base_;
    std::uint64_t node_bytes_;
    std::vector<std::uint32_t> successors_;
    std::uint32_t node_ = 0;
};

/// Giga-updates per second (the HPC Challenge's RandomAccess): a random word is read and written.
class GupsPattern {
  public:
    explicit GupsPattern(const GeneratorParameters& parameters);
    [[nodiscard]] Access next();

  private:
    VirtualAddress base_;
    std::uint64_t words_;
    Random random_;
    VirtualAddress word_;
    bool write_is_next_ = false;
};

/// Pages by Zipf's law with exponent 1: the k-th most popular page is touched 1/k times as often as
/// the first. Which page has which rank is random, and so is the word within the page.
class ZipfPattern {
  public:
    explicit ZipfPattern(const GeneratorParameters& parameters);
    [[nodiscard]] Access next();

  private:
    VirtualAddress base_;
    ReadWriteMix mix_;
    Random random_;
    /// By rank.
    std::vector<std::uint32_t> pages_;
    /// By rank: the weights up to this rank, added up.
    std::vector<std::uint64_t> cumulative_weights_;
};

}  // namespace mmusim::tb
