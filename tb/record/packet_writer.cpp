// SPDX-License-Identifier: Apache-2.0
#include "tb/record/packet_writer.hpp"

#include <algorithm>
#include <cstring>

namespace mmusim::tb {

static_assert(text_words(longest_piece_bytes) + 2 <= packet_words);

void PacketWriter::add_event(EventKind kind, std::initializer_list<std::uint64_t> words) {
    make_room(1 + words.size());
    add(event_word(kind, words.size()));
    for (const std::uint64_t word : words) {
        add(word);
    }
}

void PacketWriter::add_text(EventKind kind, std::string_view text) {
    while (!text.empty()) {
        const std::size_t bytes = std::min(text.size(), longest_piece_bytes);
        add_piece(kind, text.substr(0, bytes));
        text.remove_prefix(bytes);
    }
}

void PacketWriter::add_piece(EventKind kind, std::string_view piece) {
    const std::size_t words = text_words(piece.size());
    make_room(1 + words);
    words_[size_] = event_word(kind, words);
    words_[size_ + 1] = piece.size();
    const std::span<std::uint64_t> place(&words_[size_ + 2], words - 1);
    std::fill(place.begin(), place.end(), 0);
    std::memcpy(place.data(), piece.data(), piece.size());
    size_ += 1 + words;
    if (size_ == packet_words) {
        flush();
    }
}

void PacketWriter::make_room(std::size_t words) {
    if (size_ + words > packet_words) {
        flush();
    }
}

void PacketWriter::flush() {
    if (size_ > 1) {
        sink_.send(std::span(words_).first(size_));
        size_ = 1;
    }
}

}  // namespace mmusim::tb
