// SPDX-License-Identifier: Apache-2.0
#include "hw/storage/storage_device.hpp"

#include <algorithm>

namespace mmusim::hw {

StorageDevice::StorageDevice(const StorageParameters& parameters, std::uint64_t period_ps)
    : timing_(timing_of(parameters)), period_ps_(period_ps), free_from_(timing_.queue_depth) {}

StorageDevice::Served StorageDevice::submit(Cycles now, const StorageRequest& request) {
    const bool seeks = next_page_ != request.first_page;
    Cycles access =
        cycles_of(request.writes ? timing_.write_nanoseconds : timing_.read_nanoseconds);
    if (seeks) {
        access += cycles_of(timing_.seek_nanoseconds);
    }
    const std::uint64_t page =
        request.writes ? timing_.page_write_nanoseconds : timing_.page_read_nanoseconds;
    const Cycles transfer = cycles_of(page * request.pages);

    Cycles& place = *std::ranges::min_element(free_from_);
    const Cycles begun = std::max(now, place);
    std::erase_if(transfers_, [now](const Transfer& other) { return other.end <= now; });
    const Cycles done = transfer_from(begun + access, transfer);
    place = done;
    next_page_ = request.first_page + request.pages;

    const Served served{
        .done = done, .wait = done - now - access - transfer, .service = access + transfer};
    ++(request.writes ? statistics_.writes : statistics_.reads);
    (request.writes ? statistics_.pages_written : statistics_.pages_read) += request.pages;
    statistics_.seeks += seeks ? 1 : 0;
    statistics_.wait_cycles += served.wait;
    statistics_.service_cycles += served.service;
    return served;
}

// Takes the channel for so long, at the first time that is free; when that ends.
Cycles StorageDevice::transfer_from(Cycles ready, Cycles duration) {
    auto next = transfers_.begin();
    while (next != transfers_.end() && next->begin < ready + duration) {
        ready = std::max(ready, next->end);
        ++next;
    }
    transfers_.insert(next, {.begin = ready, .end = ready + duration});
    return ready + duration;
}

// Whole cycles, none too few.
Cycles StorageDevice::cycles_of(std::uint64_t nanoseconds) const {
    constexpr std::uint64_t ps_per_nanosecond = 1000;
    return Cycles{(nanoseconds * ps_per_nanosecond + period_ps_ - 1) / period_ps_};
}

}  // namespace mmusim::hw
