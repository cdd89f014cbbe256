// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/step_facts.hpp"

#include <algorithm>
#include <variant>

namespace mmusim::tests {

namespace {

/// One function for each command that depends on something.
struct FactsOf {
    ScriptState& state;
    const OwnMemory& own_memory;
    bool asks_for_huge_pages;

    // The others depend on nothing.
    template <typename Command>
    StepFacts operator()(const Command& /*command*/) const {
        return {};
    }

    StepFacts operator()(const tb::FenceCommand& /*command*/) const { return {.is_no_call = true}; }
    StepFacts operator()(const tb::WaitCommand& /*command*/) const { return {.is_no_call = true}; }
    StepFacts operator()(const tb::ExecCommand& /*command*/) const {
        return {.runs_a_program = true};
    }
    StepFacts operator()(const tb::HeapCommand& /*command*/) const {
        return {.in_own_memory = true};
    }
    StepFacts operator()(const tb::TraceCommand& /*command*/) const {
        return {.runs_a_program = true};
    }

    StepFacts operator()(const tb::ProcessCommand& /*command*/) const {
        return {.counts_nothing = true};
    }
    // The parent also takes faults for the interpreter's own pages, which are not counted.
    StepFacts operator()(const tb::ForkCommand& /*command*/) const {
        return {.counts_nothing = true};
    }
    StepFacts operator()(const tb::ExitCommand& /*command*/) const {
        return {.counts_nothing = true};
    }
    StepFacts operator()(const tb::FileCommand& command) const {
        return {.counts_nothing = true, .needs_disk = !command.warm};
    }
    StepFacts operator()(const tb::FileActionCommand& command) const {
        return {.counts_nothing = true,
                .needs_disk = command.action != tb::FileActionCommand::Action::warm};
    }

    StepFacts operator()(const tb::MapCommand& command) const;
    StepFacts operator()(const tb::ProtectCommand& command) const;
    StepFacts operator()(const tb::MoveCommand& command) const;
    StepFacts operator()(const tb::LockCommand& command) const;
    StepFacts operator()(const tb::AdviseCommand& command) const;
    StepFacts operator()(const tb::AccessCommand& command) const;
};

/// Whether a disk is told of writes to the region.
[[nodiscard]] bool tracks_writes(const PlacedRegion& region, const sw::Rights& rights) {
    return region.shows_file() && region.sharing == sw::Sharing::shared && rights.write;
}

void add_object(StepFacts& facts, const PlacedRegion& region) {
    facts.maps_by_groups = region.shows_object();
    if (!region.shows_file()) {
        return;
    }
    const HostFile& file = *region.object->file;
    const bool cold = file.pages_in_memory(0, file.pages()) < file.pages();
    facts.cold_file_pages = cold ? file.pages() : 0;
    facts.pattern = region.pattern;
}

StepFacts FactsOf::operator()(const tb::MapCommand& command) const {
    const PlacedRegion region = state.planned(command);
    const std::uint64_t locked_before = state.process(command.process).locked_bytes;
    const bool fills = command.populate || command.locked;
    StepFacts facts{.in_own_memory = own_memory.overlaps(region.start, region.start + region.bytes),
                    .needs_disk = tracks_writes(region, command.rights),
                    .takes_from_pools = command.page_size.has_value(),
                    .fills_beside_huge_pages = fills && asks_for_huge_pages,
                    .locked_bytes = command.locked ? locked_before + region.bytes : 0};
    if (fills) {
        add_object(facts, region);
    }
    return facts;
}

StepFacts FactsOf::operator()(const tb::ProtectCommand& command) const {
    return {.needs_disk = tracks_writes(state.region(command.target), command.rights)};
}

StepFacts FactsOf::operator()(const tb::MoveCommand& command) const {
    const std::uint64_t start = state.target_of(command);
    const std::uint64_t bytes = state.region(command.target).bytes;
    return {.in_own_memory = own_memory.overlaps(start, start + bytes)};
}

StepFacts FactsOf::operator()(const tb::LockCommand& command) const {
    const PlacedRegion& region = state.region(command.target);
    const std::uint64_t locked_before = state.process(command.target.process).locked_bytes;
    StepFacts facts{.locked_bytes = command.locked ? locked_before + region.bytes : 0};
    add_object(facts, region);
    return facts;
}

StepFacts FactsOf::operator()(const tb::AdviseCommand& command) const {
    const PlacedRegion& region = state.region(command.target);
    const bool pages_out = command.advice == sw::Advice::pageout;
    const bool of_huge_pages =
        command.advice == sw::Advice::hugepage || command.advice == sw::Advice::nohugepage;
    const bool shows_the_file_alone =
        region.shows_file() && (region.sharing == sw::Sharing::shared || !region.written);
    return {.needs_disk = pages_out && region.shows_file(),
            .needs_swap = pages_out && !shows_the_file_alone && !region.freed,
            .needs_huge_pages = of_huge_pages,
            .huge_pages_of_objects = of_huge_pages && region.shows_object()};
}

/// Whether each access calls an instruction that returns: files hold nothing else, and writes store
/// nothing else.
[[nodiscard]] bool calls_returns(const tb::AccessSequence& sequence, const PlacedRegion& region) {
    const bool at_page_starts =
        sequence.first.page_offset() == 0 && sequence.step_bytes % page_bytes == 0;
    return return_instruction != 0 && at_page_starts &&
           (region.shows_file() || region.every_page_start_written);
}

[[nodiscard]] bool may_cross_pages(const tb::AccessSequence& sequence) {
    const std::uint64_t alignment = tb::script_access_bytes;
    return sequence.first.value % alignment != 0 || sequence.step_bytes % alignment != 0;
}

StepFacts FactsOf::operator()(const tb::AccessCommand& command) const {
    const tb::AccessSequence sequence = state.accesses(command);
    const std::uint64_t steps = std::max<std::uint64_t>(sequence.count, 1) - 1;
    const std::uint64_t end =
        sequence.first.value + steps * sequence.step_bytes + tb::script_access_bytes;
    StepFacts facts{.in_own_memory = own_memory.overlaps(sequence.first.value, end),
                    .may_cross_pages = may_cross_pages(sequence)};
    const PlacedRegion* const region = state.region_at(command.process, sequence.first.value);
    if (region == nullptr) {
        return facts;
    }
    add_object(facts, *region);
    facts.writes_huge_zero_page =
        sequence.type == AccessType::write && region->wants_huge_pages && region->read_before_write;
    const bool all_there = region->every_page_start_written && !region->freed;
    facts.reads_untouched_memory =
        sequence.type != AccessType::write && !region->shows_object() && !all_there;
    facts.fetches_untouched_data = sequence.type == AccessType::fetch && !region->rights.execute &&
                                   !region->every_page_start_written;
    facts.fetches_data = sequence.type == AccessType::fetch && region->rights.execute &&
                         !calls_returns(sequence, *region);
    return facts;
}

}  // namespace

StepFacts facts_of(const tb::ScriptCommand& command, ScriptState& state,
                   const OwnMemory& own_memory, bool asks_for_huge_pages) {
    return std::visit(
        FactsOf{
            .state = state, .own_memory = own_memory, .asks_for_huge_pages = asks_for_huge_pages},
        command);
}

}  // namespace mmusim::tests
