// SPDX-License-Identifier: Apache-2.0
#include "tb/system/storage_requests.hpp"

#include <utility>

namespace mmusim::tb {

namespace {

// On a device that has both, the swap area lies far behind the files.
constexpr std::uint64_t first_swap_page = std::uint64_t{1} << 40U;

}  // namespace

StorageRequests::StorageRequests(hw::ClockModule& clock, std::function<void(const Done&)> on_done)
    : clock_(clock), on_done_(std::move(on_done)) {}

void StorageRequests::set_devices(hw::StorageModule& files, hw::StorageModule& swap) {
    files_.module = &files;
    swap_.module = &swap;
}

sw::IoTicket StorageRequests::submit(const sw::StorageTransfer& transfer) {
    const bool to_swap = transfer.area == sw::StorageArea::swap;
    // Who shares a device is told by its one listener.
    Device& device = to_swap && swap_.module != files_.module ? swap_ : files_;
    const std::optional<hw::StorageTicket> under_way =
        device.module->submit({.writes = transfer.writes,
                               .first_page = transfer.first_page + (to_swap ? first_swap_page : 0),
                               .pages = transfer.frames.size()});
    if (!under_way) {
        return submit_in_no_time();
    }
    const sw::IoTicket ticket{next_ticket_++};
    device.under_way.emplace(*under_way, ticket);
    return ticket;
}

sw::IoTicket StorageRequests::submit_in_no_time() {
    const sw::IoTicket ticket{next_ticket_++};
    done_.push_back({.ticket = ticket});
    return ticket;
}

std::vector<sw::IoCompletion> StorageRequests::take_done() {
    return std::exchange(done_, {});
}

void StorageRequests::Device::storage_done(hw::StorageTicket ticket,
                                           const hw::StorageDevice::Served& served) {
    const sw::IoTicket own = under_way.extract(ticket).mapped();
    owner.done_.push_back({.ticket = own});
    owner.on_done_({.ticket = own, .at = owner.clock_.now(), .service = served.service});
}

}  // namespace mmusim::tb
