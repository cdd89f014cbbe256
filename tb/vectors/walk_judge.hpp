// SPDX-License-Identifier: Apache-2.0
// Who answers walk vectors, and how answers are written down.
#pragma once

#include "hw/base/types.hpp"
#include "hw/paging/translation.hpp"
#include "tb/vectors/walk_vectors.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace mmusim::tb {

/// A page-table entry in which an access set A or D.
struct EntryWrite {
    PhysicalAddress address;
    unsigned bytes = 8;
    std::uint64_t before = 0;
    std::uint64_t after = 0;

    bool operator==(const EntryWrite&) const = default;
};

/// How an access ends: the physical address or the fault, and what it wrote, in order.
struct WalkAnswer {
    std::variant<PhysicalAddress, hw::FaultCause> outcome;
    std::vector<EntryWrite> writes{};

    bool operator==(const WalkAnswer&) const = default;
};

/// A memory with page tables, and something that walks through them.
class WalkJudge {
  public:
    WalkJudge() = default;
    WalkJudge(const WalkJudge&) = delete;
    WalkJudge& operator=(const WalkJudge&) = delete;
    WalkJudge(WalkJudge&&) = delete;
    WalkJudge& operator=(WalkJudge&&) = delete;
    virtual ~WalkJudge() = default;

    /// Empties the memory.
    virtual void begin_image() = 0;
    virtual void write(const ImageWord& word) = 0;

    /// Translates from the memory as it was written, and with nothing remembered of the requests
    /// before; leaves both so.
    [[nodiscard]] virtual WalkAnswer translate(const hw::TranslationRequest& request) = 0;
};

/// One line for each test: "ID ok PA [ad ENTRY_ADDRESS NEW_ENTRY]...", "ID pf" for a page fault or
/// "ID af" for an access fault. Numbers are hexadecimal without 0x, the id is decimal.
[[nodiscard]] std::string answers_of(const WalkVectors& vectors, WalkJudge& judge);

}  // namespace mmusim::tb
