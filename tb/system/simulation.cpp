// SPDX-License-Identifier: Apache-2.0
#include "tb/system/simulation.hpp"

#include "hw/base/problems.hpp"
#include "tb/events/run_observer.hpp"
#include "tb/system/conductor.hpp"
#include "tb/system/onlookers.hpp"
#include "tb/system/timeline.hpp"
#include "tb/system/wave_window.hpp"
#include "tb/workload/future_accesses.hpp"
#include "tb/workload/limited_accesses.hpp"
#include "tb/workload/script_executor.hpp"
#include "tb/workload/script_rehearsal.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <sys/resource.h>

namespace mmusim::tb {

namespace {

using HostClock = std::chrono::steady_clock;

std::uint64_t peak_memory_bytes() {
    constexpr std::uint64_t bytes_per_unit = 1024;  // getrusage(2) counts in KiB
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    // The C library keeps the field in a union with another of its size.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-union-access)
    return static_cast<std::uint64_t>(usage.ru_maxrss) * bytes_per_unit;
}

HostTiming host_timing(HostClock::duration simulated, std::uint64_t translations) {
    const double seconds = std::chrono::duration<double>(simulated).count();
    return {
        .simulate_seconds = seconds,
        .translations_per_second = seconds > 0 ? static_cast<double>(translations) / seconds : 0,
        .peak_memory_bytes = peak_memory_bytes(),
        .run_ahead_share = 0};
}

WorkloadDescription description_of(const Configuration& configuration,
                                   const std::vector<Program>& programs, const Script* script,
                                   const RunOptions& options) {
    WorkloadDescription result{.traces = {},
                               .warmup = options.warmup,
                               .limit = options.limit,
                               .interval = options.interval,
                               .seed = configuration.seed};
    if (script != nullptr) {
        result.script = script->path;
    }
    for (const Program& program : programs) {
        result.traces.push_back(program.origin);
    }
    return result;
}

void collect(const SystemModule& system, RunResult& result) {
    result.totals = system.core().totals();
    result.latency = system.core().translations().latency();
    result.breakdown = system.core().translations().breakdown();
    result.classes = system.core().translations().classes();
    for (const std::string& name : system.tlb_names()) {
        result.tlbs.emplace_back(name, system.tlb(name).statistics());
    }
    result.walker = system.walker().statistics();
    for (const std::string& name : system.cache_names()) {
        result.caches.emplace_back(name, system.cache(name).statistics());
    }
    result.memory = system.memory().statistics();
    result.storage.emplace_back("storage", system.storage().statistics());
    if (const hw::StorageModule* const swap = system.swap_storage()) {
        result.storage.emplace_back("swap_storage", swap->statistics());
    }
    result.faults = system.software().operating_system().fault_statistics();
    result.os = system.software().operating_system().statistics();
    result.os.stalled_cycles = system.software().stalled();
    result.processes = system.software().processes();
    result.process_memory = system.software().operating_system().process_memory();
}

// Nothing is left to happen, so what is not done never will be.
void check_for_deadlock(SystemModule& system) {
    const std::optional<VirtualAddress> in_core = system.core().translation_under_way();
    const std::optional<VirtualAddress> stuck =
        in_core ? in_core : system.software().fault_under_way();
    if (stuck) {
        throw ModelError(
            fmt::format("deadlock at cycle {}: the translation of {} was begun and is never done",
                        system.clock().now(), *stuck));
    }
}

// What will be accessed, where the page replacement has to know.
std::unique_ptr<FutureAccesses> future_of(const Configuration& configuration,
                                          const std::vector<Program>& programs,
                                          const Script* script, const RunOptions& options) {
    using Distance = FutureAccesses::Distance;
    if (configuration.os.page_replacement != sw::PageReplacementPolicy::opt) {
        return nullptr;
    }
    if (script != nullptr) {
        auto future = std::make_unique<FutureAccesses>(Distance::accesses_of_all);
        rehearse(*script, configuration,
                 {.limit = options.limit, .interrupted = options.interrupted}, *future);
        return future;
    }
    auto future = std::make_unique<FutureAccesses>(Distance::accesses_of_its_process);
    for (std::uint32_t process = 0; process < programs.size(); ++process) {
        if (programs[process].foreseen == nullptr) {
            throw ModelError("the optimal page replacement was not shown what a program will do");
        }
        LimitedAccesses accesses(*programs[process].foreseen, options.limit);
        foresee_task(*future, {process}, accesses, options.interrupted);
    }
    return future;
}

// What the checker may look at of a system that is made later.
CheckedMachine checked_machine(const std::unique_ptr<SystemModule>& system) {
    return {.memory = [&system](std::uint64_t address,
                                unsigned bytes) { return system->peek({address}, bytes); },
            .region_at =
                [&system](VirtualAddress address) {
                    const SoftwareModule& software = system->software();
                    return software.operating_system().region_at(software.running(), address);
                },
            .tlbs =
                [&system] {
                    std::vector<TlbContents> result;
                    for (const std::string& name : system->tlb_names()) {
                        result.push_back(
                            {.name = name, .entries = system->tlb(name).array().entries()});
                    }
                    return result;
                }};
}

// What onlookers may look at of it.
WatchedMachine watched_machine(SystemModule& system) {
    return {
        .now = [&system] { return system.clock().now(); },
        .memory = [&system](PhysicalAddress address,
                            unsigned bytes) { return system.peek(address, bytes); },
        .processes = [&system] { return system.software().operating_system().processes_made(); },
        .address = [&system](sw::ProcessId process,
                             VirtualAddress address) -> std::optional<WatchedAddress> {
            const sw::OperatingSystem& software = system.software().operating_system();
            const std::optional<PhysicalPageNumber> root = software.root_of(process);
            if (!root) {
                return std::nullopt;
            }
            WatchedAddress result{.root = *root, .region = software.region_at(process, address)};
            if (result.region) {
                result.region_name = software.name_of(process, *result.region);
            }
            return result;
        }};
}

void tell_ended(RunObserver& observer, sw::ProcessId process,
                const hw::FinishedTranslation& finished) {
    const hw::TranslationExtension& translation = finished.translation;
    observer.translation_ended({.process = process,
                                .translation = translation.number,
                                .access = finished.access,
                                .request = translation.request,
                                .page = translation.page,
                                .outcome = finished.outcome,
                                .levels = translation.levels,
                                .issued = finished.issued,
                                .done = finished.done,
                                .latency = translation.latency});
}

RunResult simulate(const Configuration& configuration, const std::vector<Program>& programs,
                   const Script* script, const RunOptions& options, const Inspector& inspect) {
    const std::unique_ptr<FutureAccesses> future =
        future_of(configuration, programs, script, options);
    RunResult result;
    result.workload = description_of(configuration, programs, script, options);

    std::optional<TranslationLog> log;
    if (options.translation_log) {
        log.emplace(*options.translation_log);
    }
    Onlookers onlookers(options, configuration);
    RunObserver* const observer = onlookers.observer();
    std::unique_ptr<SystemModule> system;
    std::optional<TranslationChecker> checker;
    if (options.check) {
        checker.emplace(configuration.paging, checked_machine(system));
    }
    std::optional<ContentsChecker> contents;
    if (options.check) {
        contents.emplace();
    }
    HostClock::time_point measured_from;
    const bool software_watches =
        options.check || sw::watches_accesses(configuration.os.page_replacement);
    std::optional<Timeline> timeline;
    if (options.interval != 0) {
        timeline.emplace(configuration.os);
    }
    std::function<void(const hw::FinishedTranslation&)> ended;
    if (software_watches || timeline || observer != nullptr) {
        ended = [&](const hw::FinishedTranslation& translation) {
            if (software_watches) {
                system->software().access_ended(translation);
            }
            if (timeline) {
                timeline->note(*system, translation);
            }
            if (observer != nullptr) {
                tell_ended(*observer, system->software().running(), translation);
            }
        };
    }
    Conductor conductor(options,
                        {.measurement_begins =
                             [&] {
                                 // What a script did before its first access counts, too.
                                 if (options.warmup != 0) {
                                     system->reset_statistics();
                                 }
                                 if (timeline) {
                                     timeline->begin(*system);
                                 }
                                 if (observer != nullptr) {
                                     observer->measurement_begun();
                                 }
                                 measured_from = HostClock::now();
                             },
                         .timeline_entry_due = [&] { timeline->end_interval(*system); },
                         .translation_ended = ended},
                        log ? &*log : nullptr, checker ? &*checker : nullptr);
    system = std::make_unique<SystemModule>("mmusim", configuration, programs, conductor,
                                            inspect ? Monitors::on_every_socket : Monitors::none);
    if (observer != nullptr) {
        system->set_observer(*observer);
        observer->machine_ready(watched_machine(*system));
    }
    if (contents) {
        system->software().set_contents_checker(*contents);
    }
    if (future) {
        system->software().set_future(*future);
    }
    std::optional<ScriptExecutor> executor;
    if (script != nullptr) {
        executor.emplace(*script, configuration);
        system->software().set_script(*executor);
    }

    if (options.waves) {
        run_with_waves(*system, *options.waves);
    } else {
        sc_core::sc_start();
    }
    const HostClock::time_point measured_to = HostClock::now();
    system->clock().rethrow_failure();
    check_for_deadlock(*system);
    if (observer != nullptr) {
        observer->run_ended();
    }

    collect(*system, result);
    if (timeline) {
        result.timeline = timeline->entries();
        result.thrashing = timeline->thrashing();
    }
    if (executor) {
        result.steps = executor->results();
    }
    const bool nothing_to_measure = script != nullptr && options.warmup == 0;
    const bool measured = conductor.measuring() && result.totals.accesses > 0;
    if (!measured && !nothing_to_measure && !conductor.interrupted()) {
        throw InputError(fmt::format(
            "--warmup {}: the traces end before, expected fewer accesses than they have",
            options.warmup));
    }
    result.interrupted = conductor.interrupted();
    if (options.timing) {
        result.host = host_timing(measured_to - measured_from, result.totals.translations);
    }
    if (log) {
        log->commit();
    }
    onlookers.commit(result);
    if (inspect) {
        inspect(*system);
    }
    return result;
}

}  // namespace

RunResult simulate(const Configuration& configuration, const std::vector<Program>& programs,
                   const RunOptions& options, const Inspector& inspect) {
    return simulate(configuration, programs, nullptr, options, inspect);
}

RunResult simulate(const Configuration& configuration, const Script& script,
                   const RunOptions& options, const Inspector& inspect) {
    return simulate(configuration, {}, &script, options, inspect);
}

}  // namespace mmusim::tb
