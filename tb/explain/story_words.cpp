// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/story_words.hpp"

#include "hw/base/page_size.hpp"
#include "hw/paging/format.hpp"
#include "sw/spaces/page_state.hpp"
#include "tb/events/entry_words.hpp"
#include "tb/report/number_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <variant>

namespace mmusim::tb {

namespace {

// Without V, to the operating system.
std::string absent_in_words(hw::PageTableEntry entry) {
    const sw::PageState state = sw::page_state_of(entry);
    if (const auto* const swapped = std::get_if<sw::Swapped>(&state)) {
        return fmt::format("not valid: in swap, slot {}", swapped->slot.value);
    }
    if (const auto* const present = std::get_if<sw::Present>(&state)) {
        return fmt::format("not valid: hidden, the region has no rights; frame {}",
                           present->frame.address());
    }
    return "not valid: nothing is here";
}

std::string region_change(const std::optional<sw::Region>& region, std::string_view name) {
    if (!region) {
        return "its region is gone";
    }
    return fmt::format("its region is {}-{} {}{}{}", region->start, region->end,
                       rights_in_words(*region), name.empty() ? "" : " ", name);
}

std::string entry_change(const AddressLook& look, const hw::PagingParameters& paging) {
    if (look.walk.entries.empty()) {
        return "there is no walk";
    }
    const SeenEntry& last = look.walk.entries.back();
    const std::string flags =
        last.entry ? fmt::format("{}, ", flags_in_words(last.entry->flags())) : "";
    return fmt::format("its entry of level {} is {}{}", last.level, flags,
                       entry_in_words(last, paging));
}

}  // namespace

std::string parts_of(VirtualAddress address, const hw::PagingParameters& paging) {
    const hw::PagingFormat& format = hw::format_of(paging.mode);
    std::string text;
    for (unsigned level = format.levels; level-- > 0;) {
        text += fmt::format("VPN[{}] {}, ", level, format.index_at(level, address));
    }
    return text + fmt::format("offset {:#x}", address.page_offset());
}

std::string rights_in_words(const sw::Region& region) {
    return fmt::format("{}{}{}{}", region.rights.read ? 'r' : '-', region.rights.write ? 'w' : '-',
                       region.rights.execute ? 'x' : '-',
                       region.sharing == sw::Sharing::shared ? 's' : 'p');
}

std::string backing_in_words(VirtualAddress address, const sw::Region& region,
                             std::string_view name, const hw::PagingParameters& paging) {
    if (region.leaf_level > 0) {
        const PageSize size = hw::format_of(paging.mode).page_size_at(region.leaf_level);
        return fmt::format("explicit huge pages of {}", size);
    }
    if (region.object) {
        return fmt::format("page {} of {}", region.object_page_at(address), name);
    }
    return name.empty() ? "anonymous memory" : fmt::format("anonymous memory, {}", name);
}

std::string entry_in_words(const SeenEntry& seen, const hw::PagingParameters& paging) {
    if (!seen.entry) {
        return "no memory there";
    }
    const hw::PageTableEntry entry = *seen.entry;
    return entry.valid() ? in_words(entry, seen.level, hw::format_of(paging.mode))
                         : absent_in_words(entry);
}

std::string difference_in_words(const std::optional<AddressLook>& before,
                                const std::optional<AddressLook>& after,
                                const hw::PagingParameters& paging) {
    if (!before) {
        return after && after->region ? region_change(after->region, after->region_name) : "";
    }
    if (!after) {
        return "the process has exited";
    }
    std::vector<std::string> parts;
    if (!same_region(*before, *after)) {
        parts.push_back(region_change(after->region, after->region_name));
    }
    if (!same_entry(*before, *after)) {
        parts.push_back(entry_change(*after, paging));
    }
    return fmt::format("{}", fmt::join(parts, "; "));
}

std::string class_name(const StoryClass& its_class) {
    return its_class.outcome == hw::Outcome::hit ? fmt::format("l{}_hit", its_class.levels)
                                                 : fmt::format("{}", its_class.outcome);
}

std::string translation_in_words(const TranslationEnded& translation,
                                 const std::vector<std::string>& misses) {
    const bool hit = translation.outcome == hw::Outcome::hit;
    const StoryClass its_class{.outcome = translation.outcome,
                               .levels = hit ? translation.levels : 0};
    std::string text =
        fmt::format("access {}, {} of {}: {}, {} cycles", grouped(translation.access),
                    translation.request.type, translation.request.address, class_name(its_class),
                    grouped(translation.latency.total().value));
    if (!misses.empty()) {
        text += fmt::format("; missed {}", fmt::join(misses, ", "));
    }
    return text;
}

std::string fault_in_words(const FaultStory& fault) {
    std::string text = fmt::format("{} ({}) for a {} of {}, {} cycles", fault.outcome.kind,
                                   fault.outcome.fault_class(), fault.type, fault.address,
                                   grouped((fault.until - fault.at).value));
    if (fault.outcome.signal) {
        text += fmt::format(", {}", *fault.outcome.signal);
    }
    return text;
}

std::string stages_in_words(const LatencyRecord& cycles) {
    std::vector<std::string> parts;
    for (std::size_t index = 0; index < enumerator_count<Stage>; ++index) {
        const auto stage = static_cast<Stage>(index);
        if (cycles.stages[stage] > Cycles{}) {
            parts.push_back(fmt::format("{} {}", stage, grouped(cycles.stages[stage].value)));
        }
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace mmusim::tb
