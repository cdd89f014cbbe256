// SPDX-License-Identifier: Apache-2.0
// Views of recordings for the GTKWave viewer: what each shows, and the file that says so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// A line of a view.
struct ShownSignal {
    std::string_view label;
    std::string_view name;  ///< below the machine's: `l1d.state`
};

/// Lines with a heading, which can be folded away.
struct SignalGroup {
    std::string_view title;
    std::vector<ShownSignal> signals;
};

/// A named line through all waves.
struct WaveMarker {
    std::uint64_t cycle = 0;
    /// Blanks in front move the name to the right, away from its neighbour's.
    std::string_view name;
};

/// What the viewer shows of the recording beside it.
struct WaveView {
    std::string_view name;   ///< of both files, without their endings
    std::string_view about;  ///< in its first line
    std::uint64_t period_ps = 0;
    std::uint64_t from_cycle = 0;  ///< what it opens on
    std::uint64_t to_cycle = 0;
    unsigned width_pixels = 0;   ///< of the window
    unsigned label_pixels = 0;   ///< of the column of labels
    unsigned height_pixels = 0;  ///< 0: as high as its lines need
    std::vector<SignalGroup> groups;
    std::vector<WaveMarker> markers;  ///< in order of time, 26 at most
};

/// One for each recording that the project has a view of.
[[nodiscard]] const std::vector<WaveView>& wave_views();

/// The save file of GTKWave. Throws ModelError for a signal that no recording has.
[[nodiscard]] std::string wave_view_text(const WaveView& view);

}  // namespace mmusim::tb
