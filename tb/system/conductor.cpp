// SPDX-License-Identifier: Apache-2.0
#include "tb/system/conductor.hpp"

#include <algorithm>
#include <utility>

namespace mmusim::tb {

namespace {

// How often to look whether somebody wants the simulation to end, and to say how far it is.
constexpr std::uint64_t accesses_between_looks = std::uint64_t{1} << 16U;

}  // namespace

Conductor::Conductor(const RunOptions& options, Events events, TranslationLog* log,
                     TranslationChecker* checker)
    : options_(options), events_(std::move(events)), log_(log), checker_(checker) {}

std::optional<std::uint64_t> Conductor::milestone(std::uint64_t accesses) {
    if (accesses == options_.warmup) {
        measuring_ = true;
        events_.measurement_begins();
    }
    const std::uint64_t measured = accesses - options_.warmup;
    const bool timeline_due =
        measuring_ && options_.interval != 0 && measured != 0 && measured % options_.interval == 0;
    if (timeline_due) {
        events_.timeline_entry_due();
    }
    if (accesses % accesses_between_looks == 0 && options_.progress) {
        options_.progress(accesses);
    }
    interrupted_ = options_.interrupted != nullptr && options_.interrupted->load();
    const bool limit_reached = options_.limit != 0 && accesses >= options_.limit;
    if (limit_reached || interrupted_) {
        return std::nullopt;
    }
    return next_after(accesses);
}

// The first number after `accesses` at which something may happen.
std::uint64_t Conductor::next_after(std::uint64_t accesses) const {
    std::uint64_t next = (accesses / accesses_between_looks + 1) * accesses_between_looks;
    if (accesses < options_.warmup) {
        next = std::min(next, options_.warmup);
    } else if (options_.interval != 0) {
        const std::uint64_t measured = accesses - options_.warmup;
        next = std::min(next,
                        options_.warmup + (measured / options_.interval + 1) * options_.interval);
    }
    if (options_.limit != 0) {
        next = std::min(next, options_.limit);
    }
    return next;
}

void Conductor::finished(const hw::FinishedTranslation& translation) {
    if (checker_ != nullptr) {
        checker_->check(EndedTranslation{.access = translation.access,
                                         .issued = translation.issued,
                                         .request = translation.translation.request,
                                         .page = translation.translation.page});
    }
    if (measuring_ && log_ != nullptr) {
        log_->write(translation);
    }
    if (events_.translation_ended) {
        events_.translation_ended(translation);
    }
}

void Conductor::faulted(const hw::FaultedTranslation& translation) {
    if (checker_ != nullptr) {
        checker_->check(translation);
    }
}

}  // namespace mmusim::tb
