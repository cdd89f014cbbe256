// SPDX-License-Identifier: Apache-2.0
// A second opinion on address translation, written from the text of the specification alone: it
// shares no code and no constants with the hardware, so that a mistake there is not repeated here.
//
// Source: RISC-V privileged specification, "Virtual Address Translation Process" and the chapters
// "Svnapot", "Svpbmt", "Svade" and "Svadu".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace mmusim::tb {

/// Everything that the translation depends on, as the registers hold it.
struct NaiveRequest {
    unsigned virtual_address_bits = 39;  ///< 32, 39, 48 or 57: the number in the format's name
    std::uint64_t root_page_number = 0;  ///< satp.PPN
    bool supervisor = false;             ///< in S-mode; if not, in U-mode
    bool sum = false;                    ///< sstatus.SUM
    bool mxr = false;                    ///< sstatus.MXR
    bool adue = false;                   ///< menvcfg.ADUE
    bool pbmte = false;                  ///< menvcfg.PBMTE
    bool svnapot = true;                 ///< whether the hart has the extension
    char access = 'r';                   ///< r, w or x
    std::uint64_t virtual_address = 0;
};

/// An entry on the way.
struct NaiveEntry {
    std::uint64_t address = 0;
    std::optional<std::uint64_t> value;  ///< nothing if there is no such memory
};

struct NaiveAnswer {
    enum class Kind { translated, page_fault, access_fault };

    Kind kind = Kind::page_fault;
    /// Of a translation.
    std::uint64_t physical_address = 0;
    /// What the last entry becomes, if A or D has to be set.
    std::optional<std::uint64_t> updated_entry{};
    /// The entries read, the top one first.
    std::vector<NaiveEntry> entries{};
};

/// What memory holds: the `bytes`, 4 or 8, at an address; nothing if it has no such address.
using NaiveMemory =
    std::function<std::optional<std::uint64_t>(std::uint64_t address, unsigned bytes)>;

/// Translates. Memory is only read.
[[nodiscard]] NaiveAnswer translate_naively(const NaiveRequest& request, const NaiveMemory& memory);

}  // namespace mmusim::tb
