// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace mmusim::sw {

/// What a page fault turned out to be. One kind per fault.
enum class FaultKind : std::uint8_t {
    anonymous_zero,  ///< the first touch of an anonymous page: a cleared frame
    zero_page,       ///< a read of an untouched anonymous page: the shared page of zeros
    ad_update,       ///< the page was there, only its A or D bit was clear (Svade)
    spurious,        ///< the page was there, and by now nothing but an old entry forbade the access
    protection,      ///< the region does not allow this access
    unmapped,        ///< no region holds the address
    out_of_memory,   ///< no frame was left
};

[[nodiscard]] constexpr auto enumerator_names(FaultKind) {
    return std::array<std::string_view, 7>{"anonymous_zero", "zero_page",  "ad_update",
                                           "spurious",       "protection", "unmapped",
                                           "out_of_memory"};
}

/// How Linux accounts a fault.
enum class FaultClass : std::uint8_t { minor, major, invalid };

[[nodiscard]] constexpr auto enumerator_names(FaultClass) {
    return std::array<std::string_view, 3>{"minor", "major", "invalid"};
}

/// What a program gets that may not make its access.
enum class Signal : std::uint8_t { segv_maperr, segv_accerr, bus_adrerr, kill };

[[nodiscard]] constexpr auto enumerator_names(Signal) {
    return std::array<std::string_view, 4>{"SIGSEGV MAPERR", "SIGSEGV ACCERR", "SIGBUS ADRERR",
                                           "SIGKILL"};
}

struct FaultStatistics {
    std::uint64_t minor = 0;
    std::uint64_t major = 0;
    std::uint64_t invalid = 0;
    PerEnumerator<FaultKind, std::uint64_t> by_kind{};

    static constexpr auto fields() {
        using S = FaultStatistics;
        return std::tuple{
            statistic("minor", &S::minor, "fault", "faults answered without storage"),
            statistic("major", &S::major, "fault", "faults that waited for storage"),
            statistic("invalid", &S::invalid, "fault", "faults that ended in a signal"),
            statistic("by_kind", &S::by_kind, "fault",
                      "the same faults by what they turned out "
                      "to be"),
        };
    }
};

/// Where the frames are. Always total = free + page_table + anonymous + file.
struct FrameStatistics {
    std::uint64_t total = 0;
    std::uint64_t free = 0;
    std::uint64_t page_table = 0;
    std::uint64_t anonymous = 0;
    std::uint64_t file = 0;

    static constexpr auto fields() {
        using S = FrameStatistics;
        return std::tuple{
            statistic("total", &S::total, "frame", "frames that the operating system manages"),
            statistic("free", &S::free, "frame", "frames in nobody's use"),
            statistic("page_table", &S::page_table, "frame", "frames that hold page tables"),
            statistic("anonymous", &S::anonymous, "frame", "frames of anonymous memory"),
            statistic("file", &S::file, "frame", "frames of files"),
        };
    }
};

struct OsStatistics {
    FrameStatistics frames{};
    std::uint64_t tlb_invalidations = 0;
    std::uint64_t context_switches = 0;
    std::uint64_t asid_rollovers = 0;

    static constexpr auto fields() {
        using S = OsStatistics;
        return std::tuple{
            statistic("frames", &S::frames, "", "where the frames are, at the end"),
            statistic("tlb_invalidations", &S::tlb_invalidations, "fence", "fences issued"),
            statistic("context_switches", &S::context_switches, "switch",
                      "turns that passed from one process to another"),
            statistic("asid_rollovers", &S::asid_rollovers, "rollover",
                      "times that all ASIDs were in use and were given out anew"),
        };
    }
};

struct ProcessStatistics {
    std::string name;
    Asid asid{};
    std::uint64_t accesses = 0;
    std::uint64_t minor = 0;
    std::uint64_t major = 0;
    std::uint64_t invalid = 0;
    std::uint64_t rss_pages = 0;
    std::uint64_t shared_pages = 0;
    std::uint64_t page_table_pages = 0;
    std::optional<Signal> signal{};

    static constexpr auto fields() {
        using S = ProcessStatistics;
        return std::tuple{
            statistic("name", &S::name, "", "the process's name"),
            statistic("asid", &S::asid, "", "its address-space identifier, at the end"),
            statistic("accesses", &S::accesses, "access", "accesses it made"),
            statistic("minor", &S::minor, "fault", "its minor faults"),
            statistic("major", &S::major, "fault", "its major faults"),
            statistic("invalid", &S::invalid, "fault", "its faults that ended in a signal"),
            statistic("rss_pages", &S::rss_pages, "page",
                      "pages resident at the end, the shared page of zeros apart"),
            statistic("shared_pages", &S::shared_pages, "page", "those of files"),
            statistic("page_table_pages", &S::page_table_pages, "page",
                      "frames of its page tables, the root included"),
            statistic("signal", &S::signal, "", "the signal that ended it, or null"),
        };
    }
};

}  // namespace mmusim::sw
