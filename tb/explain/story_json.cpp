// SPDX-License-Identifier: Apache-2.0
#include "tb/explain/story_json.hpp"

#include "tb/config/configuration_writer.hpp"
#include "tb/events/entry_words.hpp"
#include "tb/explain/story_words.hpp"
#include "tb/report/json_text.hpp"
#include "tb/report/version.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace mmusim::tb {

using nlohmann::ordered_json;

namespace {

using Processes = std::vector<sw::ProcessStatistics>;

// As text: a JSON reader may take numbers for floating-point ones of 53 bits.
template <typename Number>
std::string as_text(Number number) {
    return fmt::format("{}", number);
}

template <NamedEnumeration Enumeration>
ordered_json counts_json(const PerEnumerator<Enumeration, std::uint64_t>& counts) {
    auto object = ordered_json::object();
    for (std::size_t index = 0; index < enumerator_count<Enumeration>; ++index) {
        object[std::string(name_of(static_cast<Enumeration>(index)))] = counts.values[index];
    }
    return object;
}

// Every stage, and their sum.
ordered_json cycles_json(const LatencyRecord& cycles) {
    auto object = ordered_json::object();
    for (std::size_t index = 0; index < enumerator_count<Stage>; ++index) {
        const auto stage = static_cast<Stage>(index);
        object[std::string(name_of(stage))] = cycles.stages[stage].value;
    }
    object["total"] = cycles.total().value;
    return object;
}

ordered_json page_json(const HeldPage& page, const Processes& processes) {
    return {{"process", page.process.value < processes.size()
                            ? ordered_json(processes[page.process.value].name)
                            : ordered_json(nullptr)},
            {"process_number", page.process.value},
            {"address", as_text(page.page.address())},
            {"page_size", to_text(page.size)}};
}

ordered_json page_counts_json(const PageCounts& counts, const Processes& processes) {
    auto list = ordered_json::array();
    for (const auto& [page, count] : counts) {
        ordered_json entry = page_json(page, processes);
        entry["count"] = count;
        list.push_back(std::move(entry));
    }
    return list;
}

ordered_json translated_json(const hw::TranslatedPage& page, VirtualAddress address) {
    return {{"physical_address", as_text(page.physical_address(address))},
            {"page", as_text(page.physical_page.address())},
            {"page_size", to_text(page.size)},
            {"flags", flags_in_words(page.flags)}};
}

ordered_json entries_json(const SeenWalk& walk, const hw::PagingParameters& paging) {
    auto list = ordered_json::array();
    for (const SeenEntry& seen : walk.entries) {
        list.push_back(
            {{"level", seen.level},
             {"address", as_text(seen.address)},
             {"value", seen.entry ? ordered_json(as_text(*seen.entry)) : ordered_json(nullptr)},
             {"flags", seen.entry ? ordered_json(flags_in_words(seen.entry->flags()))
                                  : ordered_json(nullptr)},
             {"leads_to", entry_in_words(seen, paging)}});
    }
    return list;
}

ordered_json region_json(const AddressLook& look, VirtualAddress address,
                         const hw::PagingParameters& paging) {
    if (!look.region) {
        return nullptr;
    }
    const sw::Region& region = *look.region;
    return {{"start", as_text(region.start)},
            {"end", as_text(region.end)},
            {"perms", rights_in_words(region)},
            {"name", look.region_name},
            {"backing", backing_in_words(address, region, look.region_name, paging)},
            {"locked", region.locked}};
}

ordered_json look_json(const std::optional<AddressLook>& look, VirtualAddress address,
                       const hw::PagingParameters& paging) {
    if (!look) {
        return nullptr;
    }
    const SeenWalk& walk = look->walk;
    return {{"cycle", look->at.value},
            {"region", region_json(*look, address, paging)},
            {"walk", entries_json(walk, paging)},
            {"translation", walk.page ? translated_json(*walk.page, address) : nullptr},
            {"fault", walk.fault ? ordered_json(in_words(*walk.fault, AccessType::read))
                                 : ordered_json(nullptr)}};
}

ordered_json tlb_json(const TlbStory& tlb, const Processes& processes) {
    auto sets = ordered_json::array();
    for (const WatchedSet& watched : tlb.watched_sets) {
        sets.push_back(
            {{"page_size", to_text(watched.size)}, {"set", watched.set}, {"pages", watched.pages}});
    }
    return {{"sets", tlb.sets},
            {"ways", tlb.ways},
            {"watched_sets", std::move(sets)},
            {"lookups", tlb.lookups},
            {"hits", tlb.hits},
            {"misses", tlb.misses},
            {"misses_by_cause", counts_json(tlb.causes)},
            {"miss_kinds", tlb.kinds ? counts_json(*tlb.kinds) : nullptr},
            {"fills", tlb.fills},
            {"evictions", tlb.evictions},
            {"removals", counts_json(tlb.removals)},
            {"evicted_by", page_counts_json(tlb.evicted_by, processes)},
            {"evicted", page_counts_json(tlb.evicted, processes)},
            {"cycles_held", tlb.held.value},
            {"held_at_end", tlb.held_at_end}};
}

ordered_json story_tlbs_json(const Explanation& explanation, const ProcessStory& story) {
    auto object = ordered_json::object();
    for (const auto& [name, statistics] : explanation.result.tlbs) {
        for (const TlbStory& tlb : story.tlbs) {
            if (tlb.name == name) {
                object[name] = tlb_json(tlb, explanation.result.processes);
            }
        }
    }
    return object;
}

ordered_json fault_json(const FaultStory& fault) {
    const std::optional<sw::Signal>& signal = fault.outcome.signal;
    return {{"cycle", fault.at.value},
            {"until", fault.until.value},
            {"access", fault.access},
            {"address", as_text(fault.address)},
            {"type", name_of(fault.type)},
            {"cause", as_text(fault.cause)},
            {"kind", as_text(fault.outcome.kind)},
            {"class", as_text(fault.outcome.fault_class())},
            {"signal", signal ? ordered_json(as_text(*signal)) : ordered_json(nullptr)},
            {"cycles", cycles_json(fault.cycles)}};
}

ordered_json faults_json(const ProcessStory& story) {
    auto list = ordered_json::array();
    for (const FaultStory& fault : story.faults) {
        list.push_back(fault_json(fault));
    }
    return {{"count", story.fault_count()},
            {"by_kind", counts_json(story.fault_counts)},
            {"cycles", cycles_json(story.fault_cycles)},
            {"first", std::move(list)}};
}

ordered_json events_json(const ProcessStory& story, const Processes& processes) {
    auto list = ordered_json::array();
    for (const StoryEvent& event : story.events) {
        ordered_json entry{{"cycle", event.at.value}, {"kind", name_of(event.kind)}};
        if (!event.tlb.empty()) {
            entry["tlb"] = event.tlb;
        }
        entry["words"] = event.words;
        if (event.other) {
            entry["other_page"] = page_json(*event.other, processes);
        }
        list.push_back(std::move(entry));
    }
    return {{"count", story.event_count}, {"first", std::move(list)}};
}

ordered_json story_classes_json(const ProcessStory& story) {
    auto object = ordered_json::object();
    for (const auto& [its_class, figures] : story.classes) {
        object[class_name(its_class)] = {{"count", figures.count},
                                         {"cycles", figures.cycles.value}};
    }
    return object;
}

ordered_json story_json(const Explanation& explanation, const ProcessStory& story) {
    const hw::PagingParameters& paging = explanation.configuration.paging;
    const sw::ProcessStatistics& process = explanation.result.processes.at(story.process.value);
    auto by_page_size = ordered_json::object();
    for (const auto& [size, count] : story.by_page_size) {
        by_page_size[to_text(size)] = count;
    }
    return {{"process", process.name},
            {"process_number", story.process.value},
            {"asid", process.asid.value},
            {"exited", !story.at_end.has_value()},
            {"accesses", story.accesses},
            {"translations", story.translations},
            {"translations_of_base_page", story.translations_of_base_page},
            {"by_type", counts_json(story.by_type)},
            {"by_page_size", std::move(by_page_size)},
            {"classes", story_classes_json(story)},
            {"breakdown_cycles", cycles_json(story.cycles)},
            {"walker",
             {{"walks", story.walks},
              {"entries_read", story.entries_read},
              {"entries_in_walk_cache", story.entries_in_cache}}},
            {"at_end", look_json(story.at_end, explanation.address, paging)},
            {"last_mapped", look_json(story.last_mapped, explanation.address, paging)},
            {"tlbs", story_tlbs_json(explanation, story)},
            {"faults", faults_json(story)},
            {"events", events_json(story, explanation.result.processes)}};
}

}  // namespace

std::string to_text(const Explanation& explanation) {
    const RunResult& result = explanation.result;
    ordered_json document;
    document["schema"] = explanation_schema;
    document["schema_version"] = explanation_schema_version;
    document["tool"] = {{"name", "mmusim"}, {"version", version()}};
    if (result.interrupted) {
        document["interrupted"] = true;
    }
    document["config"] = to_json(explanation.configuration);
    document["workload"] = {
        {"traces", result.workload.traces},
        {"script",
         result.workload.script ? ordered_json(*result.workload.script) : ordered_json(nullptr)},
        {"warmup", result.workload.warmup},
        {"limit", result.workload.limit},
        {"seed", result.workload.seed}};
    document["address"] = as_text(explanation.address);
    document["run"] = {{"accesses", result.totals.accesses},
                       {"translations", result.totals.translations},
                       {"cycles", result.totals.cycles.value},
                       {"breakdown_cycles", cycles_json(result.breakdown)}};
    auto stories = ordered_json::array();
    for (const std::size_t place : explanation.told) {
        stories.push_back(story_json(explanation, explanation.stories.at(place)));
    }
    document["processes"] = std::move(stories);
    return json_text(document);
}

}  // namespace mmusim::tb
