// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_executor.hpp"

#include "hw/base/problems.hpp"
#include "tb/trace/open_trace.hpp"
#include "tb/workload/expectation_check.hpp"
#include "tb/workload/limited_accesses.hpp"
#include "tb/workload/page_writes.hpp"
#include "tb/workload/script_accesses.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace mmusim::tb {

namespace {

std::uint64_t whole_pages(std::uint64_t bytes, PageSize size = base_page_size) {
    return (bytes + size.bytes() - 1) / size.bytes() * size.bytes();
}

struct Counted {
    std::uint64_t minor = 0;
    std::uint64_t major = 0;
};

Counted faults_until_now(const sw::OperatingSystem& system) {
    const sw::FaultStatistics faults = system.fault_statistics();
    return {.minor = faults.minor, .major = faults.major};
}

// Where a warm-up ended in between, counts have begun again from zero.
std::uint64_t since(std::uint64_t before, std::uint64_t after) {
    return after < before ? after : after - before;
}

ProgramLoader::Settings loader_settings(const Configuration& configuration) {
    ProgramLoader::Settings settings{.user_half_end = UserHalf(configuration.paging.mode).end(),
                                     .stack_limit_bytes = configuration.os.stack_limit_bytes};
    if (configuration.os.aslr) {
        settings.seed = configuration.seed;
    }
    return settings;
}

}  // namespace

ScriptExecutor::ScriptExecutor(const Script& script, const Configuration& configuration)
    : script_(script),
      user_half_(configuration.paging.mode),
      implicit_mapping_(configuration.os.implicit_mapping),
      loader_(loader_settings(configuration)) {}

void ScriptExecutor::run(ScriptMachine& machine) {
    carry_out_all(machine, [this](const ScriptStep& step, const StepResult& result) {
        check_expectations(script_.path, step, result);
    });
}

void ScriptExecutor::rehearse(ScriptMachine& machine) {
    carry_out_all(machine, [](const ScriptStep&, const StepResult&) {});
}

template <typename Judge>
void ScriptExecutor::carry_out_all(ScriptMachine& machine, Judge judge) {
    machine_ = &machine;
    contents_ = ScriptContents(machine.contents_checker(), machine.operating_system());
    for (const ScriptStep& step : script_.steps) {
        bool stopped = false;
        results_.push_back(carry_out(step, stopped));
        if (stopped) {
            return;
        }
        judge(step, results_.back());
    }
}

StepResult ScriptExecutor::carry_out(const ScriptStep& step, bool& stopped) {
    machine_->begin_step(step.line, step.text);
    const Cycles begun = machine_->now();
    const Counted before = faults_until_now(machine_->operating_system());
    Effect effect;
    try {
        effect = std::visit([this](const auto& command) { return act(command); }, step.command);
    } catch (const InputError& error) {
        throw InputError(fmt::format("{}:{}: {}", script_.path, step.line, error.what()));
    }
    const Counted after = faults_until_now(machine_->operating_system());
    stopped = effect.stopped;
    return {.line = step.line,
            .text = step.text,
            .minor = since(before.minor, after.minor),
            .major = since(before.major, after.major),
            .signal = effect.signal,
            .error = effect.error,
            .cycles = machine_->now() - begun};
}

ScriptExecutor::Effect ScriptExecutor::act(const FileCommand& command) {
    sw::OperatingSystem& system = machine_->operating_system();
    const sw::ObjectId id = system.objects().make_file(command.file, command.bytes);
    contents_.made_file(id);
    if (command.warm) {
        system.warm_file(id);
    }
    return {};
}

ScriptExecutor::Effect ScriptExecutor::act(const ProcessCommand& command) {
    const auto id = machine_->operating_system().create_process(command.process);
    if (!id) {
        processes_[command.process] = {.id = {}, .alive = false};
        return {.error = sw::CallError::enomem};
    }
    processes_[command.process] = {.id = *id};
    contents_.made_process(*id);
    return {};
}

ScriptExecutor::Effect ScriptExecutor::act(const MapCommand& command) {
    NamedProcess& caller = process(command.process);
    if (!caller.alive) {
        return {.error = sw::CallError::esrch};
    }
    caller.has_mappings = true;
    check_page_size(command.page_size);
    const auto* const file = std::get_if<FileBacking>(&command.backing);
    const auto mapped = machine_->operating_system().calls().map(
        caller.id, {.bytes = command.bytes,
                    .rights = command.rights,
                    .sharing = command.sharing,
                    .object = object_of(command),
                    .offset_bytes = file == nullptr ? 0 : file->offset,
                    .at = command.at,
                    .populate = command.populate,
                    .locked = command.locked,
                    .grows_down = command.grows_down,
                    .page_size = command.page_size});
    if (const auto* const error = std::get_if<sw::CallError>(&mapped)) {
        caller.regions.try_emplace(command.region, span_of_nothing(command.bytes));
        return {.error = *error};
    }
    const PageSize page_size = command.page_size.value_or(base_page_size);
    const NamedSpan span{.start = std::get<VirtualAddress>(mapped),
                         .bytes = whole_pages(command.bytes, page_size),
                         .page_size = page_size};
    caller.regions[command.region] = span;
    contents_.mapped(caller.id, span.pages());
    contents_.copied(caller.id);
    return {};
}

ScriptExecutor::NamedSpan ScriptExecutor::span_of_nothing(std::uint64_t bytes) {
    const std::uint64_t size = std::max(whole_pages(bytes), page_bytes);
    return {.start = {std::uint64_t{0} - size}, .bytes = size};
}

ScriptExecutor::Effect ScriptExecutor::act(const UnmapCommand& command) {
    return call(command.target, [&](sw::ProcessId id, sw::PageSpan span) {
        const sw::CallResult error = machine_->operating_system().calls().unmap(id, span);
        if (!error) {
            contents_.unmapped(id, span);
        }
        return error;
    });
}

ScriptExecutor::Effect ScriptExecutor::act(const ProtectCommand& command) {
    return call(command.target, [&](sw::ProcessId id, sw::PageSpan span) {
        return machine_->operating_system().calls().protect(id, span, command.rights);
    });
}

ScriptExecutor::Effect ScriptExecutor::act(const MoveCommand& command) {
    return call(command.target, [&](sw::ProcessId id, sw::PageSpan span) -> sw::CallResult {
        const auto moved = machine_->operating_system().calls().move(id, span, command.at);
        if (const auto* const error = std::get_if<sw::CallError>(&moved)) {
            return *error;
        }
        const VirtualAddress to = std::get<VirtualAddress>(moved);
        region(command.target).start = to;
        contents_.moved(id, span, to);
        return std::nullopt;
    });
}

ScriptExecutor::Effect ScriptExecutor::act(const GrowCommand& command) {
    return call(command.target, [&](sw::ProcessId id, sw::PageSpan span) {
        const sw::CallResult error =
            machine_->operating_system().calls().resize(id, span, command.bytes);
        if (!error) {
            NamedSpan& grown = region(command.target);
            grown.bytes = whole_pages(command.bytes, grown.page_size);
            contents_.resized(id, span, grown.pages());
            contents_.copied(id);
        }
        return error;
    });
}

ScriptExecutor::Effect ScriptExecutor::act(const HeapCommand& command) {
    NamedProcess& caller = process(command.process);
    if (!caller.alive) {
        return {.error = sw::CallError::esrch};
    }
    caller.has_mappings = true;
    sw::OperatingSystem& system = machine_->operating_system();
    const std::optional<sw::PageSpan> before = system.heap_of(caller.id);
    const auto set = system.calls().set_heap(caller.id, command.bytes);
    if (const auto* const error = std::get_if<sw::CallError>(&set)) {
        return {.error = *error};
    }
    const auto heap = std::get<sw::PageSpan>(set);
    caller.regions[std::string(heap_region)] = {.start = heap.start,
                                                .bytes = heap.end.value - heap.start.value};
    const sw::PageSpan none{.start = heap.start, .end = heap.start};
    contents_.resized(caller.id, before.value_or(none), heap);
    return {};
}

ScriptExecutor::Effect ScriptExecutor::act(const LockCommand& command) {
    return call(command.target, [&](sw::ProcessId id, sw::PageSpan span) {
        sw::SystemCalls& calls = machine_->operating_system().calls();
        if (!command.locked) {
            return calls.unlock(id, span);
        }
        const sw::CallResult error = calls.lock(id, span);
        contents_.copied(id);
        return error;
    });
}

ScriptExecutor::Effect ScriptExecutor::act(const SyncRegionCommand& command) {
    return call(command.target, [&](sw::ProcessId id, sw::PageSpan span) {
        return machine_->operating_system().calls().sync(id, span);
    });
}

ScriptExecutor::Effect ScriptExecutor::act(const AdviseCommand& command) {
    return call(command.target, [&](sw::ProcessId id, sw::PageSpan span) {
        const sw::CallResult error =
            machine_->operating_system().calls().advise(id, span, command.advice);
        if (!error) {
            contents_.advised(id, span, command.advice);
        }
        return error;
    });
}

ScriptExecutor::Effect ScriptExecutor::act(const ForkCommand& command) {
    const NamedProcess& parent = process(command.parent);
    if (!parent.alive) {
        return {.error = sw::CallError::esrch};
    }
    const auto forked = machine_->operating_system().fork(parent.id, command.child);
    NamedProcess child = parent;
    if (const auto* const error = std::get_if<sw::CallError>(&forked)) {
        child.alive = false;
        processes_[command.child] = std::move(child);
        return {.error = *error};
    }
    child.id = std::get<sw::ProcessId>(forked);
    contents_.forked(parent.id, child.id);
    processes_[command.child] = std::move(child);
    return {};
}

ScriptExecutor::Effect ScriptExecutor::act(const ExecCommand& command) {
    NamedProcess& caller = process(command.process);
    if (!caller.alive) {
        return {.error = sw::CallError::esrch};
    }
    sw::OperatingSystem& system = machine_->operating_system();
    const ProgramLoader::Program program = loader_.load(command.path, system.objects());
    for (const sw::ObjectId id : program.new_files) {
        contents_.made_file(id);
    }
    system.exec(caller.id, program.layout);
    caller.has_mappings = true;
    contents_.executed(caller.id);
    return start_program(caller, program.layout);
}

// What the kernel and ld.so write before the program's first instruction.
ScriptExecutor::Effect ScriptExecutor::start_program(NamedProcess& program,
                                                     const sw::ExecLayout& layout) {
    PageWrites writes(layout.written_pages);
    Effect effect = run_accesses(program, writes);
    if (effect.signal || effect.stopped) {
        return effect;
    }
    sw::SystemCalls& calls = machine_->operating_system().calls();
    for (const sw::PageSpan& span : layout.read_only_spans) {
        if (const sw::CallResult error = calls.protect(program.id, span, {.read = true})) {
            effect.error = error;
        }
    }
    return effect;
}

ScriptExecutor::Effect ScriptExecutor::act(const ExitCommand& command) {
    NamedProcess& leaving = process(command.process);
    if (!leaving.alive) {
        return {.error = sw::CallError::esrch};
    }
    machine_->operating_system().exit(leaving.id);
    contents_.exited(leaving.id);
    leaving.alive = false;
    return {};
}

ScriptExecutor::Effect ScriptExecutor::act(const AccessCommand& command) {
    NamedProcess& program = process(command.process);
    if (!program.alive) {
        return {.error = sw::CallError::esrch};
    }
    AccessSequence sequence{.type = command.type, .first = {}};
    if (const auto* const address = std::get_if<VirtualAddress>(&command.where)) {
        sequence.first = *address;
    } else {
        const auto& where = std::get<RegionAccesses>(command.where);
        const NamedSpan& span = program.regions.at(where.region);
        sequence = sequence_of(command.type, where, span.start, span.bytes);
    }
    ScriptAccesses accesses(sequence);
    return run_accesses(program, accesses);
}

ScriptExecutor::Effect ScriptExecutor::act(const TraceCommand& command) {
    NamedProcess& program = process(command.process);
    if (program.alive && !program.has_mappings && implicit_mapping_) {
        machine_->operating_system().map_user_half(program.id);
        program.has_mappings = true;
        contents_.mapped(program.id, {.start = {}, .end = user_half_.end()});
    }
    if (command.next) {
        return run_next_part(program, command);
    }
    const std::unique_ptr<AccessSource> trace = open_trace(command.path, std::nullopt, user_half_);
    LimitedAccesses accesses(*trace, command.limit);
    return run_accesses(program, accesses);
}

// What a signal leaves of the part is not the next line's.
ScriptExecutor::Effect ScriptExecutor::run_next_part(NamedProcess& program,
                                                     const TraceCommand& command) {
    auto opened = traces_in_parts_.find(command.path);
    if (opened == traces_in_parts_.end()) {
        TraceInParts trace(command.path, open_trace(command.path, std::nullopt, user_half_));
        opened = traces_in_parts_.emplace(command.path, std::move(trace)).first;
    }
    TracePart part(opened->second, *command.next);
    const Effect effect = run_accesses(program, part);
    if (!effect.stopped) {
        part.skip_rest();
    }
    return effect;
}

ScriptExecutor::Effect ScriptExecutor::act(const FileActionCommand& command) {
    sw::OperatingSystem& system = machine_->operating_system();
    const sw::ObjectId id = file(command.file);
    switch (command.action) {
        case FileActionCommand::Action::sync: return {.error = system.sync_file(id)};
        case FileActionCommand::Action::drop: return {.error = system.drop_file(id)};
        case FileActionCommand::Action::warm: system.warm_file(id); break;
    }
    return {};
}

ScriptExecutor::Effect ScriptExecutor::act(const FenceCommand& command) {
    std::optional<sw::ProcessId> id;
    if (command.process) {
        const NamedProcess& fenced = process(*command.process);
        if (!fenced.alive) {
            return {.error = sw::CallError::esrch};
        }
        id = fenced.id;
    }
    machine_->operating_system().fence(id, command.address);
    return {};
}

ScriptExecutor::Effect ScriptExecutor::act(const WaitCommand& command) {
    machine_->pass(command.cycles);
    return {};
}

ScriptExecutor::Effect ScriptExecutor::run_accesses(NamedProcess& program, AccessSource& accesses) {
    if (!program.alive) {
        return {.error = sw::CallError::esrch};
    }
    const RunEnd end = machine_->run_accesses(program.id, accesses);
    program.alive = end.signal != sw::Signal::kill;
    return {.signal = end.signal, .stopped = end.stopped};
}

template <typename Call>
ScriptExecutor::Effect ScriptExecutor::call(const NamedRegion& target, Call call) {
    const NamedProcess& caller = process(target.process);
    if (!caller.alive) {
        return {.error = sw::CallError::esrch};
    }
    const NamedSpan& whole = region(target);
    const RegionPart part = target.part.value_or(RegionPart{.offset = 0, .bytes = whole.bytes});
    const VirtualAddress start = whole.start + part.offset;
    return {.error = call(caller.id,
                          sw::PageSpan{.start = start, .end = start + whole_pages(part.bytes)})};
}

ScriptExecutor::NamedProcess& ScriptExecutor::process(const std::string& name) {
    return processes_.at(name);
}

ScriptExecutor::NamedSpan& ScriptExecutor::region(const NamedRegion& target) {
    return process(target.process).regions.at(target.region);
}

sw::ObjectId ScriptExecutor::file(const std::string& name) const {
    return machine_->operating_system().objects().find(sw::ObjectKind::file, name).value();
}

void ScriptExecutor::check_page_size(std::optional<PageSize> size) const {
    const std::vector<PageSize> possible = machine_->operating_system().huge_page_sizes();
    if (size && std::find(possible.begin(), possible.end(), *size) == possible.end()) {
        throw InputError(fmt::format("pages {}: expected a huge page of paging.mode: {}", *size,
                                     fmt::join(possible, " or ")));
    }
}

// Shared memory is made at its first use, and grows with the largest mapping. Shared memory
// without a name is one of its own for each mapping.
std::optional<sw::ObjectId> ScriptExecutor::object_of(const MapCommand& command) {
    sw::Objects& objects = machine_->operating_system().objects();
    const auto make_shared_memory = [&](std::string name, std::uint64_t bytes) {
        const sw::ObjectId id = objects.make_shared_memory(std::move(name), bytes);
        contents_.made_shared_memory(id);
        return id;
    };
    if (const auto* const backing = std::get_if<FileBacking>(&command.backing)) {
        return file(backing->file);
    }
    const std::uint64_t bytes =
        whole_pages(command.bytes, command.page_size.value_or(base_page_size));
    if (const auto* const backing = std::get_if<SharedMemoryBacking>(&command.backing)) {
        const auto known = objects.find(sw::ObjectKind::shared_memory, backing->object);
        if (!known) {
            return make_shared_memory(backing->object, bytes);
        }
        objects[*known].bytes = std::max(objects[*known].bytes, bytes);
        return *known;
    }
    if (command.sharing == sw::Sharing::shared) {
        return make_shared_memory(fmt::format("{}.{}", command.process, command.region), bytes);
    }
    return std::nullopt;
}

}  // namespace mmusim::tb
