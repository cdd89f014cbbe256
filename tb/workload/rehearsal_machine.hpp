// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/memory/physical_memory.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation.hpp"
#include "sw/machine.hpp"
#include "sw/operating_system.hpp"
#include "tb/workload/future_accesses.hpp"
#include "tb/workload/script_machine.hpp"
#include "tb/workload/script_rehearsal.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace mmusim::tb {

/// A machine that has page tables, and neither time nor contents: storage is done at once, and
/// every access walks. It tells the future what was accessed.
class RehearsalMachine final : public ScriptMachine, private sw::Machine {
  public:
    RehearsalMachine(const Configuration& configuration, const RehearsalEnd& end,
                     FutureAccesses& future);

    // ScriptMachine
    [[nodiscard]] sw::OperatingSystem& operating_system() override { return system_; }
    [[nodiscard]] RunEnd run_accesses(sw::ProcessId process, AccessSource& accesses) override;
    void pass(Cycles /*duration*/) override {}
    [[nodiscard]] Cycles now() const override { return {}; }
    [[nodiscard]] ContentsChecker* contents_checker() override { return nullptr; }

  private:
    // sw::Machine
    void spend(Stage /*stage*/, Cycles /*cost*/) override {}
    [[nodiscard]] hw::PageTableEntry read_entry(PhysicalAddress address) override;
    [[nodiscard]] hw::PageTableEntry peek_entry(PhysicalAddress address) override {
        return read_entry(address);
    }
    void write_entry(PhysicalAddress address, hw::PageTableEntry entry) override;
    void clear_frame(PhysicalPageNumber frame) override { memory_.clear_frame(frame); }
    void copy_frame(PhysicalPageNumber /*from*/, PhysicalPageNumber /*to*/) override {}
    [[nodiscard]] sw::IoTicket transfer(const sw::StorageTransfer& transfer) override;
    [[nodiscard]] std::vector<sw::IoCompletion> completed_transfers() override;
    void wait_for_storage() override {}
    void fence(const Fence& /*fence*/) override {}

    [[nodiscard]] bool over() const;
    [[nodiscard]] std::optional<sw::Signal> make(sw::ProcessId process, const Access& access);
    [[nodiscard]] std::optional<sw::Signal> touch(sw::ProcessId process, VirtualAddress address,
                                                  AccessType type);

    hw::PagingParameters paging_;
    RehearsalEnd end_;
    FutureAccesses& future_;
    hw::PhysicalMemory memory_;
    sw::OperatingSystem system_;
    hw::TranslationContext context_;
    std::uint64_t made_ = 0;
    std::uint64_t next_ticket_ = 0;
    std::vector<sw::IoCompletion> completed_;
};

}  // namespace mmusim::tb
