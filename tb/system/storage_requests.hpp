// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/clock_module.hpp"
#include "hw/storage/storage_module.hpp"
#include "sw/machine.hpp"

#include <functional>
#include <map>
#include <vector>

namespace mmusim::tb {

/// The operating system's requests to storage: which device each goes to, and which are done.
class StorageRequests {
  public:
    /// A request that took its time, and is done now.
    struct Done {
        sw::IoTicket ticket;
        Cycles at;
        Cycles service;  ///< what it would have taken alone
    };

    /// `on_done` is called for each.
    StorageRequests(hw::ClockModule& clock, std::function<void(const Done&)> on_done);

    /// Whom the devices tell.
    [[nodiscard]] hw::StorageListener& files_listener() { return files_; }
    [[nodiscard]] hw::StorageListener& swap_listener() { return swap_; }

    /// Before the simulation starts: the devices; `swap` may be that of the files.
    void set_devices(hw::StorageModule& files, hw::StorageModule& swap);

    [[nodiscard]] sw::IoTicket submit(const sw::StorageTransfer& transfer);
    /// Done already, as everything is before the simulation has started.
    [[nodiscard]] sw::IoTicket submit_in_no_time();

    [[nodiscard]] bool any_done() const { return !done_.empty(); }
    /// What is done since this was asked last.
    [[nodiscard]] std::vector<sw::IoCompletion> take_done();

  private:
    // A device gives its tickets without regard to the others.
    struct Device final : hw::StorageListener {
        explicit Device(StorageRequests& requests) : owner(requests) {}

        void storage_done(hw::StorageTicket ticket,
                          const hw::StorageDevice::Served& served) override;

        StorageRequests& owner;
        hw::StorageModule* module = nullptr;
        std::map<hw::StorageTicket, sw::IoTicket> under_way{};
    };

    hw::ClockModule& clock_;
    std::function<void(const Done&)> on_done_;
    Device files_{*this};
    Device swap_{*this};
    std::uint64_t next_ticket_ = 0;
    std::vector<sw::IoCompletion> done_;
};

}  // namespace mmusim::tb
