// SPDX-License-Identifier: Apache-2.0
// What a script has made so far: its files, its processes and what they have mapped.
#pragma once

#include "hw/base/types.hpp"
#include "sw/spaces/region.hpp"
#include "tb/workload/script_accesses.hpp"
#include "tb/workload/script_command.hpp"
#include "tests/kernel/helper_processes.hpp"
#include "tests/kernel/host_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace mmusim::tests {

/// What a region shows, if not memory of its own.
struct MappedObject {
    HostFile* file = nullptr;
    std::uint64_t offset_bytes = 0;
    bool is_file = false;  ///< else memory that processes share
};

struct PlacedRegion {
    std::uint64_t start = 0;
    std::uint64_t bytes = 0;
    sw::Rights rights;
    sw::Sharing sharing = sw::Sharing::private_;
    std::optional<MappedObject> object{};
    bool mapped = true;  ///< else its name still means the place where it was
    sw::AccessPattern pattern = sw::AccessPattern::normal;
    bool wants_huge_pages = false;
    bool written = false;
    bool every_page_start_written = false;
    bool freed = false;  ///< all of it, by MADV_FREE, and not written since
    bool read_before_write = false;

    [[nodiscard]] bool contains(std::uint64_t address) const {
        return mapped && start <= address && address < start + bytes;
    }
    [[nodiscard]] bool shows_file() const { return object && object->is_file; }
    /// Of a file or of shared memory, named or not.
    [[nodiscard]] bool shows_object() const {
        return object.has_value() || sharing == sw::Sharing::shared;
    }
};

struct ScriptProcess {
    Helper helper;
    VirtualAddress highest_end{};    ///< of all regions that it ever had
    std::uint64_t locked_bytes = 0;  ///< as if none had been unlocked
    std::map<std::string, PlacedRegion> regions{};

    /// A region lies at [start, start + bytes) from now on.
    void take(std::uint64_t start, std::uint64_t bytes) {
        highest_end = std::max(highest_end, VirtualAddress{start + bytes});
    }
};

/// Addresses [start, start + bytes) of a process.
struct Stretch {
    std::uint64_t start = 0;
    std::uint64_t bytes = 0;
};

[[nodiscard]] constexpr std::uint64_t whole_pages(std::uint64_t bytes) {
    return (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

/// How many processes a script makes, by any line.
[[nodiscard]] std::size_t count_processes(const tb::Script& script);

class ScriptState {
  public:
    /// Opens all files and objects of shared memory that the script names, so that processes that
    /// begin later have them. Objects are as large as the largest mapping of them. Throws
    /// MachineRefusal.
    ScriptState(const tb::Script& script, bool files_on_disk);

    [[nodiscard]] HostFile& file(const std::string& name) { return files_.at(name); }

    [[nodiscard]] ScriptProcess& process(const std::string& name) { return processes_.at(name); }
    [[nodiscard]] const ScriptProcess& process(const std::string& name) const {
        return processes_.at(name);
    }
    void add_process(const std::string& name, ScriptProcess process);
    void remove_process(const std::string& name) { processes_.erase(name); }

    [[nodiscard]] PlacedRegion& region(const tb::NamedRegion& name);
    [[nodiscard]] const PlacedRegion& region(const tb::NamedRegion& name) const;
    /// Null if no region of the script holds the address.
    [[nodiscard]] PlacedRegion* region_at(const std::string& process, std::uint64_t address);
    [[nodiscard]] const PlacedRegion* region_at(const std::string& process,
                                                std::uint64_t address) const;

    /// The part that is named, or the whole region.
    [[nodiscard]] Stretch stretch(const tb::NamedRegion& name) const;

    /// The region that a line would make.
    [[nodiscard]] PlacedRegion planned(const tb::MapCommand& command);
    /// Where a line would move its region to.
    [[nodiscard]] std::uint64_t target_of(const tb::MoveCommand& command) const;
    /// The accesses that a line asks for.
    [[nodiscard]] tb::AccessSequence accesses(const tb::AccessCommand& command) const;

  private:
    [[nodiscard]] std::optional<MappedObject> object_of(const tb::Backing& backing);

    std::map<std::string, HostFile> files_;
    std::map<std::string, HostFile> shared_memory_;
    std::map<std::string, ScriptProcess> processes_;
};

}  // namespace mmusim::tests
