// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/interpreter.hpp"

#include "tests/kernel/comparison_rules.hpp"
#include "tests/kernel/helper_processes.hpp"
#include "tests/kernel/machine_refusal.hpp"
#include "tests/kernel/script_state.hpp"
#include "tests/kernel/step_facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <string_view>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <utility>
#include <variant>

namespace mmusim::tests {

namespace {

// ---- the words of the language as those of the kernel, and back

[[nodiscard]] int protection_of(const sw::Rights& rights) {
    return (rights.read ? PROT_READ : 0) | (rights.write ? PROT_WRITE : 0) |
           (rights.execute ? PROT_EXEC : 0);
}

[[nodiscard]] int flags_of(const tb::MapCommand& command) {
    const bool is_anonymous = std::holds_alternative<tb::AnonymousBacking>(command.backing);
    return MAP_FIXED | (command.sharing == sw::Sharing::shared ? MAP_SHARED : MAP_PRIVATE) |
           (is_anonymous ? MAP_ANONYMOUS : 0) | (command.populate ? MAP_POPULATE : 0) |
           (command.locked ? MAP_LOCKED : 0) | (command.grows_down ? MAP_GROWSDOWN : 0);
}

constexpr PerEnumerator<sw::Advice, int> kernel_advice{
    {MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED, MADV_DONTNEED, MADV_FREE,
     MADV_PAGEOUT, MADV_HUGEPAGE, MADV_NOHUGEPAGE}};

struct SignalName {
    int signal;
    int code;
    std::string_view name;
};

constexpr std::array<SignalName, 3> signal_names{
    {{.signal = SIGSEGV, .code = SEGV_MAPERR, .name = "SIGSEGV MAPERR"},
     {.signal = SIGSEGV, .code = SEGV_ACCERR, .name = "SIGSEGV ACCERR"},
     {.signal = SIGBUS, .code = BUS_ADRERR, .name = "SIGBUS ADRERR"}}};

[[nodiscard]] std::string signal_name(int signal, int code) {
    const auto* const found = std::find_if(
        signal_names.begin(), signal_names.end(),
        [&](const SignalName& name) { return name.signal == signal && name.code == code; });
    return found == signal_names.end() ? fmt::format("signal {} code {}", signal, code)
                                       : std::string(found->name);
}

[[nodiscard]] Figures figures_of(const CountedOutcome& outcome) {
    Figures figures{.minor = outcome.minor, .major = outcome.major};
    if (outcome.signal != 0) {
        figures.signal = signal_name(outcome.signal, outcome.signal_code);
    }
    if (outcome.error != 0) {
        figures.error = ::strerrorname_np(outcome.error);
    }
    return figures;
}

[[nodiscard]] bool asks_for_huge_pages(const tb::Script& script) {
    return std::any_of(script.steps.begin(), script.steps.end(), [](const tb::ScriptStep& step) {
        const auto* const advice = std::get_if<tb::AdviseCommand>(&step.command);
        return advice != nullptr && advice->advice == sw::Advice::hugepage;
    });
}

/// An error that the model never gives says what this machine forbids, not what the script does.
[[nodiscard]] bool model_knows(std::string_view error) {
    const auto known = enumerator_named<sw::CallError>(error);
    return known.has_value() && known != sw::CallError::eacces;
}

// ---- the interpreter

class Interpreter {
  public:
    Interpreter(const tb::Script& script, const ScriptKnobs& knobs, const HostFacts& host);

    [[nodiscard]] KernelStep run(const tb::ScriptStep& step);

    // Each does its line.
    Figures operator()(const tb::FileCommand& command);
    Figures operator()(const tb::FileActionCommand& command);
    Figures operator()(const tb::ProcessCommand& command);
    Figures operator()(const tb::ForkCommand& command);
    Figures operator()(const tb::ExitCommand& command);
    Figures operator()(const tb::MapCommand& command);
    Figures operator()(const tb::UnmapCommand& command);
    Figures operator()(const tb::ProtectCommand& command);
    Figures operator()(const tb::MoveCommand& command);
    Figures operator()(const tb::GrowCommand& command);
    Figures operator()(const tb::LockCommand& command);
    Figures operator()(const tb::SyncRegionCommand& command);
    Figures operator()(const tb::AdviseCommand& command);
    Figures operator()(const tb::AccessCommand& command);

    // The others have no meaning here, and comparison_rules.cpp says so.
    template <typename Command>
    Figures operator()(const Command& /*command*/) {
        return {};
    }

  private:
    void end_at(std::uint64_t line, std::string_view reason);
    [[nodiscard]] CountedOutcome call(const std::string& process, const SystemCall& call);
    static void forget(const HostFile& file);
    void note(PlacedRegion& region, const tb::AdviseCommand& command) const;
    void wait_for_pages(const PlacedRegion& region, const Stretch& stretch) const;

    const ScriptKnobs& knobs_;
    const HostFacts& host_;
    bool huge_pages_;
    ScriptState state_;
    HelperProcesses helpers_;
    /// Why nothing is done any more.
    std::optional<LeftOut> ended_{};
};

Interpreter::Interpreter(const tb::Script& script, const ScriptKnobs& knobs, const HostFacts& host)
    : knobs_(knobs),
      host_(host),
      huge_pages_(asks_for_huge_pages(script) && knobs.huge_pages != sw::HugePages::never),
      state_(script, host.files_on_disk),
      helpers_(count_processes(script)) {
    if (const auto reason = reason_against(knobs); reason && !script.steps.empty()) {
        end_at(script.steps.front().line, *reason);
    }
}

void Interpreter::end_at(std::uint64_t line, std::string_view reason) {
    ended_ = {.reason = std::string(reason), .since_line = line, .was_done = false};
}

KernelStep Interpreter::run(const tb::ScriptStep& step) {
    if (ended_) {
        return {.left_out = ended_};
    }
    StepFacts facts = facts_of(step.command, state_, helpers_.own_memory(), huge_pages_);
    const ComparisonRule* rule = rule_against(facts, knobs_, host_);
    if (rule != nullptr && rule->ends_script) {
        end_at(step.line, rule->reason);
        return {.left_out = ended_};
    }
    Figures figures = std::visit(*this, step.command);
    if (figures.error && !model_knows(*figures.error)) {
        end_at(step.line, fmt::format("{} on this machine", *figures.error));
        return {.left_out = ended_};
    }
    facts.ends_in_a_signal = figures.signal.has_value();
    rule = rule_against(facts, knobs_, host_);
    if (rule != nullptr) {
        return {.left_out = LeftOut{.reason = std::string(rule->reason), .since_line = step.line}};
    }
    return {.figures = std::move(figures)};
}

CountedOutcome Interpreter::call(const std::string& process, const SystemCall& call) {
    return helpers_.call(state_.process(process).helper, call);
}

// ---- files

// Somebody may look at the file at that moment.
void Interpreter::forget(const HostFile& file) {
    constexpr int most_tries = 3;
    for (int tried = 0; tried < most_tries; ++tried) {
        file.drop();
        if (file.pages_in_memory(0, file.pages()) == 0) {
            return;
        }
    }
    throw MachineRefusal("a file that nobody uses stays in memory");
}

Figures Interpreter::operator()(const tb::FileCommand& command) {
    HostFile& file = state_.file(command.file);
    file.fill(command.bytes);
    if (!command.warm) {
        forget(file);
    }
    return {};
}

Figures Interpreter::operator()(const tb::FileActionCommand& command) {
    HostFile& file = state_.file(command.file);
    switch (command.action) {
        case tb::FileActionCommand::Action::sync: file.sync(); break;
        case tb::FileActionCommand::Action::drop: file.drop(); break;
        case tb::FileActionCommand::Action::warm: file.warm(); break;
    }
    return {};
}

// ---- processes

Figures Interpreter::operator()(const tb::ProcessCommand& command) {
    state_.add_process(command.process, {.helper = helpers_.start()});
    // Huge pages would come unasked for where the machine's administrator has said `always`.
    if (!huge_pages_) {
        static_cast<void>(call(command.process, system_call(SYS_prctl, PR_SET_THP_DISABLE, 1)));
    }
    return {};
}

Figures Interpreter::operator()(const tb::ForkCommand& command) {
    ScriptProcess child = state_.process(command.parent);
    child.helper = helpers_.fork(child.helper);
    state_.add_process(command.child, std::move(child));
    return {};
}

Figures Interpreter::operator()(const tb::ExitCommand& command) {
    helpers_.exit(state_.process(command.process).helper);
    state_.remove_process(command.process);
    return {};
}

// ---- mappings

Figures Interpreter::operator()(const tb::MapCommand& command) {
    const PlacedRegion region = state_.planned(command);
    const int descriptor = region.object ? region.object->file->descriptor() : -1;
    const std::uint64_t offset = region.object ? region.object->offset_bytes : 0;
    const CountedOutcome outcome =
        call(command.process,
             system_call(SYS_mmap, region.start, command.bytes, protection_of(command.rights),
                         flags_of(command), descriptor, offset));
    if (outcome.error != 0) {
        return figures_of(outcome);
    }
    if (huge_pages_) {
        static_cast<void>(call(command.process, system_call(SYS_madvise, region.start, region.bytes,
                                                            MADV_NOHUGEPAGE)));
    }
    ScriptProcess& process = state_.process(command.process);
    process.take(region.start, region.bytes);
    process.locked_bytes += command.locked ? region.bytes : 0;
    process.regions.insert_or_assign(command.region, region);
    return figures_of(outcome);
}

Figures Interpreter::operator()(const tb::UnmapCommand& command) {
    const Stretch stretch = state_.stretch(command.target);
    const CountedOutcome outcome =
        call(command.target.process, system_call(SYS_munmap, stretch.start, stretch.bytes));
    if (outcome.error == 0 && !command.target.part) {
        state_.region(command.target).mapped = false;
    }
    return figures_of(outcome);
}

Figures Interpreter::operator()(const tb::ProtectCommand& command) {
    const Stretch stretch = state_.stretch(command.target);
    const CountedOutcome outcome = call(
        command.target.process,
        system_call(SYS_mprotect, stretch.start, stretch.bytes, protection_of(command.rights)));
    if (outcome.error == 0 && !command.target.part) {
        state_.region(command.target).rights = command.rights;
    }
    return figures_of(outcome);
}

Figures Interpreter::operator()(const tb::MoveCommand& command) {
    PlacedRegion& region = state_.region(command.target);
    const std::uint64_t start = state_.target_of(command);
    const CountedOutcome outcome = call(
        command.target.process, system_call(SYS_mremap, region.start, region.bytes, region.bytes,
                                            MREMAP_MAYMOVE | MREMAP_FIXED, start));
    if (outcome.error == 0) {
        region.start = start;
        state_.process(command.target.process).take(start, region.bytes);
    }
    return figures_of(outcome);
}

Figures Interpreter::operator()(const tb::GrowCommand& command) {
    PlacedRegion& region = state_.region(command.target);
    const std::uint64_t bytes = whole_pages(command.bytes);
    const CountedOutcome outcome =
        call(command.target.process, system_call(SYS_mremap, region.start, region.bytes, bytes, 0));
    if (outcome.error == 0) {
        region.bytes = bytes;
        region.every_page_start_written = false;
        state_.process(command.target.process).take(region.start, bytes);
    }
    return figures_of(outcome);
}

Figures Interpreter::operator()(const tb::LockCommand& command) {
    const Stretch stretch = state_.stretch(command.target);
    const long number = command.locked ? SYS_mlock : SYS_munlock;
    const CountedOutcome outcome =
        call(command.target.process, system_call(number, stretch.start, stretch.bytes));
    if (outcome.error == 0 && command.locked) {
        state_.process(command.target.process).locked_bytes += stretch.bytes;
    }
    return figures_of(outcome);
}

Figures Interpreter::operator()(const tb::SyncRegionCommand& command) {
    const Stretch stretch = state_.stretch(command.target);
    return figures_of(call(command.target.process,
                           system_call(SYS_msync, stretch.start, stretch.bytes, MS_SYNC)));
}

Figures Interpreter::operator()(const tb::AdviseCommand& command) {
    const Stretch stretch = state_.stretch(command.target);
    const CountedOutcome outcome =
        call(command.target.process,
             system_call(SYS_madvise, stretch.start, stretch.bytes, kernel_advice[command.advice]));
    if (outcome.error == 0) {
        note(state_.region(command.target), command);
    }
    return figures_of(outcome);
}

void Interpreter::note(PlacedRegion& region, const tb::AdviseCommand& command) const {
    // What is read ahead in a region of several patterns is as hard to tell as after `sequential`.
    const auto pattern = [&command](sw::AccessPattern whole) {
        return command.target.part ? sw::AccessPattern::sequential : whole;
    };
    switch (command.advice) {
        case sw::Advice::normal: region.pattern = pattern(sw::AccessPattern::normal); break;
        case sw::Advice::random: region.pattern = pattern(sw::AccessPattern::random); break;
        case sw::Advice::sequential: region.pattern = pattern(sw::AccessPattern::sequential); break;
        case sw::Advice::willneed: wait_for_pages(region, state_.stretch(command.target)); break;
        case sw::Advice::dontneed: region.every_page_start_written = false; break;
        case sw::Advice::free: region.freed = !command.target.part; break;
        case sw::Advice::pageout: break;
        case sw::Advice::hugepage: region.wants_huge_pages = true; break;
        case sw::Advice::nohugepage: region.wants_huge_pages = false; break;
    }
}

// The kernel reads what is needed soon while the program goes on.
void Interpreter::wait_for_pages(const PlacedRegion& region, const Stretch& stretch) const {
    if (!region.shows_file()) {
        return;
    }
    const HostFile& file = *region.object->file;
    const std::uint64_t first =
        (region.object->offset_bytes + stretch.start - region.start) / page_bytes;
    const std::uint64_t end = first + whole_pages(stretch.bytes) / page_bytes;
    if (first < file.pages()) {
        file.wait_for(first, std::min(end, file.pages()) - first);
    }
}

// ---- accesses

Figures Interpreter::operator()(const tb::AccessCommand& command) {
    const tb::AccessSequence sequence = state_.accesses(command);
    PlacedRegion* const region = state_.region_at(command.process, sequence.first.value);
    if (region != nullptr && sequence.type == AccessType::write) {
        region->every_page_start_written =
            region->every_page_start_written ||
            (sequence.first.value == region->start && sequence.step_bytes == page_bytes &&
             sequence.count * page_bytes >= region->bytes);
        region->written = true;
        region->freed = false;
        region->read_before_write = false;
    } else if (region != nullptr) {
        region->read_before_write = region->read_before_write || !region->written;
    }
    return figures_of(helpers_.access(state_.process(command.process).helper, sequence));
}

}  // namespace

KernelRun run_on_kernel(const tb::Script& script, const ScriptKnobs& knobs, const HostFacts& host) {
    const std::optional<std::uint64_t> shortages = huge_page_shortages();
    Interpreter interpreter(script, knobs, host);
    KernelRun run;
    for (const tb::ScriptStep& step : script.steps) {
        run.steps.push_back(interpreter.run(step));
    }
    run.huge_pages_ran_short = huge_page_shortages() != shortages;
    return run;
}

}  // namespace mmusim::tests
