// SPDX-License-Identifier: Apache-2.0
#include "tb/presets/presets.hpp"

#include "hw/base/problems.hpp"
#include "tb/text/parse.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace mmusim::tb {

namespace {

// Line 0 names the licence.
[[nodiscard]] std::string_view comment_in_line(std::string_view text, std::size_t line) {
    constexpr std::string_view comment = "// ";
    for (; line > 0; --line) {
        text.remove_prefix(text.find('\n') + 1);
    }
    text.remove_prefix(comment.size());
    return text.substr(0, text.find('\n'));
}

}  // namespace

std::string_view Preset::description() const {
    return comment_in_line(text, 1);
}

std::string_view Preset::source() const {
    return comment_in_line(text, 2);
}

const Preset& preset_named(std::string_view name) {
    const std::span<const Preset> known = presets();
    const auto found = std::find_if(known.begin(), known.end(),
                                    [name](const Preset& preset) { return preset.name == name; });
    if (found != known.end()) {
        return *found;
    }
    std::vector<std::string_view> names;
    for (const Preset& preset : known) {
        names.push_back(preset.name);
    }
    const auto nearest = nearest_name(name, names);
    throw InputError(fmt::format("--preset {}: no such preset; {}there are: {}", name,
                                 nearest ? fmt::format("the nearest is {}; ", *nearest) : "",
                                 fmt::join(names, ", ")));
}

}  // namespace mmusim::tb
