// SPDX-License-Identifier: Apache-2.0
#include "tb/reference/wave_view.hpp"

#include "tb/reference/wave_signals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace mmusim::tb {

namespace {

constexpr std::size_t most_markers = 26;  // A to Z
constexpr std::string_view machine = "SystemC.mmusim";

// What GTKWave needs beside labels and waves, and for a line; seen in its window.
constexpr unsigned frame_width_pixels = 60;
constexpr unsigned frame_height_pixels = 124;
constexpr unsigned line_pixels = 21;

// How a line is shown: GTKWave's flags, and a colour of its palette.
struct Look {
    std::string_view flags;
    unsigned colour = 0;  // 0: its own
};

constexpr unsigned green = 4;
constexpr unsigned blue = 5;

[[nodiscard]] Look look_of(WaveFormat format) {
    switch (format) {
        case WaveFormat::bit: return {.flags = "@28", .colour = green};
        case WaveFormat::decimal: return {.flags = "@24", .colour = blue};
        case WaveFormat::hexadecimal: return {.flags = "@22", .colour = green};
        case WaveFormat::state: break;
    }
    return {.flags = "@2022", .colour = 0};
}

// GTKWave shows 2^-zoom units of time on 200 pixels.
[[nodiscard]] double zoom_of(const WaveView& view) {
    constexpr double pixels = 200;
    const unsigned waves = view.width_pixels - view.label_pixels - frame_width_pixels;
    const auto shown_ps = static_cast<double>((view.to_cycle - view.from_cycle) * view.period_ps);
    return -std::log2(shown_ps * pixels / waves);
}

[[nodiscard]] unsigned height_of(const WaveView& view) {
    if (view.height_pixels != 0) {
        return view.height_pixels;
    }
    std::size_t lines = 0;
    for (const SignalGroup& group : view.groups) {
        lines += group.signals.size() + 2;  // its heading and its end
    }
    return frame_height_pixels + line_pixels * static_cast<unsigned>(lines);
}

class Writer {
  public:
    void header(const WaveView& view) {
        add("[*] {}\n", view.about);
        add("[dumpfile] \"{}.vcd\"\n", view.name);
        add("[savefile] \"{}.gtkw\"\n", view.name);
        add("[timestart] {}\n", view.from_cycle * view.period_ps);
        add("[size] {} {}\n", view.width_pixels, height_of(view));
        add("[pos] -1 -1\n");
        markers(view);
        add("[treeopen] SystemC.\n[treeopen] {}.\n", machine);
        add("[sst_width] 0\n[signals_width] {}\n", view.label_pixels);
        add("[sst_expanded] 0\n[sst_vpaned_height] 100\n");
    }

    void group(const SignalGroup& group) {
        add("@800200\n-{}\n", group.title);
        for (const ShownSignal& shown : group.signals) {
            signal(shown);
        }
        add("@1000200\n-{}\n", group.title);
    }

    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    template <typename... Values>
    void add(fmt::format_string<Values...> format, Values&&... values) {
        fmt::format_to(std::back_inserter(text_), format, std::forward<Values>(values)...);
    }

    // The zoom, where the cursor is (nowhere), and the time of each letter (-1: not set).
    void markers(const WaveView& view) {
        add("*{:.2f} -1", zoom_of(view));
        for (const WaveMarker& marker : view.markers) {
            add(" {}", marker.cycle * view.period_ps);
        }
        for (std::size_t letter = view.markers.size(); letter < most_markers; ++letter) {
            add(" -1");
        }
        add("\n");
        char letter = 'A';
        for (const WaveMarker& marker : view.markers) {
            add("[markername] {}{}\n", letter++, marker.name);
        }
    }

    void signal(const ShownSignal& shown) {
        const WaveSignal& signal = wave_signal_of(shown.name);
        const Look look = look_of(signal.format);
        add("{}\n", look.flags);
        if (look.colour != 0) {
            add("[color] {}\n", look.colour);
        }
        if (signal.format == WaveFormat::state) {
            add("^{} filters/{}.filter\n", number_of(signal.filter), signal.filter);
        }
        add("+{{{}}} {}.{}", shown.label, machine, shown.name);
        if (signal.bits > 1) {
            add("[{}:0]", signal.bits - 1);
        }
        add("\n");
    }

    // GTKWave wants filters numbered from 1, in the order in which they come.
    [[nodiscard]] std::size_t number_of(std::string_view filter) {
        const auto known = std::find(filters_.begin(), filters_.end(), filter);
        const auto index = static_cast<std::size_t>(std::distance(filters_.begin(), known));
        if (known == filters_.end()) {
            filters_.push_back(filter);
        }
        return index + 1;
    }

    std::string text_;
    std::vector<std::string_view> filters_;
};

}  // namespace

std::string wave_view_text(const WaveView& view) {
    Writer writer;
    writer.header(view);
    for (const SignalGroup& group : view.groups) {
        writer.group(group);
    }
    return writer.take();
}

}  // namespace mmusim::tb
