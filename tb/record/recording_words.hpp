// SPDX-License-Identifier: Apache-2.0
// What the recorder inside QEMU sends to the one who writes the recording: packets of 64-bit words.
//
//     packet    1 word     the process, then items to the packet's end, none cut
//     access    1 word     bits 0-47: the address
//                          bits 48-61: the size in bytes, 1 to 4096
//                          bits 62-63: 0 read, 1 write, 2 fetch
//     event     1 word     bits 0-7: which (EventKind)
//                          bits 8-23: how many words of it follow
//                          bits 62-63: 3
//               …          its words
#pragma once

#include "hw/base/access.hpp"

#include <cstddef>
#include <cstdint>

namespace mmusim::tb {

/// What a process tells beside its accesses; behind the dash the words that follow.
enum class EventKind : std::uint8_t {
    page_layout,    ///< a piece of what QEMU says of the program's pages - a text
    host_mappings,  ///< a piece of QEMU's own /proc/self/maps - a text
    file_path,      ///< a piece of the path of the file that the next call maps - a text
    begin,          ///< the program begins; the first two texts are whole - 1: guest base
    call,           ///< a memory call has returned - 10: number, 6 arguments, result, bytes of the
                    ///< file it maps, whether it maps one
    forking,        ///< the process is about to fork - 1: how often it has
    forked,         ///< this is a child that has just been made - 2: its parent, the parent's count
    end,            ///< the process ends
};

inline constexpr unsigned word_type_shift = 62;
inline constexpr unsigned word_size_shift = 48;
inline constexpr std::uint64_t event_word_type = 3;

/// Addresses from here on are none that a program may use.
inline constexpr std::uint64_t guest_address_end = std::uint64_t{1} << 47U;

/// All words of a packet, that of the process too.
inline constexpr std::size_t packet_words = 512;

[[nodiscard]] constexpr std::uint64_t access_word(const Access& access) {
    return static_cast<std::uint64_t>(access.type) << word_type_shift |
           std::uint64_t{access.size_bytes} << word_size_shift | access.address.value;
}

[[nodiscard]] constexpr bool is_event(std::uint64_t word) {
    return word >> word_type_shift == event_word_type;
}

/// The word is no event.
[[nodiscard]] constexpr Access access_of(std::uint64_t word) {
    constexpr std::uint64_t address_mask = (std::uint64_t{1} << word_size_shift) - 1;
    constexpr std::uint64_t size_mask =
        (std::uint64_t{1} << (word_type_shift - word_size_shift)) - 1;
    return {.address = {word & address_mask},
            .size_bytes = static_cast<std::uint32_t>(word >> word_size_shift & size_mask),
            .type = static_cast<AccessType>(word >> word_type_shift)};
}

[[nodiscard]] constexpr std::uint64_t event_word(EventKind kind, std::size_t words) {
    return event_word_type << word_type_shift | std::uint64_t{words} << 8U |
           static_cast<std::uint64_t>(kind);
}

[[nodiscard]] constexpr EventKind event_kind(std::uint64_t word) {
    return static_cast<EventKind>(word & 0xffU);
}

[[nodiscard]] constexpr std::size_t event_words(std::uint64_t word) {
    return word >> 8U & 0xffffU;
}

/// A text within an event: a word with the number of its bytes, then the bytes, the last word
/// filled up by zeros.
[[nodiscard]] constexpr std::size_t text_words(std::size_t bytes) {
    return 1 + (bytes + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t);
}

/// A longer text is sent in pieces.
inline constexpr std::size_t longest_piece_bytes = 2048;

}  // namespace mmusim::tb
