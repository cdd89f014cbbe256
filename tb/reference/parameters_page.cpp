// SPDX-License-Identifier: Apache-2.0
#include "hw/base/fields.hpp"
#include "tb/config/configuration.hpp"
#include "tb/config/configuration_keys.hpp"
#include "tb/config/provenance.hpp"
#include "tb/config/resolve.hpp"
#include "tb/reference/markdown.hpp"
#include "tb/reference/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

namespace {

constexpr std::string_view parameters_introduction = R"(# Parameters

Made by `generate_reference` from the field lists of the code; a test checks that it is current.

A configuration is made of layers, each of which replaces what it names in those below it: a
[preset](presets.md) (`--preset NAME`), then the files given with `-c` in their order, then each `--set KEY=VALUE` in its
order. In a file the groups of a key are nested objects; comments are allowed.

    mmusim run --preset plain -c machine.json --set tlbs.l1d.sets=8 TRACE

A number is in the unit that its key ends with: `_cycles` of the one clock, `_ps` picoseconds,
`_bytes`. Sizes also take `4KiB` or `2M`, addresses also `0x80000000`. `null` removes a named TLB or
cache. `--dump-config` prints the whole configuration with `"complete": true`; a file that says so,
or the results of a run, given to `-c`, replaces every layer below it. `mmusim config check FILE`
says all that is wrong in a file, and `mmusim config schema` prints a JSON Schema of such files for
editors.

)";

struct NamedConfiguration {
    std::string_view preset;
    Configuration configuration;
};

// The two that need no machine in mind; the others are on a page of their own.
[[nodiscard]] std::vector<NamedConfiguration> shown_presets() {
    return {{.preset = "default", .configuration = resolve({.preset = "default"})},
            {.preset = "plain", .configuration = resolve({.preset = "plain"})}};
}

[[nodiscard]] std::vector<KeyDescription> parameters_in(const Configuration& configuration,
                                                        std::string_view group) {
    std::vector<KeyDescription> parameters;
    for (const KeyDescription& parameter : describe(configuration)) {
        if (holds(group, parameter.key)) {
            parameters.push_back(parameter);
        }
    }
    return parameters;
}

[[nodiscard]] std::vector<std::string> row_of(const KeyDescription& parameter,
                                              const std::vector<std::string>& values) {
    std::vector<std::string> row{markdown_code(parameter.key)};
    for (const std::string& value : values) {
        row.push_back(markdown_code(value));
    }
    row.push_back(parameter.allowed_values);
    row.emplace_back(parameter.description);
    return row;
}

[[nodiscard]] std::string group_table(const std::vector<NamedConfiguration>& machines,
                                      std::string_view group) {
    std::vector<std::string> titles{"key"};
    std::vector<std::vector<KeyDescription>> columns;
    for (const NamedConfiguration& machine : machines) {
        titles.push_back(markdown_code(machine.preset));
        columns.push_back(parameters_in(machine.configuration, group));
    }
    titles.insert(titles.end(), {"may be", "meaning"});

    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < columns.front().size(); ++i) {
        std::vector<std::string> values(columns.size());
        std::transform(columns.begin(), columns.end(), values.begin(),
                       [i](const std::vector<KeyDescription>& column) { return column[i].value; });
        rows.push_back(row_of(columns.front()[i], values));
    }
    return rows.empty() ? "" : markdown_table(titles, rows);
}

// A part has any name, so its parameters are shown once and its values for each that a preset has.
template <typename Part>
[[nodiscard]] std::string part_parameters_table(std::string_view group, std::string_view title,
                                                NamedParts<Part> Configuration::*parts) {
    Configuration any;
    (any.*parts)["NAME"];
    std::vector<std::vector<std::string>> rows;
    for (const KeyDescription& parameter : parameters_in(any, group)) {
        rows.push_back(row_of(parameter, {parameter.value}));
    }
    return markdown_table({"key", fmt::format("a new {}", title), "may be", "meaning"}, rows);
}

}  // namespace

std::string parameters_page() {
    const std::vector<NamedConfiguration> machines = shown_presets();
    std::string page{parameters_introduction};
    for_each_field<Configuration>([&](const auto& group) {
        page += fmt::format("## `{}`: {}\n\n", group.name, group.description);
        if (group.name == "tlbs") {
            page += part_parameters_table(group.name, "TLB", &Configuration::tlbs);
        } else if (group.name == "caches") {
            page += part_parameters_table(group.name, "cache", &Configuration::caches);
        } else {
            page += group_table(machines, group.name);
        }
    });
    page.pop_back();
    return page;
}

}  // namespace mmusim::tb
