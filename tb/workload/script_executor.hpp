// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"
#include "sw/operating_system.hpp"
#include "tb/config/configuration.hpp"
#include "tb/trace/user_half.hpp"
#include "tb/workload/program_loader.hpp"
#include "tb/workload/script_command.hpp"
#include "tb/workload/script_contents.hpp"
#include "tb/workload/script_machine.hpp"
#include "tb/workload/step_result.hpp"
#include "tb/workload/trace_in_parts.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mmusim::tb {

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

    [[nodiscard]] Effect start_program(NamedProcess& program, const sw::ExecLayout& layout);
    [[nodiscard]] Effect run_next_part(NamedProcess& program, const TraceCommand& command);
    [[nodiscard]] Effect run_accesses(NamedProcess& program, AccessSource& accesses);
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
    ScriptContents contents_;
    std::map<std::string, NamedProcess> processes_;
    /// Traces that lines take in parts, by their paths.
    std::map<std::string, TraceInParts> traces_in_parts_;
    std::vector<StepResult> results_;
};

}  // namespace mmusim::tb
