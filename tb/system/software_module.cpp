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
      parameters_(configuration.os),
      paging_(configuration.paging),
      memory_(configuration.memory),
      clock_(clock) {
    SC_HAS_PROCESS(SoftwareModule);
    SC_THREAD(run);
    memory_initiator.register_nb_transport_bw(this, &SoftwareModule::memory_answered);
}

void SoftwareModule::add_program(const Program& program) {
    programs_.push_back(program);
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

void SoftwareModule::wake_by(const Trap& trap) {
    trap_ = trap;
    trapped_.notify();
}

std::vector<sw::ProcessStatistics> SoftwareModule::processes() const {
    std::vector<sw::ProcessStatistics> result = system_->process_statistics();
    for (std::size_t process = 0; process < result.size(); ++process) {
        result[process].accesses = streams_[process].taken();
    }
    return result;
}

void SoftwareModule::reset_statistics() {
    system_->reset_statistics();
    for (hw::AccessStream& stream : streams_) {
        stream.reset_taken();
    }
}

// The sockets are bound, and the simulation has not begun: the operating system boots in no time.
void SoftwareModule::start_of_simulation() {
    system_.emplace(parameters_, paging_, PhysicalAddress{memory_.base_address}, memory_.size_bytes,
                    static_cast<sw::Machine&>(*this));
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
        streams_.emplace_back(program.accesses);
        scheduler_.add(*process);
        ++runnable_;
    }
}

void SoftwareModule::run() {
    started_ = true;
    try {
        dispatch();
        while (true) {
            wait(trapped_);
            traced_busy_ = true;
            const Trap trap = *std::exchange(trap_, std::nullopt);
            std::visit([this](const auto& kind) { serve(kind); }, trap);
            traced_busy_ = false;
            traced_stage_.end();
        }
    } catch (const sc_core::sc_unwind_exception&) {
        throw;  // the kernel ends the thread
    } catch (...) {
        clock_.fail(std::current_exception());
    }
}

void SoftwareModule::serve(const hw::PageFault& fault) {
    ++traced_faults_;
    spent_ = {};
    const sw::FaultOutcome outcome = system_->handle_fault(running_, fault);
    if (!outcome.signal) {
        core_->retry(outcome_of(outcome.fault_class()), spent_);
        return;
    }
    core_->give_up(spent_);
    system_->exit(running_);
    end_running_process();
}

void SoftwareModule::serve(TurnOver /*turn_over*/) {
    dispatch();
}

// The process keeps its memory, so that the report can show it.
void SoftwareModule::serve(ProgramEnded /*ended*/) {
    end_running_process();
}

void SoftwareModule::end_running_process() {
    scheduler_.remove(running_);
    --runnable_;
    dispatch();
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
        wait_for(parameters_.scheduler.context_switch_cycles);
    }
    std::optional<Cycles> turn_end;
    if (runnable_ > 1) {
        turn_end = clock_.now() + parameters_.scheduler.time_slice_cycles;
    }
    core_->run(streams_[running_.value], context, turn_end);
}

void SoftwareModule::spend(Stage stage, Cycles cost) {
    if (!started_) {
        return;
    }
    traced_stage_.begin(stage);
    spent_.add(stage, cost);
    wait_for(cost);
}

hw::PageTableEntry SoftwareModule::read_entry(PhysicalAddress address) {
    hw::MemoryPayload& payload = payloads_.take();
    payload.begin_read(address, hw::format_of(paging_.mode).entry_bytes,
                       hw::MemoryPurpose::table_read);
    transact(payload, Stage::fault_page_table);
    return {payload.value()};
}

void SoftwareModule::write_entry(PhysicalAddress address, hw::PageTableEntry entry) {
    hw::MemoryPayload& payload = payloads_.take();
    payload.begin_write(address, entry.raw, hw::format_of(paging_.mode).entry_bytes,
                        hw::MemoryPurpose::table_write);
    transact(payload, Stage::fault_page_table);
}

void SoftwareModule::clear_frame(PhysicalPageNumber frame) {
    hw::MemoryPayload& payload = payloads_.take();
    payload.begin_clear(frame);
    transact(payload, Stage::fault_clear);
}

void SoftwareModule::fence(const Fence& fence) {
    for (FenceTarget& target : fence_targets_) {
        target.fence(fence);
    }
}

// Sends the payload to memory, and waits for it where the operating system has to. Its value can be
// read until the next is taken.
void SoftwareModule::transact(hw::MemoryPayload& payload, Stage stage) {
    if (!started_) {
        memory_initiator->transport_dbg(payload.payload());
        payloads_.give_back(payload);
        return;
    }
    const bool blocking = parameters_.memory_accesses == sw::MemoryAccesses::blocking;
    traced_stage_.begin(stage);
    const Cycles begun = clock_.now();
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const tlm::tlm_sync_enum status =
        memory_initiator->nb_transport_fw(payload.payload(), phase, delay);
    if (status == tlm::TLM_COMPLETED) {
        payloads_.give_back(payload);
        if (blocking) {
            wait_for(clock_.to_cycles(delay));
        }
    } else if (blocking) {
        wait(awake_);
    }
    spent_.add(stage, clock_.now() - begun);
}

void SoftwareModule::take_back(const tlm::tlm_generic_payload& payload) {
    payloads_.give_back(*payloads_.find(
        [&payload](hw::MemoryPayload& sent) { return &sent.payload() == &payload; }));
}

void SoftwareModule::wait_for(Cycles duration) {
    if (duration > Cycles{0}) {
        clock_.at(clock_.now() + duration, hw::CyclePhase::software, wake_action_);
        wait(awake_);
    }
}

void SoftwareModule::wake() {
    awake_.notify();
}

tlm::tlm_sync_enum SoftwareModule::memory_answered(tlm::tlm_generic_payload& payload,
                                                   tlm::tlm_phase& phase,
                                                   sc_core::sc_time& /*delay*/) {
    take_back(payload);
    if (parameters_.memory_accesses == sw::MemoryAccesses::blocking) {
        wake();
    }
    phase = tlm::END_RESP;
    return tlm::TLM_COMPLETED;
}

void SoftwareModule::trace(sc_core::sc_trace_file* file) const {
    sc_core::sc_trace(file, traced_busy_, hw::wave_name(*this, "busy"));
    hw::trace_activity(file, traced_stage_, hw::wave_name(*this, "stage"));
    sc_core::sc_trace(file, running_.value, hw::wave_name(*this, "process"));
    sc_core::sc_trace(file, traced_faults_, hw::wave_name(*this, "faults"));
}

}  // namespace mmusim::tb
