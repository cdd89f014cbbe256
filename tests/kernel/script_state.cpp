// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/script_state.hpp"

#include "sw/spaces/placement.hpp"
#include "tests/kernel/machine_refusal.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace mmusim::tests {

namespace {

[[nodiscard]] HostFile file_for(const std::string& name, bool on_disk) {
    if (!on_disk) {
        return HostFile::in_memory(name, 0);
    }
    std::optional<HostFile> file = HostFile::on_disk();
    if (!file) {
        throw MachineRefusal("no more files on a disk");
    }
    return std::move(*file);
}

[[nodiscard]] std::map<std::string, HostFile> files_of(const tb::Script& script, bool on_disk) {
    std::map<std::string, HostFile> files;
    for (const tb::ScriptStep& step : script.steps) {
        if (const auto* const command = std::get_if<tb::FileCommand>(&step.command)) {
            files.emplace(command->file, file_for(command->file, on_disk));
        }
    }
    return files;
}

[[nodiscard]] std::map<std::string, std::uint64_t> shared_memory_sizes(const tb::Script& script) {
    std::map<std::string, std::uint64_t> sizes;
    for (const tb::ScriptStep& step : script.steps) {
        const auto* const map = std::get_if<tb::MapCommand>(&step.command);
        if (map == nullptr) {
            continue;
        }
        if (const auto* const backing = std::get_if<tb::SharedMemoryBacking>(&map->backing)) {
            std::uint64_t& size = sizes[backing->object];
            size = std::max(size, whole_pages(map->bytes));
        }
    }
    return sizes;
}

[[nodiscard]] std::map<std::string, HostFile> shared_memory_of(const tb::Script& script) {
    std::map<std::string, HostFile> objects;
    for (const auto& [name, bytes] : shared_memory_sizes(script)) {
        objects.emplace(name, HostFile::in_memory(name, bytes));
    }
    return objects;
}

}  // namespace

std::size_t count_processes(const tb::Script& script) {
    return static_cast<std::size_t>(
        std::count_if(script.steps.begin(), script.steps.end(), [](const tb::ScriptStep& step) {
            return std::holds_alternative<tb::ProcessCommand>(step.command) ||
                   std::holds_alternative<tb::ForkCommand>(step.command);
        }));
}

ScriptState::ScriptState(const tb::Script& script, bool files_on_disk)
    : files_(files_of(script, files_on_disk)), shared_memory_(shared_memory_of(script)) {}

void ScriptState::add_process(const std::string& name, ScriptProcess process) {
    processes_.insert_or_assign(name, std::move(process));
}

PlacedRegion& ScriptState::region(const tb::NamedRegion& name) {
    return process(name.process).regions.at(name.region);
}

const PlacedRegion& ScriptState::region(const tb::NamedRegion& name) const {
    return process(name.process).regions.at(name.region);
}

const PlacedRegion* ScriptState::region_at(const std::string& process_name,
                                           std::uint64_t address) const {
    const auto& regions = process(process_name).regions;
    const auto found = std::find_if(regions.begin(), regions.end(), [&](const auto& named) {
        return named.second.contains(address);
    });
    return found == regions.end() ? nullptr : &found->second;
}

PlacedRegion* ScriptState::region_at(const std::string& process_name, std::uint64_t address) {
    return const_cast<PlacedRegion*>(  // NOLINT(*-const-cast): this state is not const
        std::as_const(*this).region_at(process_name, address));
}

Stretch ScriptState::stretch(const tb::NamedRegion& name) const {
    const PlacedRegion& whole = region(name);
    if (name.part) {
        return {.start = whole.start + name.part->offset, .bytes = name.part->bytes};
    }
    return {.start = whole.start, .bytes = whole.bytes};
}

std::optional<MappedObject> ScriptState::object_of(const tb::Backing& backing) {
    if (const auto* const file = std::get_if<tb::FileBacking>(&backing)) {
        return MappedObject{
            .file = &files_.at(file->file), .offset_bytes = file->offset, .is_file = true};
    }
    if (const auto* const shared = std::get_if<tb::SharedMemoryBacking>(&backing)) {
        return MappedObject{.file = &shared_memory_.at(shared->object)};
    }
    return std::nullopt;
}

PlacedRegion ScriptState::planned(const tb::MapCommand& command) {
    return {
        .start = command.at.value_or(sw::next_place(process(command.process).highest_end)).value,
        .bytes = whole_pages(command.bytes),
        .rights = command.rights,
        .sharing = command.sharing,
        .object = object_of(command.backing)};
}

std::uint64_t ScriptState::target_of(const tb::MoveCommand& command) const {
    return command.at.value_or(sw::next_place(process(command.target.process).highest_end)).value;
}

tb::AccessSequence ScriptState::accesses(const tb::AccessCommand& command) const {
    if (const auto* const address = std::get_if<VirtualAddress>(&command.where)) {
        return {.type = command.type, .first = *address};
    }
    const auto& accesses = std::get<tb::RegionAccesses>(command.where);
    const PlacedRegion& whole = process(command.process).regions.at(accesses.region);
    return tb::sequence_of(command.type, accesses, VirtualAddress{whole.start}, whole.bytes);
}

}  // namespace mmusim::tests
