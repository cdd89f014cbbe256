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
#include "tb/check/contents_checker.hpp"
#include "tb/config/configuration.hpp"
#include "tb/system/storage_requests.hpp"
#include "tb/workload/future_accesses.hpp"
#include "tb/workload/script_executor.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
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
    /// Makes the same once more, before the run: for the page replacement that is shown the future.
    AccessSource* foreseen = nullptr;
    /// Mapped besides the implicit mapping, if that is on.
    std::vector<sw::Region> regions{};
};

/// Gives the operating system time: it is a thread that the core's traps and the storage devices
/// wake, its work takes cycles, and its page tables lie behind its own socket to memory. While a
/// process waits for storage, the core is another's.
class SoftwareModule final : public sc_core::sc_module,
                             public hw::Supervisor,
                             public ScriptMachine,
                             private sw::Machine {
  public:
    tlm_utils::simple_initiator_socket<SoftwareModule> memory_initiator{"memory_initiator"};

    SoftwareModule(const sc_core::sc_module_name& name, const Configuration& configuration,
                   hw::ClockModule& clock);

    /// Before the simulation starts: a program that becomes a process of its own.
    void add_program(const Program& program);
    /// Before the simulation starts: a script, in place of programs. It outlives the simulation.
    void set_script(ScriptExecutor& script) { script_ = &script; }
    /// Before the simulation starts: who judges whether data survives.
    void set_contents_checker(ContentsChecker& checker) { contents_ = &checker; }
    /// Before the simulation starts: what programs will access, if the page replacement needs it.
    void set_future(FutureAccesses& future) { future_ = &future; }
    /// Before the simulation starts: where files and swapped pages are.
    [[nodiscard]] StorageRequests& storage() { return storage_; }
    /// Before the simulation starts: the core that traps here.
    void set_core(hw::AddressGeneratorModule& core) { core_ = &core; }
    /// Before the simulation starts: hardware that keeps translations.
    void add_fence_target(FenceTarget& target) { fence_targets_.emplace_back(target); }

    void page_fault(const hw::PageFault& fault) override;
    void turn_over() override;
    void program_ended() override;
    void stopped() override;

    // ScriptMachine
    [[nodiscard]] sw::OperatingSystem& operating_system() override { return *system_; }
    [[nodiscard]] RunEnd run_accesses(sw::ProcessId process, AccessSource& accesses) override;
    void pass(Cycles duration) override { wait_for(duration); }
    [[nodiscard]] Cycles now() const override { return clock_.now(); }
    [[nodiscard]] ContentsChecker* contents_checker() override { return contents_; }

    /// The running process has made an access, or the part of it that lies in a page.
    void access_ended(const hw::FinishedTranslation& finished);

    [[nodiscard]] const sw::OperatingSystem& operating_system() const { return *system_; }
    /// A process waits for storage, or for its turn after that; one such address. After the
    /// simulation there is none, or the machine is in a deadlock.
    [[nodiscard]] std::optional<VirtualAddress> fault_under_way() const;
    /// Each process's figures, in the order in which the programs were added.
    [[nodiscard]] std::vector<sw::ProcessStatistics> processes() const;
    /// How long nobody could run, for all who would have waited for storage.
    [[nodiscard]] Cycles stalled() const { return stalled_; }
    /// Whose turn it is; the first program's process is number 0.
    [[nodiscard]] sw::ProcessId running() const { return running_; }
    void reset_statistics();

    void trace(sc_core::sc_trace_file* file) const override;

  private:
    struct TurnOver {};
    struct ProgramEnded {};
    struct Stopped {};
    using Trap = std::variant<hw::PageFault, TurnOver, ProgramEnded, Stopped>;

    /// What a process runs.
    struct Task {
        std::optional<hw::AccessStream> accesses{};
        std::uint64_t made = 0;  ///< by what it ran before
        std::optional<sw::Signal> signal{};
    };

    /// A process that has left the core for a fault.
    struct Waiting {
        hw::AddressGeneratorModule::ParkedAccesses accesses;
        hw::PageFault fault;
        LatencyRecord spent;
        sw::IoTicket waits_for;
        Cycles since;
        std::optional<StorageRequests::Done> storage{};
    };

    void start_of_simulation() override;
    void create_processes();
    void run();
    void wake_by(const Trap& trap);
    void serve_until_idle();
    void serve_next();
    void serve(const hw::PageFault& fault);
    void handle(const hw::PageFault& fault);
    void tick_if_due();
    void serve(TurnOver turn_over);
    void serve(ProgramEnded ended);
    void serve(Stopped stopped);

    void begin_task(sw::ProcessId process, AccessSource& accesses);
    void end_running_task();
    void wait_for_storage_of(const hw::PageFault& fault, sw::IoTicket ticket);
    void storage_done(const StorageRequests::Done& done);
    void wake_processes();
    void book_wait(const Waiting& waiting);
    void dispatch();
    void go_on(const hw::TranslationContext& context, std::optional<Cycles> turn_end);

    // sw::Machine
    void spend(Stage stage, Cycles cost) override;
    [[nodiscard]] hw::PageTableEntry read_entry(PhysicalAddress address) override;
    [[nodiscard]] hw::PageTableEntry peek_entry(PhysicalAddress address) override;
    void write_entry(PhysicalAddress address, hw::PageTableEntry entry) override;
    void clear_frame(PhysicalPageNumber frame) override;
    void copy_frame(PhysicalPageNumber from, PhysicalPageNumber to) override;
    [[nodiscard]] sw::IoTicket transfer(const sw::StorageTransfer& transfer) override;
    [[nodiscard]] std::vector<sw::IoCompletion> completed_transfers() override;
    void wait_for_storage() override;
    void fence(const Fence& fence) override;

    void forget_load(PhysicalPageNumber frame);
    void learn_of_growth(VirtualAddress address);
    void tell_contents(const sw::StorageTransfer& transfer);
    void transact(hw::MemoryPayload& payload, Stage stage);
    [[nodiscard]] hw::MemoryPayload& new_payload();
    void wait_for(Cycles duration);
    void wait_for_work();
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
    ScriptExecutor* script_ = nullptr;
    ContentsChecker* contents_ = nullptr;
    FutureAccesses* future_ = nullptr;
    StorageRequests storage_;
    std::deque<Task> tasks_;  // by process
    std::map<sw::ProcessId, Waiting> waiting_;
    sw::Scheduler scheduler_;
    sw::ProcessId running_;
    bool core_busy_ = false;   // somebody has the core
    bool dispatched_ = false;  // somebody ever had it
    bool stopping_ = false;    // no access is begun any more
    Cycles turn_began_;
    std::uint64_t ticks_ = 0;  // of the page replacement
    bool started_ = false;     // otherwise nothing takes time
    LatencyRecord spent_;      // on the fault that is being served
    Cycles stalled_;

    std::optional<Trap> trap_;
    sc_core::sc_event work_{"work"};
    sc_core::sc_event awake_{"awake"};
    hw::MemberAction<SoftwareModule> wake_action_{*this, &SoftwareModule::wake};
    // Several are under way where nobody waits for them.
    hw::Pool<hw::MemoryPayload> payloads_;

    bool traced_busy_ = false;
    hw::Activity<Stage> traced_stage_;
    std::uint64_t traced_faults_ = 0;
};

}  // namespace mmusim::tb
