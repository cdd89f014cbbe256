// SPDX-License-Identifier: Apache-2.0
#include "tb/system/system_module.hpp"

#include "tb/system/hierarchy.hpp"

namespace mmusim::tb {

namespace {

std::string connection(std::string_view from, std::string_view to) {
    return std::string(from).append("_to_").append(to);
}

// Each random replacement draws from a sequence of its own; the caches' lie apart from the TLBs'.
constexpr std::uint64_t first_seed_of_caches = std::uint64_t{1} << 32U;

}  // namespace

SystemModule::SystemModule(const sc_core::sc_module_name& name, const Configuration& configuration,
                           const std::vector<Program>& programs, hw::CoreObserver& observer,
                           Monitors monitors)
    : sc_module(name),
      configuration_(configuration),
      monitors_wanted_(monitors),
      tlb_names_(tlbs_in_order(configuration)),
      cache_names_(caches_in_order(configuration)),
      clock_("clock", configuration.clock.period_ps),
      software_("software", configuration, clock_),
      storage_("storage", configuration.os.storage, clock_, software_.storage().files_listener()),
      core_("core", configuration.cpu, levels_of(configuration), clock_, software_, observer),
      walker_("walker", configuration.walker, configuration.walk_cache, configuration.paging,
              configuration.seed, clock_),
      memory_("memory", configuration.memory, clock_) {
    // The TLBs and the caches are data: as many as the configuration names.
    make_tlbs();
    make_caches();

    // Translations go down: from the core through its two chains to the walker.
    connect("core_fetch", core_.fetch_initiator, configuration.cpu.fetch_tlb,
            tlbs_.at(configuration.cpu.fetch_tlb)->upstream_target);
    connect("core_data", core_.data_initiator, configuration.cpu.data_tlb,
            tlbs_.at(configuration.cpu.data_tlb)->upstream_target);
    bind_tlbs();

    // Page tables lie in memory, behind the caches: the walker reads what the software wrote.
    connect_to_port("walker", walker_.memory_initiator, configuration.walker.memory_port);
    connect_to_port("software", software_.machine().memory_initiator,
                    configuration.cpu.software_port);
    bind_caches();

    // What is translated is then done, if the configuration says so.
    if (configuration.cpu.data_path == hw::DataPath::memory) {
        connect_to_port("core_fetch_memory", core_.fetch_memory_initiator,
                        configuration.cpu.fetch_port);
        connect_to_port("core_data_memory", core_.data_memory_initiator,
                        configuration.cpu.data_port);
    }

    // Pages that are not in memory are in storage; the swap area may have a device of its own.
    if (configuration.os.swap_has_own_device) {
        swap_storage_ =
            std::make_unique<hw::StorageModule>("swap_storage", configuration.os.swap_storage,
                                                clock_, software_.storage().swap_listener());
    }
    software_.storage().set_devices(storage_, swap_storage_ ? *swap_storage_ : storage_);

    // The software serves the core's traps and fences every TLB.
    software_.set_core(core_);
    for (const std::string& tlb_name : tlb_names_) {
        software_.machine().add_fence_target(*tlbs_.at(tlb_name));
    }
    software_.machine().add_fence_target(walker_);
    for (const Program& program : programs) {
        software_.add_program(program);
    }
}

void SystemModule::make_tlbs() {
    std::uint64_t number = 0;
    for (const std::string& name : tlb_names_) {
        const std::uint64_t seed = configuration_.seed + ++number;
        tlbs_.emplace(name,
                      std::make_unique<hw::TlbModule>(name.c_str(), configuration_.tlbs.at(name),
                                                      configuration_.paging, seed, clock_));
        if (configuration_.stats.miss_kinds) {
            tlbs_.at(name)->classify_misses();
        }
    }
}

void SystemModule::bind_tlbs() {
    for (const std::string& name : tlb_names_) {
        hw::TlbModule& tlb = *tlbs_.at(name);
        const std::string& next = configuration_.tlbs.at(name).next;
        if (next == walker_name) {
            connect(name, tlb.downstream_initiator, next, walker_.upstream_target);
        } else {
            connect(name, tlb.downstream_initiator, next, tlbs_.at(next)->upstream_target);
            tlb.set_lower_level(*tlbs_.at(next));
        }
    }
}

void SystemModule::make_caches() {
    std::uint64_t number = 0;
    for (const std::string& name : cache_names_) {
        const std::uint64_t seed = configuration_.seed + first_seed_of_caches + ++number;
        caches_.emplace(
            name, std::make_unique<hw::CacheModule>(part_name_of_cache(name).c_str(),
                                                    configuration_.caches.at(name), seed, clock_));
    }
}

void SystemModule::bind_caches() {
    for (const std::string& name : cache_names_) {
        connect_to_port(part_name_of_cache(name), caches_.at(name)->downstream_initiator,
                        configuration_.caches.at(name).next);
    }
}

template <typename Initiator>
void SystemModule::connect_to_port(const std::string& from, Initiator& initiator,
                                   const std::string& port) {
    if (port == memory_name) {
        connect(from, initiator, port, memory_.upstream_target);
    } else {
        connect(from, initiator, part_name_of_cache(port), caches_.at(port)->upstream_target);
    }
}

template <typename Initiator, typename Target>
void SystemModule::connect(const std::string& from, Initiator& initiator, const std::string& to,
                           Target& target) {
    if (monitors_wanted_ == Monitors::none) {
        initiator.bind(target);
        return;
    }
    const std::string name = connection(from, to);
    auto monitor = std::make_unique<MonitorModule>(name.c_str());
    initiator.bind(monitor->upstream_target);
    monitor->downstream_initiator.bind(target);
    monitors_.emplace(name, std::move(monitor));
}

const hw::TlbModule& SystemModule::tlb(std::string_view name) const {
    return *tlbs_.find(name)->second;
}

const hw::CacheModule& SystemModule::cache(std::string_view name) const {
    return *caches_.find(name)->second;
}

const MonitorModule& SystemModule::monitor(std::string_view from, std::string_view to) const {
    return *monitors_.at(connection(from, to));
}

std::optional<std::uint64_t> SystemModule::peek(PhysicalAddress address, unsigned bytes) {
    peek_payload_.begin_read(address, bytes, hw::MemoryPurpose::table_read);
    // As the walker sees it.
    if (walker_.memory_initiator->transport_dbg(peek_payload_.payload()) != bytes) {
        return std::nullopt;
    }
    return peek_payload_.value();
}

void SystemModule::reset_statistics() {
    core_.reset_statistics();
    for (const auto& [name, tlb] : tlbs_) {
        tlb->reset_statistics();
    }
    walker_.reset_statistics();
    for (const auto& [name, cache] : caches_) {
        cache->reset_statistics();
    }
    memory_.reset_statistics();
    storage_.reset_statistics();
    if (swap_storage_) {
        swap_storage_->reset_statistics();
    }
    software_.reset_statistics();
}

void SystemModule::set_observer(RunObserver& observer) {
    core_.set_translation_observer(observer);
    for (const std::string& name : tlb_names_) {
        tlbs_.at(name)->set_observer(observer);
    }
    walker_.set_observer(observer);
    software_.set_observer(observer);
}

void SystemModule::prepare_waves() {
    for (const std::string& name : tlb_names_) {
        tlbs_.at(name)->prepare_waves();
    }
    for (const std::string& name : cache_names_) {
        caches_.at(name)->prepare_waves();
    }
    memory_.prepare_waves();
}

void SystemModule::trace(sc_core::sc_trace_file* file) const {
    core_.trace(file);
    for (const std::string& name : tlb_names_) {
        tlbs_.at(name)->trace(file);
    }
    walker_.trace(file);
    for (const std::string& name : cache_names_) {
        caches_.at(name)->trace(file);
    }
    memory_.trace(file);
    software_.trace(file);
    storage_.trace(file);
    if (swap_storage_) {
        swap_storage_->trace(file);
    }
}

}  // namespace mmusim::tb
