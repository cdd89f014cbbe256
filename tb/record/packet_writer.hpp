// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/record/recording_words.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace mmusim::tb {

/// Where packets go.
class PacketSink {
  public:
    PacketSink() = default;
    PacketSink(const PacketSink&) = delete;
    PacketSink& operator=(const PacketSink&) = delete;
    PacketSink(PacketSink&&) = delete;
    PacketSink& operator=(PacketSink&&) = delete;
    virtual ~PacketSink() = default;

    virtual void send(std::span<const std::uint64_t> packet) = 0;
};

/// Gathers accesses and events of one process in packets. Nothing allocates.
class PacketWriter {
  public:
    /// The sink outlives the writer.
    PacketWriter(PacketSink& sink, std::uint64_t process) : sink_(sink) { words_[0] = process; }

    /// From now on it is another process; what is gathered has been sent.
    void set_process(std::uint64_t process) { words_[0] = process; }

    /// An access by its word.
    void add(std::uint64_t word) {
        words_[size_] = word;
        ++size_;
        if (size_ == packet_words) {
            flush();
        }
    }

    void add_event(EventKind kind, std::initializer_list<std::uint64_t> words);

    /// Sends the text of an event, in pieces if it is long.
    void add_text(EventKind kind, std::string_view text);

    /// Sends what is gathered.
    void flush();

  private:
    void make_room(std::size_t words);
    void add_piece(EventKind kind, std::string_view piece);

    PacketSink& sink_;
    std::array<std::uint64_t, packet_words> words_{};
    std::size_t size_ = 1;
};

}  // namespace mmusim::tb
