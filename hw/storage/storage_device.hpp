// SPDX-License-Identifier: Apache-2.0
// A storage device as a function of the requests' arrival. No clock of its own.
#pragma once

#include "hw/base/fields.hpp"
#include "hw/base/types.hpp"
#include "hw/storage/storage_parameters.hpp"

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

namespace mmusim::hw {

struct StorageRequest {
    bool writes = false;
    std::uint64_t first_page = 0;  ///< of the device
    std::uint64_t pages = 1;       ///< at least one
};

struct StorageStatistics {
    std::uint64_t reads = 0;
    std::uint64_t writes = 0;
    std::uint64_t pages_read = 0;
    std::uint64_t pages_written = 0;
    std::uint64_t seeks = 0;
    Cycles wait_cycles;
    Cycles service_cycles;

    static constexpr auto fields() {
        using S = StorageStatistics;
        return std::tuple{
            statistic("reads", &S::reads, "request", "requests that read"),
            statistic("writes", &S::writes, "request", "requests that write"),
            statistic("pages_read", &S::pages_read, "page", "pages read"),
            statistic("pages_written", &S::pages_written, "page", "pages written"),
            statistic("seeks", &S::seeks, "request",
                      "requests that did not go on where the one before them ended"),
            statistic("wait_cycles", &S::wait_cycles, "cycle",
                      "requests waiting for a place in the queue and for the channel"),
            statistic("service_cycles", &S::service_cycles, "cycle",
                      "what the requests would have taken alone"),
        };
    }
};

class StorageDevice {
  public:
    /// `period_ps` is the length of a cycle.
    StorageDevice(const StorageParameters& parameters, std::uint64_t period_ps);

    struct Served {
        Cycles done;
        Cycles wait;     ///< for a place in the queue, and for the channel
        Cycles service;  ///< what it would have taken alone

        constexpr bool operator==(const Served&) const = default;
    };

    /// Takes a request that arrives now, not before the one before it. It is begun when fewer than
    /// `queue_depth` are under way, and its pages go over the one channel as soon as they are ready
    /// and nobody else's, of those that came before, take it.
    Served submit(Cycles now, const StorageRequest& request);

    [[nodiscard]] const StorageStatistics& statistics() const { return statistics_; }
    void reset_statistics() { statistics_ = {}; }

  private:
    struct Transfer {
        Cycles begin;
        Cycles end;
    };

    [[nodiscard]] Cycles cycles_of(std::uint64_t nanoseconds) const;
    Cycles transfer_from(Cycles ready, Cycles duration);

    StorageTiming timing_;
    std::uint64_t period_ps_;
    std::vector<Cycles> free_from_;    // by place in the queue
    std::vector<Transfer> transfers_;  // that are not over, in their order
    std::optional<std::uint64_t> next_page_;
    StorageStatistics statistics_;
};

}  // namespace mmusim::hw
