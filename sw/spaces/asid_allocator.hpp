// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::sw {

/// An ASID, good as long as its generation lasts.
struct AssignedAsid {
    Asid asid;
    std::uint64_t generation = 0;

    constexpr bool operator==(const AssignedAsid&) const = default;
};

/// Gives address spaces their identifiers. When all are in use a new generation begins, in which
/// no space has one yet (as Linux does, arch/riscv/mm/context.c). A machine without identifiers is
/// one that has a single one: each space that runs takes it from the one before.
class AsidAllocator {
  public:
    /// `asid_bits` is the width of an identifier, 16 at most.
    explicit AsidAllocator(unsigned asid_bits);

    struct Assignment {
        AssignedAsid assigned;
        /// A new generation began: no translation may be left in any TLB when the space runs.
        bool rolled_over = false;
    };

    /// The identifier of a space that is about to run: what it held, if that is still good.
    [[nodiscard]] Assignment assign(const std::optional<AssignedAsid>& held);

    /// Whether it is of the present generation; if not, no TLB knows anything under it that would
    /// be the holder's.
    [[nodiscard]] bool current(const AssignedAsid& assigned) const;

    /// Takes back a current identifier. No TLB knows anything under it any more.
    void release(const AssignedAsid& assigned);

  private:
    [[nodiscard]] bool exhausted() const;
    [[nodiscard]] Asid take();

    std::uint32_t asid_count_;
    std::uint64_t generation_ = 0;
    std::uint32_t ever_taken_ = 0;  // in this generation, from 0 up
    std::vector<Asid> released_;
};

}  // namespace mmusim::sw
