// SPDX-License-Identifier: Apache-2.0
// The machine, wired. This is the one place where parts are made and bound to each other.
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/cache/cache_module.hpp"
#include "hw/cpu/address_generator_module.hpp"
#include "hw/memory/memory_controller_module.hpp"
#include "hw/memory/memory_payload_module.hpp"
#include "hw/storage/storage_module.hpp"
#include "hw/tlb/tlb_module.hpp"
#include "hw/walker/walker_module.hpp"
#include "tb/config/configuration.hpp"
#include "tb/events/run_observer.hpp"
#include "tb/system/monitor_module.hpp"
#include "tb/system/software_module.hpp"

#include <systemc>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmusim::tb {

/// Whether each socket has somebody who counts what passes.
enum class Monitors : std::uint8_t { none, on_every_socket };

///     core ─┬─fetch─▶ TLB ─┐
///      ▲ │  └─data──▶ TLB ─┴▶ … TLB ─▶ walker ─┐
///      │ └──the accesses themselves────────────┼▶ cache … ─▶ memory
///      └──traps── software ────────────────────┘
///                     └──pages─▶ storage
class SystemModule final : public sc_core::sc_module {
  public:
    SystemModule(const sc_core::sc_module_name& name, const Configuration& configuration,
                 const std::vector<Program>& programs, hw::CoreObserver& observer,
                 Monitors monitors);

    [[nodiscard]] hw::ClockModule& clock() { return clock_; }
    [[nodiscard]] const hw::AddressGeneratorModule& core() const { return core_; }
    [[nodiscard]] const SoftwareModule& software() const { return software_; }
    [[nodiscard]] SoftwareModule& software() { return software_; }
    /// The device of the files, and of the swap area if that has none of its own.
    [[nodiscard]] const hw::StorageModule& storage() const { return storage_; }
    /// The swap area's own device, if it has one.
    [[nodiscard]] const hw::StorageModule* swap_storage() const { return swap_storage_.get(); }
    [[nodiscard]] const hw::WalkerModule& walker() const { return walker_; }
    [[nodiscard]] const hw::MemoryControllerModule& memory() const { return memory_; }
    [[nodiscard]] const hw::TlbModule& tlb(std::string_view name) const;
    /// From the first levels down; those that no chain reaches come last.
    [[nodiscard]] const std::vector<std::string>& tlb_names() const { return tlb_names_; }

    [[nodiscard]] const hw::CacheModule& cache(std::string_view name) const;
    /// From the walker's port down; those that nobody reaches come last.
    [[nodiscard]] const std::vector<std::string>& cache_names() const { return cache_names_; }

    /// The monitor of the socket that leads from one part to another, by their names.
    [[nodiscard]] const MonitorModule& monitor(std::string_view from, std::string_view to) const;

    /// What memory holds, 8 bytes at most, in no time; nothing if it has no such address.
    [[nodiscard]] std::optional<std::uint64_t> peek(PhysicalAddress address, unsigned bytes);

    void reset_statistics();

    /// Before the simulation starts: who looks on.
    void set_observer(RunObserver& observer);

    /// Before the simulation starts: there will be waves.
    void prepare_waves();
    /// Puts every part's signals into a wave file.
    void trace(sc_core::sc_trace_file* file) const override;

  private:
    void make_tlbs();
    void bind_tlbs();
    void make_caches();
    void bind_caches();

    template <typename Initiator, typename Target>
    void connect(const std::string& from, Initiator& initiator, const std::string& to,
                 Target& target);

    /// Connects to the cache of that name, or to the memory.
    template <typename Initiator>
    void connect_to_port(const std::string& from, Initiator& initiator, const std::string& port);

    Configuration configuration_;
    Monitors monitors_wanted_;
    std::vector<std::string> tlb_names_;
    std::vector<std::string> cache_names_;

    hw::ClockModule clock_;
    SoftwareModule software_;
    hw::StorageModule storage_;
    std::unique_ptr<hw::StorageModule> swap_storage_;
    hw::AddressGeneratorModule core_;
    std::map<std::string, std::unique_ptr<hw::TlbModule>, std::less<>> tlbs_;
    hw::WalkerModule walker_;
    std::map<std::string, std::unique_ptr<hw::CacheModule>, std::less<>> caches_;
    hw::MemoryControllerModule memory_;
    std::map<std::string, std::unique_ptr<MonitorModule>, std::less<>> monitors_;
    hw::MemoryPayload peek_payload_;
};

}  // namespace mmusim::tb
