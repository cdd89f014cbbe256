// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/base/pool.hpp"
#include "hw/storage/storage_device.hpp"
#include "hw/storage/storage_parameters.hpp"
#include "hw/storage/storage_state.hpp"

#include <systemc>

#include <compare>
#include <cstdint>
#include <optional>

namespace mmusim::hw {

/// Names a request that is under way. Each request has a number of its own, from 0.
struct StorageTicket {
    std::uint64_t number = 0;

    constexpr auto operator<=>(const StorageTicket&) const = default;
};

/// Whoever is told that a request is done.
class StorageListener {
  public:
    StorageListener() = default;
    StorageListener(const StorageListener&) = delete;
    StorageListener& operator=(const StorageListener&) = delete;
    StorageListener(StorageListener&&) = delete;
    StorageListener& operator=(StorageListener&&) = delete;
    virtual ~StorageListener() = default;

    /// Called in the cycle in which the request is done, in the phase of answers; of several in the
    /// order in which they were submitted. The listener may submit others.
    virtual void storage_done(StorageTicket ticket, const StorageDevice::Served& served) = 0;
};

/// Gives a StorageDevice time: it says when a request is done, and this calls then.
class StorageModule final : public sc_core::sc_module {
  public:
    StorageModule(const sc_core::sc_module_name& name, const StorageParameters& parameters,
                  ClockModule& clock, StorageListener& listener);
    StorageModule(const StorageModule&) = delete;
    StorageModule& operator=(const StorageModule&) = delete;
    StorageModule(StorageModule&&) = delete;
    StorageModule& operator=(StorageModule&&) = delete;
    ~StorageModule() override;

    /// Takes a request that arrives now. The listener will be told of the ticket. Without one the
    /// request took no time: it is done, and nobody is told.
    [[nodiscard]] std::optional<StorageTicket> submit(const StorageRequest& request);

    /// A request counts when it is submitted.
    [[nodiscard]] const StorageStatistics& statistics() const { return device_.statistics(); }
    void reset_statistics() { device_.reset_statistics(); }

    void trace(sc_core::sc_trace_file* file) const override;

  private:
    class Request;

    void show();

    StorageDevice device_;
    ClockModule& clock_;
    StorageListener& listener_;
    Pool<Request> requests_;
    StorageTicket next_ticket_;

    std::uint32_t reads_under_way_ = 0;
    std::uint32_t writes_under_way_ = 0;
    StorageState traced_state_ = StorageState::idle;
    std::uint32_t traced_requests_ = 0;
    std::uint64_t traced_first_page_ = 0;
    std::uint64_t traced_pages_ = 0;
};

}  // namespace mmusim::hw
