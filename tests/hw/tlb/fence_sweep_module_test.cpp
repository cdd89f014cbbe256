// SPDX-License-Identifier: Apache-2.0
// Fences at any cycle of lookups, walks and fills. A page-table entry is changed and then fenced
// while requests for its page are under way, which may have A and D to set. Until the fence both
// the old page and the new one may be answered; a request made after a fence that names the page
// must get the new one, no TLB may keep the old, and no update may bring the old entry back.
#include "hw/base/random.hpp"
#include "hw/tlb/tlb_module.hpp"
#include "hw/walker/walker_module.hpp"
#include "tests/support/page_table_image.hpp"
#include "tests/support/printing.hpp"
#include "tests/support/simulation.hpp"
#include "tests/support/test_memories.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace mmusim::hw::fence_sweep_module_test {
namespace {

constexpr PhysicalPageNumber root{0x8'0100};

/// Asks for one translation at a time, and hands over the answers.
class Prober final : public sc_core::sc_module {
  public:
    using Listener = std::function<void(Cycles issued, const TranslationExtension& answer)>;

    tlm_utils::simple_initiator_socket<Prober> initiator{"initiator"};

    Prober(const sc_core::sc_module_name& name, ClockModule& clock, Listener listener)
        : sc_module(name), clock_(clock), listener_(std::move(listener)) {
        initiator.register_nb_transport_bw(this, &Prober::answered);
    }

    void ask(Cycles when, const TranslationRequest& request) {
        request_ = request;
        clock_.at(when, CyclePhase::issue, ask_action_);
    }
    [[nodiscard]] bool under_way() const { return under_way_; }

  private:
    void ask_now() {
        under_way_ = true;
        issued_ = clock_.now();
        payload_.begin(request_, false);
        payload_.translation().latency = {};
        tlm::tlm_phase phase = tlm::BEGIN_REQ;
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        if (initiator->nb_transport_fw(payload_.payload(), phase, delay) == tlm::TLM_COMPLETED) {
            clock_.at(issued_ + clock_.to_cycles(delay), CyclePhase::answer, answer_action_);
        }
    }
    tlm::tlm_sync_enum answered(tlm::tlm_generic_payload& /*payload*/, tlm::tlm_phase& phase,
                                sc_core::sc_time& /*delay*/) {
        answer();
        phase = tlm::END_RESP;
        return tlm::TLM_COMPLETED;
    }
    void answer() {
        under_way_ = false;
        listener_(issued_, payload_.translation());
    }

    ClockModule& clock_;
    Listener listener_;
    TranslationRequest request_;
    TranslationPayload payload_;
    bool under_way_ = false;
    Cycles issued_;
    MemberAction<Prober> ask_action_{*this, &Prober::ask_now};
    MemberAction<Prober> answer_action_{*this, &Prober::answer};
};

struct SweepMachine {
    TlbParameters first{.sets = 2, .ways = 2, .hit_latency_cycles = {1}, .mshrs = 2};
    TlbParameters second{.sets = 4, .ways = 2, .hit_latency_cycles = {3}, .mshrs = 2};
    WalkerParameters walker{
        .count = 2, .start_cycles = {1}, .step_cycles = {1}, .finish_cycles = {2}};
    WalkCacheParameters walk_cache{};
    Cycles memory_latency{3};
};

constexpr Asid asked_asid{1};
constexpr Asid other_asid{2};

/// The pages whose mapping changes: one of each size, with a leaf at this level.
struct SweptPage {
    VirtualAddress address;
    unsigned level = 0;
    PageSize size;
};
constexpr std::array<SweptPage, 4> swept_pages{{
    {.address = {0x1234'5000}, .level = 0, .size = {12}},
    {.address = {0x2222'0000}, .level = 0, .size = napot_page_size},
    {.address = {0x3340'0000}, .level = 1, .size = {21}},
    {.address = {0x8000'0000}, .level = 2, .size = {30}},
}};

class FenceSweep {
  public:
    FenceSweep(const SweepMachine& machine, std::uint64_t seed)
        : memory_("memory", machine.memory_latency, simulation_.clock()),
          tables_(memory_.image(), PagingMode::sv39, root),
          walker_("walker", machine.walker, machine.walk_cache, {}, 1, simulation_.clock()),
          second_("second", machine.second, {}, 2, simulation_.clock()),
          first_a_("first_a", machine.first, {}, 3, simulation_.clock()),
          first_b_("first_b", machine.first, {}, 4, simulation_.clock()),
          prober_a_("prober_a", simulation_.clock(),
                    [this](Cycles issued, const TranslationExtension& answer) {
                        answered(prober_a_, issued, answer);
                    }),
          prober_b_("prober_b", simulation_.clock(),
                    [this](Cycles issued, const TranslationExtension& answer) {
                        answered(prober_b_, issued, answer);
                    }),
          random_(seed) {
        prober_a_.initiator.bind(first_a_.upstream_target);
        prober_b_.initiator.bind(first_b_.upstream_target);
        for (TlbModule* const first : {&first_a_, &first_b_}) {
            first->downstream_initiator.bind(second_.upstream_target);
            first->set_lower_level(second_);
        }
        second_.downstream_initiator.bind(walker_.upstream_target);
        walker_.memory_initiator.bind(memory_.upstream_target);
    }

    /// Goes on until a request was under way at that many fences.
    void run(std::uint64_t interleavings) {
        wanted_ = interleavings;
        begin(Cycles{0});
        simulation_.run();
    }

    /// How many fences found a walker in each state; idle: no walker was at work, but a lookup or a
    /// fill was on its way.
    [[nodiscard]] const std::map<WalkerState, std::uint64_t>& by_state() const { return by_state_; }
    [[nodiscard]] const std::string& first_error() const { return first_error_; }
    [[nodiscard]] std::uint64_t counted() const { return counted_; }
    [[nodiscard]] std::uint64_t squashed() const { return walker_.statistics().squashed; }

    void check_conservation() const {
        const WalkerStatistics walked = walker_.statistics();
        CHECK(walked.walks == walked.completed + walked.faulted + walked.squashed);
        const TlbStatistics last = second_.statistics();
        CHECK(last.lookups == last.hits + last.misses);
        CHECK(last.misses == walked.walks + last.mshr_merges - walked.rewalks);
    }

  private:
    static constexpr std::uint64_t longest_offset = 40;

    void begin(Cycles now) {
        page_ = swept_pages[random_.below(swept_pages.size())];
        global_ = random_.below(3) == 0;
        stores_ = page_.size != napot_page_size && random_.below(2) == 0;
        accessed_ = !stores_ || random_.below(2) == 0;
        new_page_stored_to_ = false;
        old_version_ = new_version_ + 1;
        new_version_ = old_version_ + 1;
        written_yet_ = false;
        map(old_version_);
        fence_ = pick_fence();
        // A fence with an address says nothing of pointers.
        table_changes_ = page_.size == base_page_size && !fence_.address && random_.below(2) == 0;
        // Sometimes the second TLB knows the page already, so that the first is filled from there.
        const bool preloaded = random_.below(3) == 0;
        start_ = now + Cycles{preloaded ? 100U : 1U};
        written_ = start_ + Cycles{random_.below(longest_offset)};
        fenced_ = written_ + Cycles{random_.below(longest_offset) / (1 + random_.below(8))};
        fence_done_ = false;
        running_ = 2;
        if (preloaded) {
            prober_b_.ask(now + Cycles{1}, request());
        } else {
            prober_b_.ask(start_ + Cycles{random_.below(longest_offset)}, request());
        }
        prober_a_.ask(start_, request());
        simulation_.clock().at(written_, CyclePhase::software, write_action_);
    }

    void map(std::uint64_t version) {
        PageFlags flags{PageFlags::valid_bit | PageFlags::user_bit | PageFlags::read_bit |
                        PageFlags::write_bit | PageFlags::execute_bit};
        flags = global_ ? flags.with(PageFlags::global_bit) : flags;
        flags = accessed_ ? flags.with(PageFlags::accessed_bit) : flags;
        flags = stores_ ? flags : flags.with(PageFlags::dirty_bit);
        if (page_.size == napot_page_size) {
            tables_.map_napot(page_.address, frame_of(version));
            return;
        }
        tables_.map(page_.address, frame_of(version), page_.level, flags);
    }

    // The new entry is in another table, to which the pointer above is turned.
    void map_in_another_table(std::uint64_t version) {
        const PhysicalAddress pointer = tables_.entry_address(page_.address, 1);
        const PageTableEntry old_pointer = tables_.entry_at(pointer);
        const PhysicalAddress old_leaf = tables_.entry_address(page_.address, 0);
        const PageFlags flags = tables_.entry_at(old_leaf).flags();
        tables_.write_entry(spare_table_.address() + old_leaf.page_offset(),
                            PageTableEntry::make(frame_of(version), flags));
        tables_.write_entry(pointer, PageTableEntry::make(spare_table_, old_pointer.flags()));
        spare_table_ = old_pointer.page_number();
    }

    [[nodiscard]] PhysicalPageNumber frame_of(std::uint64_t version) const {
        return {version << page_.size.page_number_bits_inside()};
    }

    [[nodiscard]] VirtualAddress some_address() {
        return page_.address + random_.below(page_.size.bytes());
    }

    [[nodiscard]] TranslationRequest request() {
        const bool store = stores_ && random_.below(2) == 0;
        return {.address = some_address(),
                .type = store ? AccessType::write : AccessType::read,
                .context = {.root = root, .asid = asked_asid, .hardware_ad_update = true}};
    }

    [[nodiscard]] Fence pick_fence() {
        Fence fence;
        const std::uint64_t kind = random_.below(7);
        if (kind == 1 || kind == 3 || kind == 5) {
            fence.asid = asked_asid;
        }
        if (kind == 6) {
            fence.asid = other_asid;
        }
        if (kind == 2 || kind == 3) {
            fence.address = some_address();
        }
        if (kind == 4 || kind == 5) {
            fence.address = VirtualAddress{0x7654'0000};
        }
        return fence;
    }

    [[nodiscard]] bool fence_names_page() const {
        const bool global = global_ && page_.size != napot_page_size;
        const bool space = !fence_.asid || (*fence_.asid == asked_asid && !global);
        const bool place = !fence_.address || (fence_.address->value >> page_.size.log2_bytes ==
                                               page_.address.value >> page_.size.log2_bytes);
        return space && place;
    }

    void write() {
        if (table_changes_) {
            map_in_another_table(new_version_);
        } else {
            map(new_version_);
        }
        written_yet_ = true;
        simulation_.clock().at(fenced_, CyclePhase::software, fence_action_);
    }

    void fence_everything(const Fence& fence) {
        for (FenceTarget* const target :
             std::initializer_list<FenceTarget*>{&first_a_, &first_b_, &second_, &walker_}) {
            target->fence(fence);
        }
    }

    void fence() {
        count_state();
        fence_everything(fence_);
        fence_done_ = true;
    }

    void count_state() {
        if (!prober_a_.under_way() && !prober_b_.under_way()) {
            return;
        }
        ++counted_;
        bool at_work = false;
        for (const WalkerState state : walker_.states()) {
            if (state != WalkerState::idle) {
                ++by_state_[state];
                at_work = true;
            }
        }
        if (!at_work) {
            ++by_state_[WalkerState::idle];
        }
    }

    void answered(Prober& prober, Cycles issued, const TranslationExtension& answer) {
        const Cycles now = simulation_.clock().now();
        judge(issued, answer);
        // Within a cycle, the software fences before the core issues.
        const bool asked_after_fence = fence_done_ && issued >= fenced_;
        if (asked_after_fence) {
            end_if_last(now);
            return;
        }
        const bool preload = issued < start_;
        const Cycles again =
            preload ? start_ + Cycles{random_.below(longest_offset)} : now + Cycles{1};
        prober.ask(std::max(again, now + Cycles{1}), request());
    }

    void judge(Cycles issued, const TranslationExtension& answer) {
        const Cycles now = simulation_.clock().now();
        const bool only_new = fence_done_ && issued >= fenced_ && fence_names_page();
        const std::uint64_t got =
            answer.page ? answer.page->physical_page.value >> page_.size.page_number_bits_inside()
                        : 0;
        const bool is_old = got == old_version_;
        const bool is_new = written_yet_ && got == new_version_;
        const bool admissible = is_new || (is_old && !only_new);
        const bool well_formed =
            answer.page && answer.page->size == page_.size &&
            flags_after(answer.page->flags, answer.request.type) == answer.page->flags &&
            answer.latency.total() == now - issued;
        const bool stored = answer.request.type == AccessType::write;
        new_page_stored_to_ = new_page_stored_to_ || (stored && is_new);
        if (!admissible || !well_formed) {
            note(fmt::format(
                "a {} page at {}, global {}, issued at {} (start {}), written at {}, "
                "fenced at {} (address {}, asid {}), answered at {}: version {} is "
                "answered, the old one is {}, the latency {} has {} in its stages",
                page_.size, answer.request.address, global_, issued, start_, written_, fenced_,
                fence_.address ? fence_.address->value : 0, fence_.asid ? fence_.asid->value : 0,
                now, got, old_version_, now - issued, answer.latency.total()));
        }
    }

    void note(const std::string& error) {
        if (first_error_.empty()) {
            first_error_ = error;
        }
    }

    void end_if_last(Cycles now) {
        if (--running_ > 0) {
            return;
        }
        for (const TlbModule* const tlb : {&first_a_, &first_b_, &second_}) {
            for (const TlbArray::Entry& entry : tlb->array().entries()) {
                const bool stale =
                    fence_names_page() && entry.page.physical_page != frame_of(new_version_);
                if (stale) {
                    note(fmt::format("{} keeps an old page of {}", tlb->name(), page_.size));
                }
            }
        }
        check_entry();
        fence_everything({});
        if (counted_ < wanted_ && first_error_.empty()) {
            begin(now);
        }
    }

    void check_entry() {
        const PageTableEntry leaf =
            tables_.entry_at(tables_.entry_address(page_.address, page_.level));
        const bool napot = page_.size == napot_page_size;
        if (!napot && leaf.page_number() != frame_of(new_version_)) {
            note(fmt::format("the entry of a {} page is {:#x}, where version {} was written",
                             page_.size, leaf.raw, new_version_));
        }
        if (new_page_stored_to_ && !leaf.flags().dirty()) {
            note(fmt::format("a {} page has been stored to, and D is clear", page_.size));
        }
    }

    tests::Simulation simulation_;
    tests::FixedLatencyMemory memory_;
    tests::PageTableImage tables_;
    WalkerModule walker_;
    TlbModule second_;
    TlbModule first_a_;
    TlbModule first_b_;
    Prober prober_a_;
    Prober prober_b_;
    Random random_;

    SweptPage page_;
    bool global_ = false;
    bool stores_ = false;    // of a page that is clean
    bool accessed_ = false;  // from the start
    bool new_page_stored_to_ = false;
    bool table_changes_ = false;
    PhysicalPageNumber spare_table_{0x8'8000};
    std::uint64_t old_version_ = 0;
    std::uint64_t new_version_ = 0;
    bool written_yet_ = false;
    Fence fence_;
    Cycles start_;
    Cycles written_;
    Cycles fenced_;
    bool fence_done_ = false;
    int running_ = 0;

    std::uint64_t wanted_ = 0;
    std::uint64_t counted_ = 0;
    std::map<WalkerState, std::uint64_t> by_state_;
    std::string first_error_;
    MemberAction<FenceSweep> write_action_{*this, &FenceSweep::write};
    MemberAction<FenceSweep> fence_action_{*this, &FenceSweep::fence};
};

void check_sweep(const SweepMachine& machine, std::uint64_t interleavings) {
    FenceSweep sweep(machine, interleavings);
    sweep.run(interleavings);

    CAPTURE(sweep.first_error());
    CHECK(sweep.first_error().empty());
    CHECK(sweep.counted() == interleavings);
    CHECK(sweep.squashed() > interleavings / 20);
    sweep.check_conservation();
    std::string counts;
    for (const auto& [state, count] : sweep.by_state()) {
        CHECK(count > interleavings / 1000);
        counts += fmt::format(" {} {}", state, count);
    }
    fmt::print("{} fences with a request under way; walkers found in:{}\n", sweep.counted(),
               counts);
}

constexpr std::uint64_t everyday = 20'000;
constexpr std::uint64_t soak = 250'000;

const SweepMachine plain_machine{};
const SweepMachine per_level_cache{.walk_cache = {.enabled = true}};
const SweepMachine entry_cache{.walk_cache = {.enabled = true, .kind = WalkCacheKind::entries}};
const SweepMachine exclusive_machine{.second = {.sets = 2,
                                                .ways = 2,
                                                .hit_latency_cycles = {5},
                                                .mshrs = 1,
                                                .inclusion = Inclusion::exclusive},
                                     .walker = {.count = 1}};
const SweepMachine inclusive_machine{
    .first = {.sets = 1, .ways = 1, .hit_latency_cycles = {2}, .hit_under_miss = false},
    .second = {.sets = 1,
               .ways = 2,
               .hit_latency_cycles = {6},
               .hit_under_miss = false,
               .inclusion = Inclusion::inclusive},
    .memory_latency = {1}};

TEST_CASE("no old page survives a fence: two levels, two walkers") {
    check_sweep(plain_machine, everyday);
}
TEST_CASE("no old page survives a fence: walk cache per level") {
    check_sweep(per_level_cache, everyday);
}
TEST_CASE("no old page survives a fence: walk cache of entries") {
    check_sweep(entry_cache, everyday);
}
TEST_CASE("no old page survives a fence: exclusive second level, one walker") {
    check_sweep(exclusive_machine, everyday);
}
TEST_CASE("no old page survives a fence: inclusive second level, no hits under misses") {
    check_sweep(inclusive_machine, everyday);
}

TEST_CASE("a quarter of a million fences: two levels", "[.]") {
    check_sweep(plain_machine, soak);
}
TEST_CASE("a quarter of a million fences: walk cache per level", "[.]") {
    check_sweep(per_level_cache, soak);
}
TEST_CASE("a quarter of a million fences: walk cache of entries", "[.]") {
    check_sweep(entry_cache, soak);
}
TEST_CASE("a quarter of a million fences: exclusive", "[.]") {
    check_sweep(exclusive_machine, soak);
}
TEST_CASE("a quarter of a million fences: inclusive", "[.]") {
    check_sweep(inclusive_machine, soak);
}

}  // namespace
}  // namespace mmusim::hw::fence_sweep_module_test
