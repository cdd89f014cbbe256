// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/figures.hpp"

#include <fmt/format.h>

namespace mmusim::tests {

std::string in_words(const Figures& figures) {
    std::string words = fmt::format("{}/{}", figures.minor, figures.major);
    for (const auto& end : {figures.signal, figures.error}) {
        if (end) {
            words += fmt::format(" {}", *end);
        }
    }
    return words;
}

}  // namespace mmusim::tests
