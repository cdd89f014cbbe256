// SPDX-License-Identifier: Apache-2.0
// A platform of another project: a copy engine of its own asks a TLB of mmusim for its addresses.
//
//     copy engine ──▶ TLB ──▶ walker ──▶ memory
//          └──────────────────────────────▲
#include <fmt/format.h>
#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstddef>
#include <cstdint>
#include <hw/base/clock_module.hpp>
#include <hw/memory/memory_controller_module.hpp>
#include <hw/memory/memory_payload_module.hpp>
#include <hw/paging/page_table_entry.hpp>
#include <hw/paging/translation_payload_module.hpp>
#include <hw/tlb/tlb_module.hpp>
#include <hw/walker/walker_module.hpp>
#include <utility>
#include <vector>

namespace platform {

namespace hw = mmusim::hw;
using mmusim::Cycles;
using mmusim::PhysicalPageNumber;
using mmusim::VirtualAddress;

constexpr PhysicalPageNumber root{0x80000};
constexpr std::uint64_t table_bytes = 4096;
constexpr std::uint64_t entry_bytes = 8;

class CopyEngine final : public sc_core::sc_module {
  public:
    tlm_utils::simple_initiator_socket<CopyEngine> translation_initiator{"translation_initiator"};
    tlm_utils::simple_initiator_socket<CopyEngine> memory_initiator{"memory_initiator"};

    CopyEngine(const sc_core::sc_module_name& name, std::vector<VirtualAddress> addresses,
               hw::ClockModule& clock)
        : sc_module(name), addresses_(std::move(addresses)), clock_(clock) {
        translation_initiator.register_nb_transport_bw(this, &CopyEngine::answered_later);
    }

    void start_of_simulation() override {
        write_page_tables();
        clock_.at(Cycles{0}, hw::CyclePhase::issue, issue_);
    }

  private:
    // Of Sv39: two pages of 4 KiB from 0x40000000 on, and 2 MiB at 0x40200000.
    void write_page_tables() {
        const hw::PageFlags pointer{hw::PageFlags::valid_bit};
        const hw::PageFlags leaf{0xdf};  // all but G
        write_entry(0, 1, hw::PageTableEntry::make({root.value + 1}, pointer));
        write_entry(1, 0, hw::PageTableEntry::make({root.value + 2}, pointer));
        write_entry(1, 1, hw::PageTableEntry::make({0x90200}, leaf));
        write_entry(2, 0, hw::PageTableEntry::make({0x90000}, leaf));
        write_entry(2, 1, hw::PageTableEntry::make({0x90777}, leaf));
    }

    void write_entry(std::uint64_t table, std::uint64_t index, hw::PageTableEntry entry) {
        const std::uint64_t address =
            root.address().value + table * table_bytes + index * entry_bytes;
        hw::MemoryPayload write;
        write.begin_write({address}, entry.raw, entry_bytes, hw::MemoryPurpose::table_write);
        memory_initiator->transport_dbg(write.payload());
    }

    void issue() {
        translation_.begin({.address = addresses_[next_],
                            .type = mmusim::AccessType::write,
                            .context = {.root = root}},
                           false);
        issued_ = clock_.now();
        tlm::tlm_phase phase = tlm::BEGIN_REQ;
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        if (translation_initiator->nb_transport_fw(translation_.payload(), phase, delay) ==
            tlm::TLM_COMPLETED) {
            clock_.at(issued_ + clock_.to_cycles(delay), hw::CyclePhase::answer, answer_);
        }
    }

    tlm::tlm_sync_enum answered_later(tlm::tlm_generic_payload& /*payload*/, tlm::tlm_phase& phase,
                                      sc_core::sc_time& /*delay*/) {
        take_answer();
        phase = tlm::END_RESP;
        return tlm::TLM_COMPLETED;
    }

    void take_answer() {
        const VirtualAddress address = addresses_[next_];
        fmt::print("{} -> {} after {} cycles\n", address,
                   translation_.translation().page->physical_address(address),
                   clock_.now() - issued_);
        if (++next_ < addresses_.size()) {
            clock_.at(clock_.now(), hw::CyclePhase::issue, issue_);
        }
    }

    std::vector<VirtualAddress> addresses_;
    std::size_t next_ = 0;
    Cycles issued_;
    hw::ClockModule& clock_;
    hw::TranslationPayload translation_;
    hw::MemberAction<CopyEngine> issue_{*this, &CopyEngine::issue};
    hw::MemberAction<CopyEngine> answer_{*this, &CopyEngine::take_answer};
};

}  // namespace platform

int sc_main(int /*argument_count*/, char* /*arguments*/[]) {
    constexpr std::uint64_t period_ps = 1000;
    constexpr std::uint64_t seed = 1;
    const mmusim::hw::PagingParameters paging{.mode = mmusim::hw::PagingMode::sv39};

    mmusim::hw::ClockModule clock("clock", period_ps);
    platform::CopyEngine engine("engine", {{0x40000123}, {0x40000ff8}, {0x40001000}, {0x40234567}},
                                clock);
    mmusim::hw::TlbModule tlb("tlb", {.sets = 8, .ways = 2, .hit_latency_cycles = {1}}, paging,
                              seed, clock);
    mmusim::hw::WalkerModule walker("walker", {}, {}, paging, seed, clock);
    mmusim::hw::MemoryControllerModule memory("memory", {.latency_cycles = {20}}, clock);

    engine.translation_initiator.bind(tlb.upstream_target);
    tlb.downstream_initiator.bind(walker.upstream_target);
    walker.memory_initiator.bind(memory.upstream_target);
    engine.memory_initiator.bind(memory.upstream_target);

    sc_core::sc_start();
    clock.rethrow_failure();
    fmt::print("{} of {} lookups hit\n", tlb.statistics().hits, tlb.statistics().lookups);
    return 0;
}
