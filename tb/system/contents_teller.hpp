// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/types.hpp"
#include "hw/cpu/address_generator_module.hpp"
#include "sw/machine.hpp"
#include "sw/operating_system.hpp"
#include "sw/processes/process_id.hpp"
#include "tb/check/contents_checker.hpp"

#include <optional>

namespace mmusim::tb {

/// Tells the check of contents what the operating system does, and what programs do, while the
/// simulation runs.
class ContentsTeller {
  public:
    /// `system` is there before the first process is. Both outlive this.
    ContentsTeller(ContentsChecker& checker, const std::optional<sw::OperatingSystem>& system)
        : checker_(checker), system_(system) {}

    [[nodiscard]] ContentsChecker& checker() const { return checker_; }

    /// A process is there, with what is mapped in it.
    void made(sw::ProcessId process);
    void exited(sw::ProcessId process);
    void cleared(PhysicalPageNumber frame);
    void copied(PhysicalPageNumber from, PhysicalPageNumber to);
    void transferred(const sw::StorageTransfer& transfer);
    /// The process has accessed `address`, or the part of an access that lies in a page.
    void accessed(sw::ProcessId process, const hw::FinishedTranslation& finished,
                  PhysicalAddress address);

  private:
    void learn_of_growth(sw::ProcessId process, VirtualAddress address);

    ContentsChecker& checker_;
    const std::optional<sw::OperatingSystem>& system_;
};

}  // namespace mmusim::tb
