// SPDX-License-Identifier: Apache-2.0
// What the TLBs make of the golden model's page tables: a hit is judged as the walk that filled it,
// and a fault leaves no trace.
#include "tb/vectors/plain_judge.hpp"
#include "tb/vectors/timed_judge_module.hpp"
#include "tests/vectors/golden.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace mmusim::tests::hits_test {

namespace {

using tb::ImageWord;
using tb::WalkAnswer;
using tb::WalkTest;

using Entries = std::vector<hw::TlbArray::Entry>;

/// What may change when an access is made.
struct State {
    Entries l1;
    Entries l2;
    std::vector<std::uint64_t> words{};

    bool operator==(const State&) const = default;
};

/// A timed machine and the walk alone, before the same image.
class Bench {
  public:
    explicit Bench(hw::PagingMode mode) : timed(mode), plain(mode) {}

    void begin_image() {
        timed.restore();
        timed.begin_image();
        plain.begin_image();
        words_.clear();
    }

    void write(const ImageWord& word) {
        timed.write(word);
        plain.write(word);
        words_.push_back(word);
    }

    [[nodiscard]] State state() {
        State result{.l1 = timed.machine().l1().array().entries(),
                     .l2 = timed.machine().l2().array().entries()};
        for (const ImageWord& word : words_) {
            result.words.push_back(timed.machine().read(word.address, 8));
        }
        return result;
    }

    tb::TimedJudge timed;
    tb::PlainJudge plain;

  private:
    std::vector<ImageWord> words_;
};

[[nodiscard]] bool faulted(const WalkAnswer& answer) {
    return std::holds_alternative<hw::FaultCause>(answer.outcome);
}

/// Calls `judge(bench, test)` for each test whose address is virtual, with its image in memory.
template <typename Judge>
void for_each_test(const std::string& format, Judge&& judge) {
    const tb::WalkVectors vectors = tb::read_walk_vectors(golden_stimuli(format));
    Bench bench(vectors.mode);
    for (const tb::VectorLine& line : vectors.lines) {
        if (std::holds_alternative<tb::NewImage>(line)) {
            bench.begin_image();
        } else if (const auto* word = std::get_if<ImageWord>(&line)) {
            bench.write(*word);
        } else if (const auto& test = std::get<WalkTest>(line); test.translated) {
            judge(bench, test);
        }
    }
}

/// The request in every other state of the hart that uses the same page tables.
[[nodiscard]] std::vector<hw::TranslationRequest> variants_of(
    const hw::TranslationRequest& request) {
    std::vector<hw::TranslationRequest> variants;
    for (const AccessType type : {AccessType::read, AccessType::write, AccessType::fetch}) {
        for (const Privilege privilege : {Privilege::user, Privilege::supervisor}) {
            for (const bool sum : {false, true}) {
                for (const bool mxr : {false, true}) {
                    hw::TranslationRequest variant = request;
                    variant.type = type;
                    variant.context.privilege = privilege;
                    variant.context.supervisor_user_memory = sum;
                    variant.context.make_executable_readable = mxr;
                    variants.push_back(variant);
                }
            }
        }
    }
    return variants;
}

// The same access again, and then every other one to that page, is judged from the TLB as from the
// tables.
void check_hits(Bench& bench, const WalkTest& test) {
    const WalkAnswer miss = bench.timed.access(test.request);
    if (faulted(miss)) {
        bench.timed.restore();
        return;
    }
    REQUIRE(bench.timed.machine().translation().walked);
    const WalkAnswer hit = bench.timed.access(test.request);
    CAPTURE(test.id);
    REQUIRE(hit.outcome == miss.outcome);
    REQUIRE(hit.writes.empty());
    REQUIRE(bench.timed.machine().translation().levels == 1);
    REQUIRE_FALSE(bench.timed.machine().translation().walked);
    for (const hw::TranslationRequest& variant : variants_of(test.request)) {
        const WalkAnswer from_tables = bench.plain.translate(variant);
        const WalkAnswer from_tlb = bench.timed.access(variant);
        REQUIRE(from_tlb.outcome == from_tables.outcome);
        REQUIRE_FALSE(bench.timed.machine().translation().walked);
        // What the walk would have set is set by now, perhaps by an access before.
        for (const tb::EntryWrite& write : from_tables.writes) {
            const std::uint64_t entry = bench.timed.machine().read(write.address, write.bytes);
            REQUIRE((entry & write.after) == write.after);
        }
    }
    bench.timed.restore();
}

// Nothing is written and nothing filled, with empty TLBs and with what earlier accesses left there.
void check_faults(Bench& bench, const WalkTest& test) {
    const State before = bench.state();
    const WalkAnswer answer = bench.timed.access(test.request);
    CAPTURE(test.id);
    if (faulted(answer)) {
        REQUIRE(answer.writes.empty());
        REQUIRE(bench.state() == before);
    }
}

}  // namespace

TEST_CASE("a hit answers as the walk did for Sv32") {
    for_each_test("sv32", check_hits);
}

TEST_CASE("a hit answers as the walk did for Sv39") {
    for_each_test("sv39", check_hits);
}

TEST_CASE("a hit answers as the walk did for Sv48") {
    for_each_test("sv48", check_hits);
}

TEST_CASE("a hit answers as the walk did for Sv57") {
    for_each_test("sv57", check_hits);
}

TEST_CASE("a fault changes neither TLBs nor memory for Sv32") {
    for_each_test("sv32", check_faults);
}

TEST_CASE("a fault changes neither TLBs nor memory for Sv39") {
    for_each_test("sv39", check_faults);
}

TEST_CASE("a fault changes neither TLBs nor memory for Sv48") {
    for_each_test("sv48", check_faults);
}

TEST_CASE("a fault changes neither TLBs nor memory for Sv57") {
    for_each_test("sv57", check_faults);
}

}  // namespace mmusim::tests::hits_test
