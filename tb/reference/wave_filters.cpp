// SPDX-License-Identifier: Apache-2.0
// Filter files of the GTKWave viewer: a name and a colour for each value of a state. The text is
// white, so the colours (of X11) are dark; a colour means the same in every file.
#include "hw/base/access.hpp"
#include "hw/base/activity.hpp"
#include "hw/base/enumeration.hpp"
#include "hw/base/latency.hpp"
#include "hw/cache/cache_state.hpp"
#include "hw/cpu/core_state.hpp"
#include "hw/memory/dram_device.hpp"
#include "hw/memory/statistics.hpp"
#include "hw/storage/storage_state.hpp"
#include "hw/tlb/tlb_state.hpp"
#include "hw/walker/walker_state.hpp"
#include "tb/reference/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace mmusim::tb {

namespace {

constexpr std::string_view nothing = "gray20";
constexpr std::string_view overhead = "gray40";
constexpr std::string_view looking = "SteelBlue4";
constexpr std::string_view reading = "DodgerBlue4";
constexpr std::string_view writing = "DarkMagenta";
constexpr std::string_view clearing = "DarkSlateGray";
constexpr std::string_view success = "DarkGreen";
constexpr std::string_view waiting = "DarkOrange4";
constexpr std::string_view refusal = "firebrick4";

template <NamedEnumeration Enumeration>
using Colours = PerEnumerator<Enumeration, std::string_view>;

constexpr Colours<hw::CoreState> core_colours{{nothing, looking, waiting, refusal, reading}};
constexpr Colours<AccessType> access_colours{{reading, writing, success}};
constexpr Colours<hw::TlbState> tlb_colours{{nothing, success, refusal, looking, waiting, writing}};
constexpr Colours<hw::WalkerState> walker_colours{
    {nothing, overhead, looking, overhead, reading, writing, overhead}};
constexpr Colours<hw::CacheState> cache_colours{{nothing, success, waiting, refusal}};
constexpr Colours<hw::MemoryPurpose> memory_colours{{reading, writing, looking, writing, clearing,
                                                     clearing, reading, writing, writing, reading,
                                                     writing, success}};
constexpr Colours<hw::DramCommand> dram_command_colours{{looking, waiting, reading, writing}};
constexpr Colours<hw::StorageState> storage_colours{{nothing, reading, writing, waiting}};
constexpr Colours<Stage> stage_colours{{
    looking,  looking,  waiting, waiting, waiting, looking, overhead, reading, waiting,
    writing,  waiting,  reading, waiting, waiting, refusal, looking,  waiting, overhead,
    clearing, clearing, writing, reading, waiting, reading, waiting,  success,
}};

// A value more in an enumeration would otherwise be shown without a colour.
template <NamedEnumeration Enumeration>
[[nodiscard]] constexpr bool complete(const Colours<Enumeration>& colours) {
    return std::none_of(colours.values.begin(), colours.values.end(),
                        [](std::string_view colour) { return colour.empty(); });
}
static_assert(complete(core_colours) && complete(access_colours) && complete(tlb_colours));
static_assert(complete(walker_colours) && complete(cache_colours));
static_assert(complete(dram_command_colours));
static_assert(complete(memory_colours) && complete(storage_colours) && complete(stage_colours));

/// One line per value, in the form VALUE ?COLOUR?NAME. A value has the digits that the viewer
/// shows.
class Filter {
  public:
    explicit Filter(std::size_t count) : digits_(fmt::format("{:X}", count - 1).size()) {}

    void add(std::string_view colour, std::string_view name) {
        text_ += fmt::format("{:0{}X} ?{}?{}\n", value_++, digits_, colour, name);
    }

    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    std::size_t digits_;
    std::size_t value_ = 0;
    std::string text_;
};

template <NamedEnumeration Enumeration>
[[nodiscard]] std::string states(const Colours<Enumeration>& colours) {
    Filter filter(enumerator_count<Enumeration>);
    for (std::size_t i = 0; i < enumerator_count<Enumeration>; ++i) {
        filter.add(colours.values[i], names_of<Enumeration>[i]);
    }
    return filter.text();
}

template <NamedEnumeration Enumeration>
[[nodiscard]] std::string activities(const Colours<Enumeration>& colours) {
    constexpr auto& names = hw::Activity<Enumeration>::names;
    Filter filter(names.size());
    filter.add(nothing, names.front());
    for (std::size_t i = 1; i < names.size(); ++i) {
        filter.add(colours.values[i - 1], names[i]);
    }
    return filter.text();
}

}  // namespace

std::string core_state_filter() {
    return states(core_colours);
}

std::string access_type_filter() {
    return states(access_colours);
}

std::string tlb_state_filter() {
    return states(tlb_colours);
}

std::string cache_state_filter() {
    return states(cache_colours);
}

std::string dram_command_filter() {
    return activities(dram_command_colours);
}

std::string walker_state_filter() {
    return states(walker_colours);
}

std::string memory_purpose_filter() {
    return activities(memory_colours);
}

std::string storage_state_filter() {
    return states(storage_colours);
}

std::string stage_filter() {
    return activities(stage_colours);
}

}  // namespace mmusim::tb
