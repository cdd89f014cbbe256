// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace mmusim::tb {

/// A trace that is read a part after the other, each where the one before ended.
class TraceInParts {
  public:
    /// `path` is what errors call it.
    TraceInParts(std::string path, std::unique_ptr<AccessSource> trace);

    /// The next accesses, at least one and at most so many. What was returned is valid until the
    /// next call. InputError: there are no more.
    [[nodiscard]] std::span<const Access> next_batch(std::uint64_t most);

  private:
    std::string path_;
    std::unique_ptr<AccessSource> trace_;
    std::span<const Access> left_{};
};

/// One part: so many accesses. The trace must outlive it.
class TracePart final : public AccessSource {
  public:
    TracePart(TraceInParts& trace, std::uint64_t accesses) : trace_(trace), left_(accesses) {}

    [[nodiscard]] std::span<const Access> next_batch() override;

    /// The next part begins behind this one, whatever has been taken of it.
    void skip_rest();

  private:
    TraceInParts& trace_;
    std::uint64_t left_;
};

}  // namespace mmusim::tb
