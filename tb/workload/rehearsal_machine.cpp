// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/rehearsal_machine.hpp"

#include "hw/paging/format.hpp"
#include "hw/walker/plain_walk.hpp"

#include <utility>
#include <variant>

namespace mmusim::tb {

namespace {

sw::OsParameters parameters_of(const Configuration& configuration) {
    auto parameters = static_cast<const sw::OsParameters&>(configuration.os);
    // A script says itself what is mapped.
    parameters.implicit_mapping = false;
    // Any that need not know the future.
    parameters.page_replacement = sw::PageReplacementPolicy::fifo;
    return parameters;
}

}  // namespace

RehearsalMachine::RehearsalMachine(const Configuration& configuration, const RehearsalEnd& end,
                                   FutureAccesses& future)
    : paging_(configuration.paging),
      end_(end),
      future_(future),
      memory_({configuration.memory.base_address}, configuration.memory.size_bytes),
      system_(parameters_of(configuration), configuration.paging,
              PhysicalAddress{configuration.memory.base_address}, configuration.memory.size_bytes,
              static_cast<sw::Machine&>(*this)) {}

RunEnd RehearsalMachine::run_accesses(sw::ProcessId process, AccessSource& accesses) {
    future_.foresee_task(process);
    context_ = system_.switch_to(process);
    for (auto batch = accesses.next_batch(); !batch.empty(); batch = accesses.next_batch()) {
        for (const Access& access : batch) {
            if (over()) {
                return {.signal = {}, .stopped = true};
            }
            ++made_;
            if (const std::optional<sw::Signal> signal = make(process, access)) {
                if (signal == sw::Signal::kill) {
                    system_.exit(process);
                }
                return {.signal = signal};
            }
        }
    }
    return {};
}

bool RehearsalMachine::over() const {
    const bool interrupted = end_.interrupted != nullptr && end_.interrupted->load();
    return interrupted || (end_.limit != 0 && made_ >= end_.limit);
}

std::optional<sw::Signal> RehearsalMachine::make(sw::ProcessId process, const Access& access) {
    if (const auto signal = touch(process, access.address, access.type)) {
        return signal;
    }
    if (!access.crosses_page()) {
        return std::nullopt;
    }
    const VirtualPageNumber next_page = page_number_of(access.address) + 1;
    return touch(process, next_page.address(), access.type);
}

std::optional<sw::Signal> RehearsalMachine::touch(sw::ProcessId process, VirtualAddress address,
                                                  AccessType type) {
    while (true) {
        const hw::PlainWalk walk = hw::walk_plainly(
            paging_, {.address = address, .type = type, .context = context_}, memory_);
        if (walk.walked) {
            future_.foresee(process, page_number_of(address));
            return std::nullopt;
        }
        const sw::FaultProgress progress = system_.handle_fault(
            process, {.address = address, .type = type, .cause = walk.fault->cause});
        const auto* const outcome = std::get_if<sw::FaultOutcome>(&progress);
        if (outcome != nullptr && outcome->signal) {
            return outcome->signal;
        }
    }
}

hw::PageTableEntry RehearsalMachine::read_entry(PhysicalAddress address) {
    return {memory_.read(address, hw::format_of(paging_.mode).entry_bytes)};
}

void RehearsalMachine::write_entry(PhysicalAddress address, hw::PageTableEntry entry) {
    memory_.write(address, entry.raw, hw::format_of(paging_.mode).entry_bytes);
}

sw::IoTicket RehearsalMachine::transfer(const sw::StorageTransfer& /*transfer*/) {
    const sw::IoTicket ticket{next_ticket_++};
    completed_.push_back({.ticket = ticket});
    return ticket;
}

std::vector<sw::IoCompletion> RehearsalMachine::completed_transfers() {
    return std::exchange(completed_, {});
}

}  // namespace mmusim::tb
