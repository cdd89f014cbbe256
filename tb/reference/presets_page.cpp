// SPDX-License-Identifier: Apache-2.0
#include "hw/base/fields.hpp"
#include "tb/config/configuration.hpp"
#include "tb/config/configuration_keys.hpp"
#include "tb/config/json_document.hpp"
#include "tb/config/provenance.hpp"
#include "tb/config/resolve.hpp"
#include "tb/presets/presets.hpp"
#include "tb/reference/markdown.hpp"
#include "tb/reference/pages.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr std::string_view presets_introduction = R"(# Presets

Made by `generate_reference` from the files of `tb/presets/`; a test checks that it is current.

A preset is a machine by name. Those named after a core describe how it translates addresses; what
they do not name, such as the memory and the operating system, is as every machine begins: 20 cycles
for each memory access, and faults that cost nothing. Lay your own figures over them:

    mmusim config list
    mmusim config show --preset skylake
    mmusim run --preset skylake --set memory.latency_cycles=80 TRACE

Each figure has a source, which `mmusim config show` prints above it. *Unverified* are figures that
rest on a secondary source, an estimate or an assumption; all others were read in the source code,
the vendor's text or measured on the design itself.

Where a core has an array for each page size, the arrays stand behind each other here, at no cycles.
So a page of 2 MiB that hits in the second of them counts as a hit one level further down, and each
array counts its own lookups.

What a new preset needs: a file in `tb/presets/`, a line in the `CMakeLists.txt` there, and in
`sources` a text for every key that it names.

)";

[[nodiscard]] std::string tlbs_table(const Configuration& machine) {
    std::vector<std::string> titles{"TLB"};
    for_each_field<hw::TlbParameters>(
        [&](const auto& field) { titles.push_back(markdown_code(field.name)); });
    std::vector<std::vector<std::string>> rows;
    const std::vector<KeyDescription> parameters = describe(machine);
    for (const auto& [name, tlb] : machine.tlbs) {
        std::vector<std::string> row{markdown_code(name)};
        for (const KeyDescription& parameter : parameters) {
            if (holds(fmt::format("tlbs.{}", name), parameter.key)) {
                row.push_back(markdown_code(parameter.value));
            }
        }
        rows.push_back(row);
    }
    return markdown_table(titles, rows);
}

[[nodiscard]] std::string sources_list(const Sources& sources) {
    std::string text;
    for (const auto& [key, source] : sources.text_by_key) {
        text += fmt::format("- {}: {}\n", markdown_code(key), source);
    }
    if (!sources.unverified.empty()) {
        text += "\nUnverified:";
        for (const std::string& key : sources.unverified) {
            text += fmt::format("{} {}", &key == &sources.unverified.front() ? "" : ",",
                                markdown_code(key));
        }
        text += '\n';
    }
    return text + '\n';
}

[[nodiscard]] std::string preset_section(const Preset& preset) {
    const std::string name{preset.name};
    Problems problems;
    nlohmann::json document = parse_json(preset.text, name);
    const Sources sources = take_sources(document, name, problems);
    const Configuration machine = resolve({.preset = name});
    return fmt::format("## `{}`\n\n{}\n\n", name, preset.description()) + tlbs_table(machine) +
           fmt::format(
               "Walker: {} at once; {} cycles to begin, {} for each entry besides the "
               "memory's, {} to end.\n\n",
               machine.walker.count, machine.walker.start_cycles, machine.walker.step_cycles,
               machine.walker.finish_cycles) +
           sources_list(sources);
}

}  // namespace

std::string presets_page() {
    std::string page{presets_introduction};
    for (const Preset& preset : presets()) {
        page += preset_section(preset);
    }
    page.pop_back();
    return page;
}

}  // namespace mmusim::tb
