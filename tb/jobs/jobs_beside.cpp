// SPDX-License-Identifier: Apache-2.0
#include "tb/jobs/jobs_beside.hpp"

#include <cerrno>
#include <memory>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace mmusim::tb {

namespace {

// Given back however the work ends, unless a signal ends its process.
class TakenPermit {
  public:
    explicit TakenPermit(const Permits& permits) : permits_(permits) { permits_.take(); }
    TakenPermit(const TakenPermit&) = delete;
    TakenPermit& operator=(const TakenPermit&) = delete;
    TakenPermit(TakenPermit&&) = delete;
    TakenPermit& operator=(TakenPermit&&) = delete;
    ~TakenPermit() { permits_.give(); }

  private:
    const Permits& permits_;
};

}  // namespace

Permits::Permits(std::size_t count)
    : descriptor_(::eventfd(static_cast<unsigned>(count), EFD_SEMAPHORE)) {
    if (descriptor_ < 0) {
        throw std::system_error(errno, std::generic_category(), "no semaphore");
    }
}

Permits::~Permits() {
    ::close(descriptor_);
}

void Permits::take() const {
    eventfd_t taken = 0;
    while (::eventfd_read(descriptor_, &taken) != 0 && errno == EINTR) {
    }
}

void Permits::give() const {
    ::eventfd_write(descriptor_, 1);
}

JobsBeside::JobsBeside(std::size_t jobs, std::size_t at_once,
                       const std::function<std::string(std::size_t job)>& work)
    : permits_(at_once), jobs_(jobs) {
    const auto work_when_permitted = [&work, this](std::size_t job) {
        const TakenPermit permit(permits_);
        return work(job);
    };
    for (std::size_t job = 0; job < jobs; ++job) {
        children_.push_back(std::make_unique<ChildProcess>(job, work_when_permitted));
    }
}

std::vector<std::optional<JobOutcome>> JobsBeside::wait(const std::atomic<bool>& interrupted) {
    std::vector<std::optional<JobOutcome>> outcomes(jobs_);
    const auto ended = [&](std::size_t job, const JobOutcome& outcome) {
        if (!is_ended_by_signal(outcome)) {
            outcomes[job] = outcome;
            return;
        }
        permits_.give();
        if (!interrupted) {
            outcomes[job] = outcome;
        }
    };
    while (!children_.empty() && !interrupted) {
        hear(children_, ended);
    }
    children_.clear();
    return outcomes;
}

}  // namespace mmusim::tb
