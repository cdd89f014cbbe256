// SPDX-License-Identifier: Apache-2.0
// Memories named by how they behave. All hold the same kind of image and note what they are asked.
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/memory/memory_payload_module.hpp"
#include "hw/memory/physical_memory.hpp"

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace mmusim::tests {

/// What every memory of a test shares: 256 MiB from 2 GiB on.
class TestMemory : public sc_core::sc_module {
  public:
    static constexpr PhysicalAddress base{0x8000'0000};
    static constexpr std::uint64_t size_bytes = 0x1000'0000;

    struct Transaction {
        Cycles arrival;
        PhysicalAddress address;
        unsigned bytes = 0;
        hw::MemoryPurpose purpose = hw::MemoryPurpose::pte_read;
    };

    tlm_utils::multi_passthrough_target_socket<TestMemory> upstream_target{"upstream_target"};

    TestMemory(const sc_core::sc_module_name& name, hw::ClockModule& clock);

    [[nodiscard]] hw::PhysicalMemory& image() { return image_; }

    /// Everything that was asked, by arrival.
    [[nodiscard]] const std::vector<Transaction>& transactions() const { return transactions_; }

    /// Called before the transaction of that number, from 0, takes effect: somebody else's write.
    void before_transaction(std::size_t number, std::function<void()> meanwhile);

  protected:
    using Payload = tlm::tlm_generic_payload;

    /// Answers the transaction of that number, which has taken effect, as nb_transport_fw does.
    virtual tlm::tlm_sync_enum answer(std::size_t number, int upstream, Payload& payload,
                                      sc_core::sc_time& delay) = 0;

    [[nodiscard]] hw::ClockModule& clock() { return clock_; }

  private:
    tlm::tlm_sync_enum begin_transaction(int upstream, Payload& payload, tlm::tlm_phase& phase,
                                         sc_core::sc_time& delay);
    unsigned debug_transport(int upstream, Payload& payload);
    void take_effect(Payload& payload);

    hw::ClockModule& clock_;
    hw::PhysicalMemory image_{base, size_bytes};
    std::vector<Transaction> transactions_;
    std::size_t meanwhile_number_ = 0;
    std::function<void()> meanwhile_;
};

/// Answers at once, for a fixed latency later.
class FixedLatencyMemory final : public TestMemory {
  public:
    FixedLatencyMemory(const sc_core::sc_module_name& name, Cycles latency, hw::ClockModule& clock)
        : TestMemory(name, clock), latency_(latency) {}

  private:
    tlm::tlm_sync_enum answer(std::size_t number, int upstream, Payload& payload,
                              sc_core::sc_time& delay) override;

    Cycles latency_;
};

/// Keeps everybody waiting: takes the request, and answers by a call of its own. The timings are
/// those of one transaction after the other, from the front again when they are used up.
class StallingMemory final : public TestMemory {
  public:
    StallingMemory(const sc_core::sc_module_name& name, std::vector<hw::MemoryTiming> timings,
                   hw::ClockModule& clock);
    ~StallingMemory() override;

    [[nodiscard]] const hw::MemoryTiming& timing(std::size_t number) const {
        return timings_[number % timings_.size()];
    }

  private:
    class LateAnswer;

    tlm::tlm_sync_enum answer(std::size_t number, int upstream, Payload& payload,
                              sc_core::sc_time& delay) override;

    std::vector<hw::MemoryTiming> timings_;
    std::vector<std::unique_ptr<LateAnswer>> late_answers_;
};

/// Answers at once; the transaction of one number, from 0, is answered by an address error.
class FailingMemory final : public TestMemory {
  public:
    FailingMemory(const sc_core::sc_module_name& name, Cycles latency, std::size_t failing,
                  hw::ClockModule& clock)
        : TestMemory(name, clock), latency_(latency), failing_(failing) {}

  private:
    tlm::tlm_sync_enum answer(std::size_t number, int upstream, Payload& payload,
                              sc_core::sc_time& delay) override;

    Cycles latency_;
    std::size_t failing_;
};

}  // namespace mmusim::tests
