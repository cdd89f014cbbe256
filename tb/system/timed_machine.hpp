// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/activity.hpp"
#include "hw/base/clock_module.hpp"
#include "hw/base/fence.hpp"
#include "hw/base/latency.hpp"
#include "hw/base/pool.hpp"
#include "hw/memory/memory_payload_module.hpp"
#include "sw/machine.hpp"
#include "sw/parameters.hpp"
#include "tb/config/configuration.hpp"
#include "tb/system/contents_teller.hpp"
#include "tb/system/storage_requests.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include <functional>
#include <utility>
#include <vector>

namespace mmusim::tb {

/// The hardware as the operating system uses it: work takes cycles, page tables and frames lie
/// behind a socket to memory. Used by one thread, which waits in its calls; before the time begins,
/// all is done at once.
class TimedMachine final : public sw::Machine {
  public:
    tlm_utils::simple_initiator_socket<TimedMachine> memory_initiator{"memory_initiator"};

    /// `wait_for_event` lets time pass until storage, or anything else, calls for the thread.
    TimedMachine(const Configuration& configuration, hw::ClockModule& clock,
                 StorageRequests& storage, std::function<void()> wait_for_event);

    /// Before the simulation starts: hardware that keeps translations.
    void add_fence_target(FenceTarget& target) { fence_targets_.emplace_back(target); }
    /// Before the simulation starts: who is told what becomes of frames.
    void set_contents(ContentsTeller& contents) { contents_ = &contents; }

    /// Before the simulation starts: who is told of each stage that takes time, and when that was.
    using WorkListener = std::function<void(Stage stage, Cycles from, Cycles until)>;
    void set_work_listener(WorkListener listener) { work_listener_ = std::move(listener); }

    /// From now on what is asked takes time.
    void begin_time() { timed_ = true; }
    /// But for this.
    void in_no_time(const std::function<void()>& work);
    void pass(Cycles duration);

    /// What was spent since then is added to `already`.
    void begin_record(const LatencyRecord& already = {}) { spent_ = already; }
    [[nodiscard]] const LatencyRecord& spent() const { return spent_; }

    /// What takes the time just now, for waves.
    [[nodiscard]] const hw::Activity<Stage>& stage() const { return stage_; }
    void end_stage() { stage_.end(); }

    void spend(Stage stage, Cycles cost) override;
    [[nodiscard]] hw::PageTableEntry read_entry(PhysicalAddress address) override;
    [[nodiscard]] hw::PageTableEntry peek_entry(PhysicalAddress address) override;
    void write_entry(PhysicalAddress address, hw::PageTableEntry entry) override;
    void clear_frame(PhysicalPageNumber frame) override;
    void copy_frame(PhysicalPageNumber from, PhysicalPageNumber to) override;
    void fence(const Fence& fence) override;
    [[nodiscard]] sw::IoTicket transfer(const sw::StorageTransfer& transfer) override;
    [[nodiscard]] std::vector<sw::IoCompletion> completed_transfers() override;
    void wait_for_storage() override;

  private:
    void transact(hw::MemoryPayload& payload, Stage stage);
    void book(Stage stage, Cycles from);
    [[nodiscard]] hw::MemoryPayload& new_payload();
    void wake();
    tlm::tlm_sync_enum memory_answered(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);

    bool memory_is_instant_;
    bool waits_for_memory_;
    unsigned entry_bytes_;
    hw::ClockModule& clock_;
    StorageRequests& storage_;
    std::function<void()> wait_for_event_;
    std::vector<std::reference_wrapper<FenceTarget>> fence_targets_;
    ContentsTeller* contents_ = nullptr;
    WorkListener work_listener_;

    bool timed_ = false;
    LatencyRecord spent_;
    hw::Activity<Stage> stage_;

    sc_core::sc_event awake_{"awake"};
    hw::MemberAction<TimedMachine> wake_action_{*this, &TimedMachine::wake};
    // Several are under way where nobody waits for them.
    hw::Pool<hw::MemoryPayload> payloads_;
};

}  // namespace mmusim::tb
