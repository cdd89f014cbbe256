// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/base/pool.hpp"
#include "hw/memory/address_mapping.hpp"
#include "hw/memory/dram_channel.hpp"
#include "hw/memory/dram_parameters.hpp"
#include "hw/memory/dram_standard.hpp"
#include "hw/memory/dram_statistics.hpp"

#include <systemc>
#include <tlm>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace mmusim::hw {

/// Is told of the transactions that the DRAM has finished. Their timing is in them.
class DramClient {
  public:
    DramClient() = default;
    DramClient(const DramClient&) = delete;
    DramClient& operator=(const DramClient&) = delete;
    DramClient(DramClient&&) = delete;
    DramClient& operator=(DramClient&&) = delete;
    virtual ~DramClient() = default;

    virtual void transaction_done(int upstream, tlm::tlm_generic_payload& payload) = 0;
};

/// Gives the channels time: wakes each when it can give a command, and nobody while nothing is
/// waiting.
///
/// A transaction is one or more bursts. A read is answered with the data of its last one; a write
/// when its last burst has found room in its queue; an exchange as the read that it begins with.
/// Bursts that find no room wait outside, first come, first served in each direction.
class DramModule {
  public:
    DramModule(const DramParameters& parameters, PhysicalAddress base, std::uint64_t size_bytes,
               DramClient& client, ClockModule& clock);
    DramModule(const DramModule&) = delete;
    DramModule& operator=(const DramModule&) = delete;
    DramModule(DramModule&&) = delete;
    DramModule& operator=(DramModule&&) = delete;
    ~DramModule();

    /// Takes a transaction of addresses that are memory. The client is told when it is done.
    void begin(int upstream, tlm::tlm_generic_payload& payload);

    [[nodiscard]] DramStatistics statistics() const;
    void reset_statistics();

    /// From now on it also keeps track of what only waves show.
    void prepare_waves() { traced_ = true; }
    /// `name` is that of the memory, with its scopes.
    void trace(sc_core::sc_trace_file* file, const std::string& name) const;

  private:
    class Transaction;
    class Channel;

    void admit_waiting(bool writes);
    [[nodiscard]] bool admit(Transaction& transaction);
    [[nodiscard]] Cycles own_time_of_read(RowOutcome outcome) const;

    DramParameters parameters_;
    DramTiming timing_;
    AddressMapping mapping_;
    DramClient& client_;
    ClockModule& clock_;
    std::vector<std::unique_ptr<Channel>> channels_;
    Pool<Transaction> transactions_;  // a tag is a number in it
    std::deque<Transaction*> reads_outside_;
    std::deque<Transaction*> writes_outside_;
    DramStatistics statistics_;  // what the channels do not count
    bool traced_ = false;
};

}  // namespace mmusim::hw
