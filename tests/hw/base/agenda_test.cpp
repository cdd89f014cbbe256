// SPDX-License-Identifier: Apache-2.0
#include "hw/base/agenda.hpp"

#include "hw/base/random.hpp"

#include <catch2/catch.hpp>

#include <memory>

namespace mmusim::hw::agenda_test {
namespace {

class Noted final : public Action {
  public:
    Noted(std::vector<int>& performed, int number) : performed_(performed), number_(number) {}

    void perform() override { performed_.push_back(number_); }

  private:
    std::vector<int>& performed_;
    int number_;
};

void perform_all(Agenda& agenda) {
    while (!agenda.empty()) {
        agenda.take().perform();
    }
}

TEST_CASE("an agenda goes by cycle, then by phase, then first come, first served") {
    std::vector<int> performed;
    Noted first(performed, 1);
    Noted second(performed, 2);
    Noted third(performed, 3);
    Noted fourth(performed, 4);
    Noted fifth(performed, 5);
    Agenda agenda;

    agenda.add(Cycles{8}, CyclePhase::answer, fifth);
    agenda.add(Cycles{7}, CyclePhase::observe, fourth);
    agenda.add(Cycles{7}, CyclePhase::issue, second);
    agenda.add(Cycles{7}, CyclePhase::issue, third);
    agenda.add(Cycles{7}, CyclePhase::answer, first);

    CHECK(agenda.next() == Cycles{7});
    perform_all(agenda);
    CHECK(performed == std::vector{1, 2, 3, 4, 5});
}

TEST_CASE("the phases of a cycle are in the order that the model relies on") {
    CHECK(names_of<CyclePhase> == std::array<std::string_view, 6>{"answer", "software", "issue",
                                                                  "lookup", "arbitrate",
                                                                  "observe"});
    CHECK(static_cast<int>(CyclePhase::answer) == 0);
    CHECK(static_cast<int>(CyclePhase::observe) == 5);
}

TEST_CASE("an agenda of thousands of entries is a stable sort by cycle and phase") {
    constexpr int count = 5000;
    struct Entry {
        std::uint64_t cycle;
        std::uint64_t phase;
        int number;
    };
    std::vector<Entry> entries;
    std::vector<int> performed;
    std::vector<std::unique_ptr<Noted>> actions;
    Agenda agenda;
    Random random(1);

    for (int number = 0; number < count; ++number) {
        const Entry entry{.cycle = random.below(100), .phase = random.below(6), .number = number};
        entries.push_back(entry);
        actions.push_back(std::make_unique<Noted>(performed, number));
        agenda.add(Cycles{entry.cycle}, static_cast<CyclePhase>(entry.phase), *actions.back());
    }
    perform_all(agenda);

    std::stable_sort(entries.begin(), entries.end(), [](const Entry& left, const Entry& right) {
        return left.cycle != right.cycle ? left.cycle < right.cycle : left.phase < right.phase;
    });
    std::vector<int> expected;
    expected.reserve(entries.size());
    for (const Entry& entry : entries) {
        expected.push_back(entry.number);
    }
    CHECK(performed == expected);
}

}  // namespace
}  // namespace mmusim::hw::agenda_test
