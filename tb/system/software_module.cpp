// SPDX-License-Identifier: Apache-2.0
#include "tb/system/software_module.hpp"

#include "hw/base/problems.hpp"
#include "hw/base/wave_module.hpp"

#include <algorithm>
#include <utility>

namespace mmusim::tb {

namespace {

hw::Outcome outcome_of(sw::FaultClass fault_class) {
    switch (fault_class) {
        case sw::FaultClass::minor: return hw::Outcome::minor_fault;
        case sw::FaultClass::major: return hw::Outcome::major_fault;
        case sw::FaultClass::invalid: break;
    }
    return hw::Outcome::invalid_fault;
}

}  // namespace

SoftwareModule::SoftwareModule(const sc_core::sc_module_name& name,
                               const Configuration& configuration, hw::ClockModule& clock)
    : sc_module(name),
      parameters_(static_cast<const sw::OsParameters&>(configuration.os)),
      paging_(configuration.paging),
      memory_(configuration.memory),
      clock_(clock),
      storage_(clock, [this](const StorageRequests::Done& done) { storage_done(done); }),
      machine_(configuration, clock, storage_, [this] { wait_for_work(); }) {
    SC_HAS_PROCESS(SoftwareModule);
    SC_THREAD(run);
}

void SoftwareModule::add_program(const Program& program) {
    programs_.push_back(program);
}

void SoftwareModule::set_contents_checker(ContentsChecker& checker) {
    contents_.emplace(checker, system_);
    machine_.set_contents(*contents_);
}

// What the machine does apart from faults is nobody's.
void SoftwareModule::set_observer(RunObserver& observer) {
    observer_ = &observer;
    machine_.set_work_listener([this](Stage stage, Cycles from, Cycles until) {
        if (handling_) {
            observer_->fault_worked({.translation = core_->trapped_translation(),
                                     .stage = stage,
                                     .from = from,
                                     .until = until});
        }
    });
}

void SoftwareModule::page_fault(const hw::PageFault& fault) {
    wake_by(fault);
}

void SoftwareModule::turn_over() {
    wake_by(TurnOver{});
}

void SoftwareModule::program_ended() {
    wake_by(ProgramEnded{});
}

void SoftwareModule::stopped() {
    wake_by(Stopped{});
}

void SoftwareModule::wake_by(const Trap& trap) {
    trap_ = trap;
    work_.notify();
}

void SoftwareModule::storage_done(const StorageRequests::Done& done) {
    for (auto& [process, waiting] : waiting_) {
        if (waiting.waits_for == done.ticket) {
            waiting.storage = done;
        }
    }
    work_.notify();
}

std::vector<sw::ProcessStatistics> SoftwareModule::processes() const {
    std::vector<sw::ProcessStatistics> result = system_->process_statistics();
    for (std::size_t process = 0; process < std::min(result.size(), tasks_.size()); ++process) {
        const Task& task = tasks_[process];
        result[process].accesses = task.made + (task.accesses ? task.accesses->taken() : 0);
    }
    return result;
}

void SoftwareModule::reset_statistics() {
    system_->reset_statistics();
    stalled_ = {};
    for (std::uint32_t process = 0; process < tasks_.size(); ++process) {
        Task& task = tasks_[process];
        task.made = 0;
        if (task.accesses) {
            // What waits has yet to be made, and counts from here on.
            const auto waiting = waiting_.find({process});
            task.accesses->reset_taken(
                waiting == waiting_.end() ? 0 : waiting->second.accesses.count());
        }
    }
}

std::optional<VirtualAddress> SoftwareModule::fault_under_way() const {
    return waiting_.empty() ? std::nullopt : std::optional(waiting_.begin()->second.fault.address);
}

// The sockets are bound, and the simulation has not begun: the operating system boots in no time.
void SoftwareModule::start_of_simulation() {
    // A script says itself what is mapped.
    parameters_.implicit_mapping = parameters_.implicit_mapping && script_ == nullptr;
    system_.emplace(parameters_, paging_, PhysicalAddress{memory_.base_address}, memory_.size_bytes,
                    machine_, future_);
    create_processes();
}

void SoftwareModule::create_processes() {
    for (const Program& program : programs_) {
        const std::optional<sw::ProcessId> process = system_->create_process(program.name);
        if (!process) {
            throw InputError(fmt::format(
                "memory.size_bytes: {} bytes are too few for the page tables of {} processes",
                memory_.size_bytes, programs_.size()));
        }
        for (const sw::Region& region : program.regions) {
            system_->map(*process, region);
        }
        if (contents_) {
            contents_->made(*process);
        }
        begin_task(*process, program.accesses);
    }
}

void SoftwareModule::run() {
    machine_.begin_time();
    try {
        if (script_ != nullptr) {
            script_->run(*this);
        } else {
            dispatch();
            serve_until_idle();
        }
    } catch (const sc_core::sc_unwind_exception&) {
        throw;  // the kernel ends the thread
    } catch (...) {
        clock_.fail(std::current_exception());
    }
    // A thread that returns makes the kernel leave its stack without a word to sanitizers.
    wait(over_);
}

void SoftwareModule::begin_step(std::uint64_t line, const std::string& text) {
    if (observer_ != nullptr) {
        observer_->step_begun({.line = line, .text = text, .at = clock_.now()});
    }
}

RunEnd SoftwareModule::run_accesses(sw::ProcessId process, AccessSource& accesses) {
    begin_task(process, accesses);
    dispatch();
    serve_until_idle();
    return {.signal = tasks_[process.value].signal, .stopped = stopping_};
}

// Until nobody has the core, and nobody waits for storage to get it.
void SoftwareModule::serve_until_idle() {
    while (core_busy_ || !waiting_.empty()) {
        if (!trap_ && !storage_.any_done()) {
            wait_for_work();
        }
        serve_next();
    }
}

void SoftwareModule::serve_next() {
    traced_busy_ = true;
    if (const std::optional<Trap> trap = std::exchange(trap_, std::nullopt)) {
        std::visit([this](const auto& kind) { serve(kind); }, *trap);
    }
    wake_processes();
    if (!core_busy_) {
        dispatch();
    }
    traced_busy_ = false;
    machine_.end_stage();
}

void SoftwareModule::serve(const hw::PageFault& fault) {
    ++traced_faults_;
    machine_.begin_record();
    if (observer_ != nullptr) {
        observer_->fault_begun({.process = running_,
                                .translation = core_->trapped_translation(),
                                .fault = fault,
                                .at = clock_.now()});
    }
    handle(fault);
}

void SoftwareModule::handle(const hw::PageFault& fault) {
    const sw::FaultProgress progress = handle_fault(fault);
    if (const auto* const ticket = std::get_if<sw::IoTicket>(&progress)) {
        wait_for_storage_of(fault, *ticket);
        return;
    }
    const sw::FaultOutcome outcome = std::get<sw::FaultOutcome>(progress);
    if (observer_ != nullptr) {
        observer_->fault_ended({.process = running_,
                                .translation = core_->trapped_translation(),
                                .outcome = outcome,
                                .at = clock_.now()});
    }
    if (!outcome.signal) {
        core_->retry(outcome_of(outcome.fault_class()), machine_.spent());
        return;
    }
    core_->give_up(machine_.spent());
    tasks_[running_.value].signal = outcome.signal;
    // A script's process survives what it was made to do; a program does not.
    if (script_ == nullptr || outcome.signal == sw::Signal::kill) {
        system_->exit(running_);
        if (contents_) {
            contents_->exited(running_);
        }
    }
    end_running_task();
}

sw::FaultProgress SoftwareModule::handle_fault(const hw::PageFault& fault) {
    handling_ = true;
    tick_if_due();
    const sw::FaultProgress progress = system_->handle_fault(running_, fault);
    handling_ = false;
    return progress;
}

// The timer's interrupts since the last fault. Nobody has looked at the A bits in between, so all
// but the first of them find nothing.
void SoftwareModule::tick_if_due() {
    constexpr std::uint64_t enough_to_forget_all = 64;
    const std::uint64_t ticks = clock_.now().value / parameters_.replacement_tick_cycles.value;
    const std::uint64_t due = std::min(ticks - ticks_, enough_to_forget_all);
    ticks_ = ticks;
    for (std::uint64_t tick = 0; tick < due; ++tick) {
        system_->tick();
    }
}

void SoftwareModule::serve(TurnOver /*turn_over*/) {
    core_busy_ = false;
}

// The process keeps its memory, so that the report can show it.
void SoftwareModule::serve(ProgramEnded /*ended*/) {
    end_running_task();
}

// Whoever waits for storage is let finish; nobody begins anything new.
void SoftwareModule::serve(Stopped /*stopped*/) {
    stopping_ = true;
    end_running_task();
    for (std::uint32_t process = 0; process < tasks_.size(); ++process) {
        if (!waiting_.contains({process})) {
            scheduler_.remove({process});
        }
    }
}

void SoftwareModule::begin_task(sw::ProcessId process, AccessSource& accesses) {
    if (tasks_.size() <= process.value) {
        tasks_.resize(process.value + 1);
    }
    Task& task = tasks_[process.value];
    task.made += task.accesses ? task.accesses->taken() : 0;
    task.accesses.emplace(accesses);
    task.signal.reset();
    if (future_ != nullptr) {
        future_->begin_task(process);
    }
    scheduler_.add(process);
}

void SoftwareModule::end_running_task() {
    scheduler_.remove(running_);
    core_busy_ = false;
}

// The core is free for others until storage has done what the fault needs.
void SoftwareModule::wait_for_storage_of(const hw::PageFault& fault, sw::IoTicket ticket) {
    waiting_.emplace(running_, Waiting{.accesses = core_->park(),
                                       .fault = fault,
                                       .spent = machine_.spent(),
                                       .waits_for = ticket,
                                       .since = clock_.now()});
    end_running_task();
}

// Those whose storage is done wait for their turn from now on.
void SoftwareModule::wake_processes() {
    system_->storage_done();
    for (const auto& [process, waiting] : waiting_) {
        if (system_->waits_for_storage(process) || scheduler_.contains(process)) {
            continue;
        }
        scheduler_.add(process);
        if (core_busy_) {
            core_->end_turn_at(turn_began_ + parameters_.scheduler.time_slice_cycles);
        }
    }
}

// Where the time went since the process left the core: in the queue, in the device, and then until
// it had its turn.
void SoftwareModule::book_wait(const Waiting& waiting) {
    const Cycles done = waiting.storage ? waiting.storage->at : waiting.since;
    const Cycles total = done - waiting.since;
    const Cycles service = waiting.storage ? std::min(waiting.storage->service, total) : Cycles{};
    LatencyRecord spent = waiting.spent;
    spent.add(Stage::storage, service);
    spent.add(Stage::storage_wait, total - service);
    spent.add(Stage::run_queue_wait, clock_.now() - done);
    machine_.begin_record(spent);
    if (observer_ != nullptr) {
        tell_wait(waiting, done, service);
    }
}

void SoftwareModule::tell_wait(const Waiting& waiting, Cycles done, Cycles service) {
    observer_->fault_waited({.process = running_,
                             .translation = waiting.accesses.trapped_translation(),
                             .from = waiting.since,
                             .storage_done = done,
                             .until = clock_.now(),
                             .service = service});
}

// Gives the core to the next process, if there is one.
void SoftwareModule::dispatch() {
    const std::optional<sw::ProcessId> next = scheduler_.next();
    if (!next) {
        return;
    }
    const bool switches = dispatched_ && running_ != *next;
    dispatched_ = true;
    running_ = *next;
    const hw::TranslationContext context = system_->switch_to(running_);
    if (switches) {
        machine_.pass(parameters_.scheduler.context_switch_cycles);
    }
    turn_began_ = clock_.now();
    if (observer_ != nullptr) {
        observer_->turn_begun({.process = running_, .context = context, .at = turn_began_});
    }
    std::optional<Cycles> turn_end;
    if (scheduler_.size() > 1) {
        turn_end = turn_began_ + parameters_.scheduler.time_slice_cycles;
    }
    core_busy_ = true;
    go_on(context, turn_end);
}

void SoftwareModule::go_on(const hw::TranslationContext& context, std::optional<Cycles> turn_end) {
    hw::AccessStream& accesses = *tasks_[running_.value].accesses;
    const auto found = waiting_.find(running_);
    if (found == waiting_.end()) {
        core_->run(accesses, context, turn_end);
        return;
    }
    Waiting waiting = std::move(waiting_.extract(found).mapped());
    book_wait(waiting);
    core_->resume(std::move(waiting.accesses), accesses, context, turn_end);
    handle(waiting.fault);
}

void SoftwareModule::access_ended(const hw::FinishedTranslation& finished) {
    const hw::TranslationExtension& translation = finished.translation;
    if (!translation.page) {
        return;
    }
    const PhysicalAddress address = translation.page->physical_address(translation.request.address);
    if (contents_) {
        contents_->accessed(running_, finished, address);
    }
    if (future_ != nullptr) {
        future_->made(running_);
    }
    if (system_->watches_accesses()) {
        system_->accessed(page_number_of(address));
    }
    const bool loaded = finished.outcome == hw::Outcome::minor_fault ||
                        finished.outcome == hw::Outcome::major_fault;
    if (loaded && system_->load_is_no_access()) {
        // A convention of the textbooks and no work of anybody's, and the core is running.
        machine_.in_no_time([&] { system_->loaded(page_number_of(address)); });
    }
}

// Where nobody has the core, everybody waits for storage.
void SoftwareModule::wait_for_work() {
    const bool stalls = !core_busy_;
    const Cycles begun = clock_.now();
    wait(work_);
    stalled_ += stalls ? clock_.now() - begun : Cycles{};
}

void SoftwareModule::trace(sc_core::sc_trace_file* file) const {
    sc_core::sc_trace(file, traced_busy_, hw::wave_name(*this, "busy"));
    hw::trace_activity(file, machine_.stage(), hw::wave_name(*this, "stage"));
    sc_core::sc_trace(file, running_.value, hw::wave_name(*this, "process"));
    sc_core::sc_trace(file, traced_faults_, hw::wave_name(*this, "faults"));
}

}  // namespace mmusim::tb
