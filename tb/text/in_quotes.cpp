// SPDX-License-Identifier: Apache-2.0
#include "tb/text/in_quotes.hpp"

#include <fmt/format.h>

namespace mmusim::tb {

std::string in_quotes(std::string_view bytes) {
    constexpr std::size_t longest = 40;
    std::string text = "\"";
    for (const char byte : bytes.substr(0, longest)) {
        const auto code = static_cast<unsigned char>(byte);
        const bool printable = code >= ' ' && code < 0x7f;
        text += printable ? std::string(1, byte) : fmt::format("\\x{:02x}", code);
    }
    return text + (bytes.size() > longest ? "…\"" : "\"");
}

}  // namespace mmusim::tb
