// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/trace_in_parts.hpp"

#include "tests/support/input_error.hpp"
#include "tests/tb/trace/traces.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace mmusim::tb::trace_in_parts_test {

using tests::all_of;
using tests::input_error_of;
using tests::read_of;

namespace {

/// Reads of bytes 0, 1, 2 …, three at a time.
class ThreeAtATime final : public AccessSource {
  public:
    explicit ThreeAtATime(std::uint64_t count) : count_(count) {}

    [[nodiscard]] std::span<const Access> next_batch() override {
        batch_.clear();
        while (batch_.size() < 3 && done_ < count_) {
            batch_.push_back(read_of(done_, 1));
            ++done_;
        }
        return batch_;
    }

  private:
    std::uint64_t count_;
    std::uint64_t done_ = 0;
    std::vector<Access> batch_;
};

[[nodiscard]] TraceInParts trace_of(std::uint64_t count) {
    return {"t.mmutrace", std::make_unique<ThreeAtATime>(count)};
}

/// The addresses of the accesses.
[[nodiscard]] std::vector<std::uint64_t> all_addresses(AccessSource& source) {
    std::vector<std::uint64_t> addresses;
    for (const Access& access : all_of(source)) {
        addresses.push_back(access.address.value);
    }
    return addresses;
}

[[nodiscard]] std::vector<std::uint64_t> next_part(TraceInParts& trace, std::uint64_t accesses) {
    TracePart part(trace, accesses);
    return all_addresses(part);
}

}  // namespace

TEST_CASE("each part begins where the one before ended", "[trace_in_parts]") {
    TraceInParts trace = trace_of(10);
    CHECK(next_part(trace, 1) == std::vector<std::uint64_t>{0});
    CHECK(next_part(trace, 2) == std::vector<std::uint64_t>{1, 2});
    CHECK(next_part(trace, 5) == std::vector<std::uint64_t>{3, 4, 5, 6, 7});
    CHECK(next_part(trace, 2) == std::vector<std::uint64_t>{8, 9});
}

TEST_CASE("what is left of a part can be skipped", "[trace_in_parts]") {
    TraceInParts trace = trace_of(10);
    TracePart part(trace, 7);
    CHECK(part.next_batch().size() == 3);
    part.skip_rest();
    CHECK(part.next_batch().empty());
    CHECK(next_part(trace, 1) == std::vector<std::uint64_t>{7});
}

TEST_CASE("a part that is longer than the trace is an error", "[trace_in_parts]") {
    TraceInParts trace = trace_of(4);
    CHECK(input_error_of([&] { static_cast<void>(next_part(trace, 6)); }) ==
          "t.mmutrace: has no more accesses, expected at least 2 more");
}

}  // namespace mmusim::tb::trace_in_parts_test
