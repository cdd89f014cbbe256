// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/cpu/address_generator_module.hpp"
#include "tb/check/translation_checker.hpp"
#include "tb/system/run_options.hpp"
#include "tb/system/translation_log.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace mmusim::tb {

/// Knows what happens after how many accesses: the end of the warm-up, the timeline, the end.
class Conductor final : public hw::CoreObserver {
  public:
    struct Events {
        std::function<void()> measurement_begins;
        std::function<void()> timeline_entry_due;
        /// Called for each translation that has ended; may be empty.
        std::function<void(const hw::FinishedTranslation&)> translation_ended{};
    };

    /// `log` and `checker` may be null. Without both, and without somebody who wants to know of
    /// translations that have ended, no translation is watched.
    Conductor(const RunOptions& options, Events events, TranslationLog* log,
              TranslationChecker* checker);

    [[nodiscard]] std::optional<std::uint64_t> milestone(std::uint64_t accesses) override;
    void finished(const hw::FinishedTranslation& translation) override;
    void faulted(const hw::FaultedTranslation& translation) override;
    [[nodiscard]] bool watches_translations() const override {
        return log_ != nullptr || checker_ != nullptr || events_.translation_ended;
    }

    /// Whether the simulation was ended from outside.
    [[nodiscard]] bool interrupted() const { return interrupted_; }
    /// Whether the warm-up was over before the programs were.
    [[nodiscard]] bool measuring() const { return measuring_; }

  private:
    [[nodiscard]] std::uint64_t next_after(std::uint64_t accesses) const;

    const RunOptions& options_;
    Events events_;
    TranslationLog* log_;
    TranslationChecker* checker_;
    bool measuring_ = false;
    bool interrupted_ = false;
};

}  // namespace mmusim::tb
