// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tests {

/// What came of one line of a script, in the model or in the kernel.
struct Figures {
    std::uint64_t minor = 0;
    std::uint64_t major = 0;
    std::optional<std::string> signal{};  ///< as in a result: `SIGSEGV MAPERR`
    std::optional<std::string> error{};   ///< `EINVAL`

    bool operator==(const Figures&) const = default;
};

/// Minor faults, major faults, and what ended the line, if anything did: `32/0 SIGSEGV ACCERR`.
[[nodiscard]] std::string in_words(const Figures& figures);

}  // namespace mmusim::tests
