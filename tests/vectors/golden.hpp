// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/input/byte_stream.hpp"

#include <string>

namespace mmusim::tests {

/// The stimuli of a format, "sv39".
[[nodiscard]] inline std::string golden_stimuli(const std::string& format) {
    return std::string(MMUSIM_VECTORS) + "/" + format + ".stimuli.txt.xz";
}

/// The text of its answers.
[[nodiscard]] inline std::string golden_answers(const std::string& format) {
    tb::ByteStream bytes(std::string(MMUSIM_VECTORS) + "/" + format + ".answers.txt.xz");
    std::string text;
    while (bytes.read_more()) {
        text += bytes.window();
        bytes.consume(bytes.window().size());
    }
    return text;
}

}  // namespace mmusim::tests
