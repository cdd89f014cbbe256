// SPDX-License-Identifier: Apache-2.0
#include "hw/storage/storage_module.hpp"

#include "hw/base/wave_module.hpp"

namespace mmusim::hw {

namespace {

StorageState state_of(std::uint32_t reads, std::uint32_t writes) {
    if (reads > 0) {
        return writes > 0 ? StorageState::read_and_write : StorageState::read;
    }
    return writes > 0 ? StorageState::write : StorageState::idle;
}

}  // namespace

/// One request under way.
class StorageModule::Request {
  public:
    explicit Request(StorageModule& module) : module_(module) {}

    void begin(StorageTicket ticket, bool writes, const StorageDevice::Served& served) {
        ticket_ = ticket;
        writes_ = writes;
        served_ = served;
        ++under_way();
        module_.clock_.at(served.done, CyclePhase::answer, done_action_);
    }

  private:
    // The listener may submit another request, which is made of this one.
    void finish() {
        const StorageTicket ticket = ticket_;
        const StorageDevice::Served served = served_;
        --under_way();
        module_.requests_.give_back(*this);
        module_.show();
        module_.listener_.storage_done(ticket, served);
    }

    [[nodiscard]] std::uint32_t& under_way() {
        return writes_ ? module_.writes_under_way_ : module_.reads_under_way_;
    }

    StorageModule& module_;
    StorageTicket ticket_;
    bool writes_ = false;
    StorageDevice::Served served_{};
    MemberAction<Request> done_action_{*this, &Request::finish};
};

StorageModule::StorageModule(const sc_core::sc_module_name& name,
                             const StorageParameters& parameters, ClockModule& clock,
                             StorageListener& listener)
    : sc_module(name), device_(parameters, clock.period_ps()), clock_(clock), listener_(listener) {}

StorageModule::~StorageModule() = default;

std::optional<StorageTicket> StorageModule::submit(const StorageRequest& request) {
    const StorageDevice::Served served = device_.submit(clock_.now(), request);
    traced_first_page_ = request.first_page;
    traced_pages_ = request.pages;
    const StorageTicket ticket = next_ticket_;
    ++next_ticket_.number;
    if (served.done == clock_.now()) {
        return std::nullopt;
    }
    requests_.take(*this).begin(ticket, request.writes, served);
    show();
    return ticket;
}

void StorageModule::show() {
    traced_requests_ = reads_under_way_ + writes_under_way_;
    traced_state_ = state_of(reads_under_way_, writes_under_way_);
}

void StorageModule::trace(sc_core::sc_trace_file* file) const {
    trace_enumeration(file, traced_state_, wave_name(*this, "state"));
    sc_core::sc_trace(file, traced_requests_, wave_name(*this, "requests"));
    sc_core::sc_trace(file, traced_first_page_, wave_name(*this, "first_page"));
    sc_core::sc_trace(file, traced_pages_, wave_name(*this, "pages"));
    sc_core::sc_trace(file, statistics().pages_read, wave_name(*this, "pages_read"));
    sc_core::sc_trace(file, statistics().pages_written, wave_name(*this, "pages_written"));
}

}  // namespace mmusim::hw
