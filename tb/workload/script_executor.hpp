// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"
#include "sw/operating_system.hpp"
#include "tb/check/contents_checker.hpp"
#include "tb/config/configuration.hpp"
#include "tb/trace/user_half.hpp"
#include "tb/workload/program_loader.hpp"
#include "tb/workload/script_command.hpp"
#include "tb/workload/step_result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace mmusim::tb {

/// How accesses came to their end.
struct RunEnd {
    std::optional<sw::Signal> signal{};
    bool stopped = false;  ///< the run is over, before the accesses were
};

/// What a script runs on.
class ScriptMachine {
  public:
    ScriptMachine() = default;
    ScriptMachine(const ScriptMachine&) = delete;
    ScriptMachine& operator=(const ScriptMachine&) = delete;
    ScriptMachine(ScriptMachine&&) = delete;
    ScriptMachine& operator=(ScriptMachine&&) = delete;
    virtual ~ScriptMachine() = default;

    [[nodiscard]] virtual sw::OperatingSystem& operating_system() = 0;
    /// Makes the accesses, and returns when they are done, or the process has got a signal.
    [[nodiscard]] virtual RunEnd run_accesses(sw::ProcessId process, AccessSource& accesses) = 0;
    /// Lets time pass, nobody running.
    virtual void pass(Cycles duration) = 0;
    [[nodiscard]] virtual Cycles now() const = 0;
    /// Who is told what programs asked for, and judges what they find; null: nobody.
    [[nodiscard]] virtual ContentsChecker* contents_checker() = 0;
};

/// A line did something else than its `expect` says; `what()` names the line.
class ExpectationFailure : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// Carries out a script, line by line.
class ScriptExecutor {
  public:
    /// The script outlives the executor.
    ScriptExecutor(const Script& script, const Configuration& configuration);

    /// Throws ExpectationFailure, and InputError for what only shows when the script runs.
    void run(ScriptMachine& machine);

    /// The same, but whatever the lines do is as expected.
    void rehearse(ScriptMachine& machine);

    /// Of the lines that have been carried out.
    [[nodiscard]] const std::vector<StepResult>& results() const { return results_; }

  private:
    /// What a name stands for. It stays known when the region is unmapped.
    struct NamedSpan {
        VirtualAddress start;
        std::uint64_t bytes = 0;
        PageSize page_size{};

        [[nodiscard]] sw::PageSpan pages() const { return {.start = start, .end = start + bytes}; }
    };
    /// What the name of a region stands for that could not be mapped: the last pages of the address
    /// space, where no program may have any, as C's MAP_FAILED is its last byte.
    [[nodiscard]] static NamedSpan span_of_nothing(std::uint64_t bytes);
    struct NamedProcess {
        sw::ProcessId id;
        bool alive = true;
        bool has_mappings = false;
        std::map<std::string, NamedSpan> regions{};
    };
    /// What a line comes to.
    struct Effect {
        std::optional<sw::Signal> signal{};
        std::optional<sw::CallError> error{};
        bool stopped = false;
    };

    /// `judge(step, result)` after each step.
    template <typename Judge>
    void carry_out_all(ScriptMachine& machine, Judge judge);
    [[nodiscard]] StepResult carry_out(const ScriptStep& step, bool& stopped);
    void check(const StepResult& result, const ScriptStep& step) const;

    [[nodiscard]] Effect act(const FileCommand& command);
    [[nodiscard]] Effect act(const ProcessCommand& command);
    [[nodiscard]] Effect act(const MapCommand& command);
    [[nodiscard]] Effect act(const UnmapCommand& command);
    [[nodiscard]] Effect act(const ProtectCommand& command);
    [[nodiscard]] Effect act(const MoveCommand& command);
    [[nodiscard]] Effect act(const GrowCommand& command);
    [[nodiscard]] Effect act(const HeapCommand& command);
    [[nodiscard]] Effect act(const LockCommand& command);
    [[nodiscard]] Effect act(const SyncRegionCommand& command);
    [[nodiscard]] Effect act(const AdviseCommand& command);
    [[nodiscard]] Effect act(const ForkCommand& command);
    [[nodiscard]] Effect act(const ExecCommand& command);
    [[nodiscard]] Effect act(const ExitCommand& command);
    [[nodiscard]] Effect act(const AccessCommand& command);
    [[nodiscard]] Effect act(const TraceCommand& command);
    [[nodiscard]] Effect act(const FileActionCommand& command);
    [[nodiscard]] Effect act(const FenceCommand& command);
    [[nodiscard]] Effect act(const WaitCommand& command);

    /// Tells whoever judges the contents, if anybody does: `tell(programs)`.
    template <typename Tell>
    void tell(Tell tell);
    void tell_of_file(sw::ObjectId id);
    void tell_of_copies(sw::ProcessId id);
    void tell_of_size(ContentsOracle& programs, sw::ProcessId id, sw::PageSpan before,
                      sw::PageSpan after) const;
    void tell_of_loss(ContentsOracle& programs, sw::ProcessId id, sw::PageSpan span) const;
    [[nodiscard]] std::vector<sw::Region> regions_in(sw::ProcessId id, sw::PageSpan span) const;
    [[nodiscard]] Effect start_program(NamedProcess& process, const sw::ExecLayout& layout);
    [[nodiscard]] Effect run_accesses(NamedProcess& process, AccessSource& accesses);
    /// A system call about a region, `call(process, span)`.
    template <typename Call>
    [[nodiscard]] Effect call(const NamedRegion& target, Call call);
    [[nodiscard]] NamedProcess& process(const std::string& name);
    [[nodiscard]] NamedSpan& region(const NamedRegion& target);
    [[nodiscard]] sw::ObjectId file(const std::string& name) const;
    void check_page_size(std::optional<PageSize> size) const;
    [[nodiscard]] std::optional<sw::ObjectId> object_of(const MapCommand& command);

    const Script& script_;
    UserHalf user_half_;
    bool implicit_mapping_;
    ProgramLoader loader_;
    ScriptMachine* machine_ = nullptr;
    std::map<std::string, NamedProcess> processes_;
    std::vector<StepResult> results_;
};

}  // namespace mmusim::tb
