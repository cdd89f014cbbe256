// SPDX-License-Identifier: Apache-2.0
// How Catch2 shows the project's types when a comparison fails.
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/latency.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "hw/memory/memory_timing.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>

namespace Catch {

template <>
struct StringMaker<mmusim::Cycles> {
    static std::string convert(mmusim::Cycles cycles) { return fmt::format("{} cycles", cycles); }
};

template <typename Space>
struct StringMaker<mmusim::Address<Space>> {
    static std::string convert(mmusim::Address<Space> address) {
        return fmt::format("{}", address);
    }
};

template <typename Space>
struct StringMaker<mmusim::PageNumber<Space>> {
    static std::string convert(mmusim::PageNumber<Space> page) {
        return fmt::format("page {}", page);
    }
};

template <>
struct StringMaker<mmusim::PageSize> {
    static std::string convert(mmusim::PageSize size) { return mmusim::to_text(size); }
};

template <mmusim::NamedEnumeration Enumeration>
struct StringMaker<Enumeration, void> {
    static std::string convert(Enumeration enumerator) { return fmt::format("{}", enumerator); }
};

template <>
struct StringMaker<mmusim::PerEnumerator<mmusim::Stage, mmusim::Cycles>> {
    using Stages = mmusim::PerEnumerator<mmusim::Stage, mmusim::Cycles>;

    static std::string convert(const Stages& stages) {
        std::string text;
        for (std::size_t stage = 0; stage < stages.values.size(); ++stage) {
            if (stages.values[stage] != mmusim::Cycles{}) {
                text += fmt::format("{} {}, ", mmusim::names_of<mmusim::Stage>[stage],
                                    stages.values[stage]);
            }
        }
        return text.empty() ? "nothing" : text.substr(0, text.size() - 2);
    }
};

template <>
struct StringMaker<mmusim::hw::MemoryTiming> {
    static std::string convert(const mmusim::hw::MemoryTiming& timing) {
        return fmt::format("wait {}, service {}", timing.wait, timing.service);
    }
};

}  // namespace Catch
