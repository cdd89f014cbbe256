// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/enumeration.hpp"
#include "hw/base/types.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace mmusim::hw {

/// The order of things within one cycle. SystemC leaves the order of processes open; here it is
/// decided, so that results do not depend on the kernel.
enum class CyclePhase : std::uint8_t {
    answer,     ///< data arrives, walks end, TLBs are filled, waiting requesters are told
    software,   ///< the operating system goes on: page tables written, TLBs fenced
    issue,      ///< the core issues; its first TLB looks up in the same step
    lookup,     ///< TLBs further down look up
    arbitrate,  ///< walkers take requests; they, caches and the core speak to memory
    observe,    ///< waves and other onlookers
};

[[nodiscard]] constexpr auto enumerator_names(CyclePhase) {
    return std::array<std::string_view, 6>{"answer", "software",  "issue",
                                           "lookup", "arbitrate", "observe"};
}

/// Something that a module will do at a time it has named. The module owns it and must not name
/// another time before it was done.
class Action {
  public:
    Action() = default;
    Action(const Action&) = delete;
    Action& operator=(const Action&) = delete;
    Action(Action&&) = delete;
    Action& operator=(Action&&) = delete;
    virtual ~Action() = default;

    virtual void perform() = 0;
};

/// The action that calls one member function of its owner.
template <typename Owner>
class MemberAction final : public Action {
  public:
    using Method = void (Owner::*)();

    MemberAction(Owner& owner, Method method) : owner_(owner), method_(method) {}

    void perform() override { (owner_.*method_)(); }

  private:
    Owner& owner_;
    Method method_;
};

/// What is to be done and when: by cycle, within a cycle by phase, within a phase first come, first
/// served.
class Agenda {
  public:
    void add(Cycles when, CyclePhase phase, Action& action) {
        const std::uint64_t order = static_cast<std::uint64_t>(phase) << phase_shift | ++sequence_;
        entries_.push_back({.when = when, .order = order, .action = &action});
        std::push_heap(entries_.begin(), entries_.end(), later);
    }

    [[nodiscard]] bool empty() const { return entries_.empty(); }

    /// The cycle of the earliest entry; there is one.
    [[nodiscard]] Cycles next() const { return entries_.front().when; }

    /// Removes the earliest entry; there is one.
    [[nodiscard]] Action& take() {
        std::pop_heap(entries_.begin(), entries_.end(), later);
        Action* const action = entries_.back().action;
        entries_.pop_back();
        return *action;
    }

  private:
    struct Entry {
        Cycles when;
        std::uint64_t order = 0;
        Action* action = nullptr;
    };

    // The sequence has the low bits: enough for 10^16 entries.
    static constexpr unsigned phase_shift = 56;

    [[nodiscard]] static bool later(const Entry& left, const Entry& right) {
        return left.when != right.when ? left.when > right.when : left.order > right.order;
    }

    std::vector<Entry> entries_;
    std::uint64_t sequence_ = 0;
};

}  // namespace mmusim::hw
