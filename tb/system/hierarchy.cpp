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

}  // namespace

std::vector<std::string> chain_from(const Configuration& configuration, std::string_view first) {
    std::vector<std::string> chain;
    std::string name(first);
    while (name != walker_name) {
        chain.push_back(name);
        name = configuration.tlbs.at(name).next;
    }
    return chain;
}

unsigned levels_of(const Configuration& configuration) {
    const std::size_t fetch = chain_from(configuration, configuration.cpu.fetch_tlb).size();
    const std::size_t data = chain_from(configuration, configuration.cpu.data_tlb).size();
    return static_cast<unsigned>(std::max(fetch, data));
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

}  // namespace mmusim::tb
