// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/activity.hpp"
#include "hw/base/clock_module.hpp"
#include "hw/base/fence.hpp"
#include "hw/base/pool.hpp"
#include "hw/cpu/access_stream.hpp"
#include "hw/cpu/address_generator_module.hpp"
#include "hw/cpu/supervisor.hpp"
#include "hw/memory/memory_payload_module.hpp"
#include "sw/machine.hpp"
#include "sw/operating_system.hpp"
#include "sw/processes/scheduler.hpp"
#include "tb/config/configuration.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mmusim::tb {

/// What one process will run. The source must outlive the simulation.
struct Program {
    std::string name;
    std::string origin;  ///< where its accesses come from, in the user's words
    AccessSource& accesses;
    /// Mapped besides the implicit mapping, if that is on.
    std::vector<sw::Region> regions{};
};

/// Gives the operating system time: it is a thread that the core's traps wake, its work takes
/// cycles, and its page tables lie behind its own socket to memory.
class SoftwareModule final : public sc_core::sc_module, public hw::Supervisor, private sw::Machine {
  public:
    tlm_utils::simple_initiator_socket<SoftwareModule> memory_initiator{"memory_initiator"};

    SoftwareModule(const sc_core::sc_module_name& name, const Configuration& configuration,
                   hw::ClockModule& clock);

    /// Before the simulation starts: a program that becomes a process of its own.
    void add_program(const Program& program);
    /// Before the simulation starts: the core that traps here.
    void set_core(hw::AddressGeneratorModule& core) { core_ = &core; }
    /// Before the simulation starts: hardware that keeps translations.
    void add_fence_target(FenceTarget& target) { fence_targets_.emplace_back(target); }

    void page_fault(const hw::PageFault& fault) override;
    void turn_over() override;
    void program_ended() override;

    [[nodiscard]] const sw::OperatingSystem& operating_system() const { return *system_; }
    /// Each process's figures, in the order in which the programs were added.
    [[nodiscard]] std::vector<sw::ProcessStatistics> processes() const;
    /// Whose turn it is; the first program's process is number 0.
    [[nodiscard]] sw::ProcessId running() const { return running_; }
    void reset_statistics();

    void trace(sc_core::sc_trace_file* file) const override;

  private:
    struct TurnOver {};
    struct ProgramEnded {};
    using Trap = std::variant<hw::PageFault, TurnOver, ProgramEnded>;

    void start_of_simulation() override;
    void run();
    void wake_by(const Trap& trap);
    void serve(const hw::PageFault& fault);
    void serve(TurnOver turn_over);
    void serve(ProgramEnded ended);
    void end_running_process();
    void dispatch();

    // sw::Machine
    void spend(Stage stage, Cycles cost) override;
    [[nodiscard]] hw::PageTableEntry read_entry(PhysicalAddress address) override;
    void write_entry(PhysicalAddress address, hw::PageTableEntry entry) override;
    void clear_frame(PhysicalPageNumber frame) override;
    void fence(const Fence& fence) override;

    void transact(hw::MemoryPayload& payload, Stage stage);
    void take_back(const tlm::tlm_generic_payload& payload);
    void wait_for(Cycles duration);
    void wake();
    tlm::tlm_sync_enum memory_answered(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                       sc_core::sc_time& delay);

    sw::OsParameters parameters_;
    hw::PagingParameters paging_;
    hw::MemoryParameters memory_;
    hw::ClockModule& clock_;
    hw::AddressGeneratorModule* core_ = nullptr;
    std::vector<std::reference_wrapper<FenceTarget>> fence_targets_;
    std::vector<Program> programs_;

    std::optional<sw::OperatingSystem> system_;
    std::vector<hw::AccessStream> streams_;  // by process
    sw::Scheduler scheduler_;
    std::size_t runnable_ = 0;
    sw::ProcessId running_;
    bool dispatched_ = false;
    bool started_ = false;  // before, nothing takes time
    LatencyRecord spent_;   // on the fault that is being served

    std::optional<Trap> trap_;
    sc_core::sc_event trapped_{"trapped"};
    sc_core::sc_event awake_{"awake"};
    hw::MemberAction<SoftwareModule> wake_action_{*this, &SoftwareModule::wake};
    // Several are under way where nobody waits for them.
    hw::Pool<hw::MemoryPayload> payloads_;

    bool traced_busy_ = false;
    hw::Activity<Stage> traced_stage_;
    std::uint64_t traced_faults_ = 0;
};

}  // namespace mmusim::tb
