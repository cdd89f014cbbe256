// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mmusim::tb {

inline constexpr std::uint64_t empty_checksum = 0xcbf29ce484222325;

/// A number that other bytes are unlikely to have (FNV-1a of 64 bits), going on from that of the
/// bytes before: it finds accidents, not malice.
[[nodiscard]] constexpr std::uint64_t checksum(std::string_view bytes,
                                               std::uint64_t before = empty_checksum) {
    constexpr std::uint64_t prime = 0x100000001b3;
    std::uint64_t sum = before;
    for (const char byte : bytes) {
        sum = (sum ^ static_cast<unsigned char>(byte)) * prime;
    }
    return sum;
}

/// Of the bytes of a file, as hexadecimal digits; empty if it is no regular file that can be read.
[[nodiscard]] std::string file_checksum(const std::string& path);

}  // namespace mmusim::tb
