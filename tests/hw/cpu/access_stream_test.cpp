// SPDX-License-Identifier: Apache-2.0
#include "hw/cpu/access_stream.hpp"

#include "tests/support/printing.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace mmusim::hw::access_stream_test {
namespace {

// Gives out batches of the sizes that it is told.
class Batches final : public AccessSource {
  public:
    explicit Batches(std::vector<std::size_t> sizes) : sizes_(std::move(sizes)) {}

    std::span<const Access> next_batch() override {
        batch_.clear();
        if (next_ < sizes_.size()) {
            for (std::size_t left = sizes_[next_++]; left > 0; --left) {
                batch_.push_back({.address = {address_++}});
            }
        }
        return batch_;
    }

  private:
    std::vector<std::size_t> sizes_;
    std::size_t next_ = 0;
    std::uint64_t address_ = 0;
    std::vector<Access> batch_;
};

TEST_CASE("a stream gives the accesses of all batches in order, each once") {
    Batches source({1, 3, 2});
    AccessStream stream(source);

    for (std::uint64_t number = 0; number < 6; ++number) {
        REQUIRE_FALSE(stream.ended());
        CHECK(stream.taken() == number);
        CHECK(stream.take().address == VirtualAddress{number});
    }
    CHECK(stream.ended());
    CHECK(stream.ended());
    CHECK(stream.taken() == 6);
}

TEST_CASE("asking twice whether a stream has ended loses nothing") {
    Batches source({2});
    AccessStream stream(source);

    CHECK_FALSE(stream.ended());
    CHECK_FALSE(stream.ended());
    CHECK(stream.take().address == VirtualAddress{0});
    CHECK_FALSE(stream.ended());
    CHECK(stream.take().address == VirtualAddress{1});
}

TEST_CASE("a new measurement counts from zero and goes on where the stream was") {
    Batches source({3});
    AccessStream stream(source);
    CHECK_FALSE(stream.ended());
    CHECK(stream.take().address == VirtualAddress{0});

    stream.reset_taken();

    CHECK(stream.taken() == 0);
    CHECK(stream.take().address == VirtualAddress{1});
    CHECK(stream.taken() == 1);
}

TEST_CASE("a new measurement counts what is yet to be made, and not what is given back then") {
    Batches source({3});
    AccessStream stream(source);
    CHECK_FALSE(stream.ended());
    CHECK(stream.take().address == VirtualAddress{0});
    CHECK(stream.take().address == VirtualAddress{1});

    stream.reset_taken(2);
    stream.give_back();

    CHECK(stream.taken() == 1);
    CHECK(stream.take().address == VirtualAddress{2});
    CHECK(stream.taken() == 2);
}

}  // namespace
}  // namespace mmusim::hw::access_stream_test
