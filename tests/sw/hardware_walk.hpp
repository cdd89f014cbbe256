// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"
#include "hw/paging/page_walk.hpp"
#include "hw/paging/parameters.hpp"
#include "hw/paging/translation.hpp"
#include "tests/support/counting_machine.hpp"

#include <optional>
#include <variant>

namespace mmusim::tests {

/// What the hardware makes of the page tables in the machine's memory: the page, or none if the
/// access faults. Accessed and dirty bits are set as the walker would set them; nothing is counted.
[[nodiscard]] inline std::optional<hw::TranslatedPage> hardware_walk(
    CountingMachine& machine, const hw::PagingParameters& paging,
    const hw::TranslationContext& context, VirtualAddress address, AccessType type) {
    hw::PageWalk walk(paging, {.address = address, .type = type, .context = context});
    hw::WalkStep step = walk.start();
    while (true) {
        if (const auto* read = std::get_if<hw::ReadEntry>(&step)) {
            step = walk.entry_read(machine.entry_at(read->address));
        } else if (const auto* update = std::get_if<hw::UpdateEntry>(&step)) {
            machine.poke(update->address, update->desired);
            step = walk.entry_updated(true);
        } else if (const auto* walked = std::get_if<hw::Walked>(&step)) {
            return walked->page;
        } else {
            return std::nullopt;
        }
    }
}

}  // namespace mmusim::tests
