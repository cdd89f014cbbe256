// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sw/operating_system.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace mmusim::tests {

/// What does not add up; empty when every frame is free or in use by somebody who knows, and every
/// fault is some process's.
[[nodiscard]] inline std::string broken_account(const sw::OperatingSystem& os) {
    const sw::OsStatistics statistics = os.statistics();
    const sw::FrameStatistics& frames = statistics.frames;
    std::uint64_t page_tables = 0;
    std::uint64_t faults = 0;
    for (const sw::ProcessStatistics& process : os.process_statistics()) {
        page_tables += process.page_table_pages;
        faults += process.minor + process.major + process.invalid;
    }
    const sw::FaultStatistics total = os.fault_statistics();
    const auto differ = [](std::string_view what, std::uint64_t left, std::uint64_t right) {
        return left == right ? "" : fmt::format("{}: {} and {}; ", what, left, right);
    };
    return differ("frames", frames.total,
                  frames.free + frames.page_table + frames.anonymous + frames.file) +
           differ("page tables", frames.page_table, page_tables) +
           differ("page cache", frames.file, statistics.page_cache.pages) +
           differ("anonymous frames", frames.anonymous, os.anonymous_frames_in_table()) +
           differ("faults", faults, total.minor + total.major + total.invalid);
}

inline void check_accounts(const sw::OperatingSystem& os) {
    const std::string broken = broken_account(os);
    if (!broken.empty()) {
        FAIL(broken);
    }
}

}  // namespace mmusim::tests
