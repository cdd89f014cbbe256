// SPDX-License-Identifier: Apache-2.0
#include "tb/record/packet_writer.hpp"

#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <string>
#include <vector>

namespace mmusim::tb::packet_writer_test {

namespace {

using Packet = std::vector<std::uint64_t>;

class KeptPackets final : public PacketSink {
  public:
    void send(std::span<const std::uint64_t> packet) override {
        packets.emplace_back(packet.begin(), packet.end());
    }

    std::vector<Packet> packets;
};

/// The text that the packets hold piece by piece, and nothing else.
[[nodiscard]] std::string text_in(const std::vector<Packet>& packets) {
    std::string text;
    for (const Packet& packet : packets) {
        std::span<const std::uint64_t> rest = std::span(packet).subspan(1);
        while (!rest.empty()) {
            REQUIRE(is_event(rest.front()));
            REQUIRE(event_words(rest.front()) == text_words(rest[1]));
            text.append(reinterpret_cast<const char*>(&rest[2]), rest[1]);
            rest = rest.subspan(1 + event_words(rest.front()));
        }
    }
    return text;
}

}  // namespace

TEST_CASE("a word holds an access", "[packet_writer]") {
    for (const Access& access : {tests::read_of(0, 1), tests::write_of(0x7fff'ffff'ffff, 4096),
                                 tests::fetch_of(0x40'0280'9001, 15)}) {
        CHECK(access_of(access_word(access)) == access);
        CHECK_FALSE(is_event(access_word(access)));
    }
}

TEST_CASE("what is gathered is sent when it is asked for", "[packet_writer]") {
    KeptPackets sink;
    PacketWriter writer(sink, 77);
    writer.add(access_word(tests::read_of(0x1000, 8)));
    writer.add_event(EventKind::forking, {5});
    CHECK(sink.packets.empty());
    writer.flush();
    writer.flush();
    CHECK(sink.packets == std::vector<Packet>{{77, access_word(tests::read_of(0x1000, 8)),
                                               event_word(EventKind::forking, 1), 5}});
}

TEST_CASE("a full packet is sent at once", "[packet_writer]") {
    KeptPackets sink;
    PacketWriter writer(sink, 77);
    for (std::size_t word = 1; word < packet_words; ++word) {
        CHECK(sink.packets.empty());
        writer.add(word);
    }
    REQUIRE(sink.packets.size() == 1);
    CHECK(sink.packets.front().size() == packet_words);
    writer.flush();
    CHECK(sink.packets.size() == 1);
}

TEST_CASE("an event is never cut", "[packet_writer]") {
    KeptPackets sink;
    PacketWriter writer(sink, 77);
    for (std::size_t word = 1; word < packet_words - 2; ++word) {
        writer.add(word);
    }
    writer.add_event(EventKind::forked, {1, 2});
    writer.flush();
    REQUIRE(sink.packets.size() == 2);
    CHECK(sink.packets.back() == Packet{77, event_word(EventKind::forked, 2), 1, 2});
}

TEST_CASE("a text arrives as it was, however long", "[packet_writer]") {
    for (const std::size_t bytes :
         {std::size_t{0}, std::size_t{1}, std::size_t{8}, longest_piece_bytes,
          longest_piece_bytes + 1, 10 * longest_piece_bytes + 5}) {
        std::string text;
        for (std::size_t index = 0; index < bytes; ++index) {
            text += static_cast<char>('a' + index % 26);
        }
        KeptPackets sink;
        PacketWriter writer(sink, 77);
        writer.add(1);
        writer.flush();
        sink.packets.clear();
        writer.add_text(EventKind::file_path, text);
        writer.flush();
        CHECK(text_in(sink.packets) == text);
    }
}

}  // namespace mmusim::tb::packet_writer_test
