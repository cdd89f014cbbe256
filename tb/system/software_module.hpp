// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/cpu/access_stream.hpp"
#include "hw/cpu/address_generator_module.hpp"
#include "hw/cpu/supervisor.hpp"
#include "sw/operating_system.hpp"
#include "sw/processes/scheduler.hpp"
#include "tb/check/contents_checker.hpp"
#include "tb/config/configuration.hpp"
#include "tb/events/run_observer.hpp"
#include "tb/system/contents_teller.hpp"
#include "tb/system/storage_requests.hpp"
#include "tb/system/timed_machine.hpp"
#include "tb/workload/future_accesses.hpp"
#include "tb/workload/script_executor.hpp"

#include <systemc>

#include <cstdint>
#include <deque>
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
/// wake. While a process waits for storage, the core is another's.
class SoftwareModule final : public sc_core::sc_module,
                             public hw::Supervisor,
                             public ScriptMachine {
  public:
    SoftwareModule(const sc_core::sc_module_name& name, const Configuration& configuration,
                   hw::ClockModule& clock);

    /// Before the simulation starts: a program that becomes a process of its own.
    void add_program(const Program& program);
    /// Before the simulation starts: a script, in place of programs. It outlives the simulation.
    void set_script(ScriptExecutor& script) { script_ = &script; }
    /// Before the simulation starts: who judges whether data survives.
    void set_contents_checker(ContentsChecker& checker);
    /// Before the simulation starts: what programs will access, if the page replacement needs it.
    void set_future(FutureAccesses& future) { future_ = &future; }
    /// Before the simulation starts: who is told what becomes of page faults.
    void set_observer(RunObserver& observer);
    /// Before the simulation starts: where files and swapped pages are.
    [[nodiscard]] StorageRequests& storage() { return storage_; }
    /// Before the simulation starts: the core that traps here.
    void set_core(hw::AddressGeneratorModule& core) { core_ = &core; }
    /// Before the simulation starts: the hardware, with its socket to memory.
    [[nodiscard]] TimedMachine& machine() { return machine_; }

    void page_fault(const hw::PageFault& fault) override;
    void turn_over() override;
    void program_ended() override;
    void stopped() override;

    // ScriptMachine
    void begin_step(std::uint64_t line, const std::string& text) override;
    [[nodiscard]] sw::OperatingSystem& operating_system() override { return *system_; }
    [[nodiscard]] RunEnd run_accesses(sw::ProcessId process, AccessSource& accesses) override;
    void pass(Cycles duration) override { machine_.pass(duration); }
    [[nodiscard]] Cycles now() const override { return clock_.now(); }
    [[nodiscard]] ContentsChecker* contents_checker() override {
        return contents_ ? &contents_->checker() : nullptr;
    }

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
    [[nodiscard]] sw::FaultProgress handle_fault(const hw::PageFault& fault);
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
    void tell_wait(const Waiting& waiting, Cycles done, Cycles service);
    void dispatch();
    void go_on(const hw::TranslationContext& context, std::optional<Cycles> turn_end);

    void wait_for_work();

    sw::OsParameters parameters_;
    hw::PagingParameters paging_;
    hw::MemoryParameters memory_;
    hw::ClockModule& clock_;
    hw::AddressGeneratorModule* core_ = nullptr;
    std::vector<Program> programs_;

    std::optional<sw::OperatingSystem> system_;
    ScriptExecutor* script_ = nullptr;
    std::optional<ContentsTeller> contents_;
    FutureAccesses* future_ = nullptr;
    RunObserver* observer_ = nullptr;
    bool handling_ = false;  // a page fault
    StorageRequests storage_;
    TimedMachine machine_;
    std::deque<Task> tasks_;  // by process
    std::map<sw::ProcessId, Waiting> waiting_;
    sw::Scheduler scheduler_;
    sw::ProcessId running_;
    bool core_busy_ = false;   // somebody has the core
    bool dispatched_ = false;  // somebody ever had it
    bool stopping_ = false;    // no access is begun any more
    Cycles turn_began_;
    std::uint64_t ticks_ = 0;  // of the page replacement
    Cycles stalled_;

    std::optional<Trap> trap_;
    sc_core::sc_event work_{"work"};
    sc_core::sc_event over_{"over"};  // never comes

    bool traced_busy_ = false;
    std::uint64_t traced_faults_ = 0;
};

}  // namespace mmusim::tb
