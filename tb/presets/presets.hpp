// SPDX-License-Identifier: Apache-2.0
// Machines by name. Each is a file beside this one, built into the program.
#pragma once

#include <span>
#include <string_view>

namespace mmusim::tb {

struct Preset {
    std::string_view name;
    std::string_view text;  ///< JSON with comments, a layer over the defaults of every part

    /// What the machine is, in one line: the second line of the file.
    [[nodiscard]] std::string_view description() const;
    /// Where most of its figures come from, in one line: the third of the file.
    [[nodiscard]] std::string_view source() const;
};

/// All of them, in alphabetical order.
[[nodiscard]] std::span<const Preset> presets();

/// Throws InputError where there is none of that name.
[[nodiscard]] const Preset& preset_named(std::string_view name);

}  // namespace mmusim::tb
