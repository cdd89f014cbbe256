// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace mmusim::tb {

/// Addresses from `start` to before `end`.
struct AddressSpan {
    std::uint64_t start = 0;
    std::uint64_t end = 0;

    [[nodiscard]] constexpr std::uint64_t bytes() const { return end - start; }
    constexpr bool operator==(const AddressSpan&) const = default;
};

/// How a script calls some addresses: by a region, and how far from its start they begin.
struct RegionReference {
    std::string region;
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    bool whole = false;  ///< they are all of the region, of which nothing is missing

    bool operator==(const RegionReference&) const = default;
};

/// Which region of a script lies where, in one process.
class RecordedRegions {
  public:
    /// A new region, which takes the place of what was there. No region has the name.
    void map(const std::string& region, AddressSpan span);
    void unmap(AddressSpan span);
    /// The whole region ends elsewhere from now on.
    void resize(const std::string& region, std::uint64_t bytes);
    /// The whole region begins elsewhere from now on.
    void move(const std::string& region, std::uint64_t to);

    /// The addresses from the first on that lies in a region; nothing if none does.
    [[nodiscard]] std::optional<RegionReference> find(AddressSpan span) const;

  private:
    struct Part {
        std::uint64_t end = 0;
        std::string region;
    };

    /// By name: as a script knows it, with the parts that are gone.
    std::map<std::string, AddressSpan> named_;
    /// By start: what is mapped.
    std::map<std::uint64_t, Part> parts_;
};

}  // namespace mmusim::tb
