// SPDX-License-Identifier: Apache-2.0
#include "tb/system/hierarchy.hpp"

#include <algorithm>
#include <cstddef>

namespace mmusim::tb {

namespace {

void add_once(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
    }
}

template <typename Part>
std::vector<std::string> chain_of(const NamedParts<Part>& parts, std::string_view first,
                                  std::string_view end) {
    std::vector<std::string> chain;
    std::string name(first);
    while (name != end) {
        chain.push_back(name);
        name = parts.at(name).next;
    }
    return chain;
}

}  // namespace

std::vector<std::string> chain_from(const Configuration& configuration, std::string_view first) {
    return chain_of(configuration.tlbs, first, walker_name);
}

unsigned levels_of(const Configuration& configuration) {
    const auto levels_from = [&configuration](std::string_view first) {
        const std::vector<std::string> chain = chain_from(configuration, first);
        return std::count_if(chain.begin(), chain.end(), [&configuration](const auto& name) {
            return !configuration.tlbs.at(name).same_level;
        });
    };
    return static_cast<unsigned>(std::max(levels_from(configuration.cpu.fetch_tlb),
                                          levels_from(configuration.cpu.data_tlb)));
}

std::vector<std::string> tlbs_in_order(const Configuration& configuration) {
    const auto fetch = chain_from(configuration, configuration.cpu.fetch_tlb);
    const auto data = chain_from(configuration, configuration.cpu.data_tlb);
    std::vector<std::string> names;
    for (std::size_t level = 0; level < std::max(fetch.size(), data.size()); ++level) {
        for (const auto* chain : {&fetch, &data}) {
            if (level < chain->size()) {
                add_once(names, (*chain)[level]);
            }
        }
    }
    for (const auto& [name, parameters] : configuration.tlbs) {
        add_once(names, name);
    }
    return names;
}

std::vector<std::string> caches_from(const Configuration& configuration, std::string_view port) {
    return chain_of(configuration.caches, port, memory_name);
}

std::vector<std::string> caches_in_order(const Configuration& configuration) {
    const hw::CpuParameters& cpu = configuration.cpu;
    std::vector<std::string> names;
    for (const std::string& port :
         {configuration.walker.memory_port, cpu.software_port, cpu.fetch_port, cpu.data_port}) {
        for (const std::string& name : caches_from(configuration, port)) {
            add_once(names, name);
        }
    }
    for (const auto& [name, parameters] : configuration.caches) {
        add_once(names, name);
    }
    return names;
}

}  // namespace mmusim::tb
