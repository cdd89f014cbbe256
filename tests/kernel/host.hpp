// SPDX-License-Identifier: Apache-2.0
// What the kernel that runs the tests is like, as far as page faults depend on it: what it says of
// itself, and what a short trial shows.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tests {

struct KernelVersion {
    unsigned major = 0;
    unsigned minor = 0;

    constexpr auto operator<=>(const KernelVersion&) const = default;
};

struct SwapFacts {
    std::uint64_t bytes = 0;
    /// Pages are written and read at once, one by one: compressed memory, vm.page-cluster = 0.
    bool page_by_page = false;
};

struct HugePageFacts {
    bool on_advice = false;        ///< madvise(MADV_HUGEPAGE) is heard, and means 2 MiB alone
    bool unasked = false;          ///< also where no program asks for them
    bool whole_zero_page = false;  ///< a read maps one of zeros, a write replaces it as a whole
};

struct HostFacts {
    KernelVersion version;
    /// The model's rules were measured on such a kernel: it must do the same at every line that is
    /// compared. What another one does may be another rule.
    bool is_measured = false;
    SwapFacts swap;
    HugePageFacts huge_pages;
    /// A read of untouched memory maps the page of zeros, the first write then maps another.
    bool zero_page = false;
    std::uint64_t fault_around_pages = 0;  ///< 0: not known
    bool files_on_disk = false;            ///< their pages come from storage, writes are tracked
    std::uint64_t read_ahead_pages = 0;    ///< of the files' device; 0: not known
    /// A fetch from data is refused before its page is mapped, as on RISC-V.
    bool refuses_fetches_at_once = false;
    std::uint64_t lockable_bytes = 0;  ///< by one process, without privilege
};

/// As uname(2) gives it: `6.18.44-generic`.
[[nodiscard]] std::string kernel_release();

[[nodiscard]] HostFacts facts_of_host();

/// Why no script can be run here at all: a sanitizer in this program, another kernel than
/// Linux >= 5.14, other pages than 4 KiB, system calls that a container forbids, a kernel that
/// counts a fresh page, a page that is there or a copy otherwise than Linux does.
[[nodiscard]] std::optional<std::string> why_not_here();

/// How often a huge page was wanted since the machine began, and none was free. None: not known.
[[nodiscard]] std::optional<std::uint64_t> huge_page_shortages();

}  // namespace mmusim::tests
