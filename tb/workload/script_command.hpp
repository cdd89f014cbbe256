// SPDX-License-Identifier: Apache-2.0
// The lines of a workload script, taken apart.
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/page_size.hpp"
#include "hw/base/types.hpp"
#include "sw/calls/advice.hpp"
#include "sw/calls/call_error.hpp"
#include "sw/spaces/region.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace mmusim::tb {

/// Bytes [offset, offset + bytes) of a region.
struct RegionPart {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;

    constexpr bool operator==(const RegionPart&) const = default;
};

/// A region of a process, by their names; without a part the whole of it.
struct NamedRegion {
    std::string process;
    std::string region;
    std::optional<RegionPart> part{};

    bool operator==(const NamedRegion&) const = default;
};

/// `set KEY=VALUE`
struct SetCommand {
    std::string assignment;

    bool operator==(const SetCommand&) const = default;
};

/// `file F SIZE [cold|warm]`
struct FileCommand {
    std::string file;
    std::uint64_t bytes = 0;
    bool warm = false;

    bool operator==(const FileCommand&) const = default;
};

/// `process P`
struct ProcessCommand {
    std::string process;

    bool operator==(const ProcessCommand&) const = default;
};

/// What a mapping shows.
struct AnonymousBacking {
    bool operator==(const AnonymousBacking&) const = default;
};
struct FileBacking {
    std::string file;
    std::uint64_t offset = 0;

    bool operator==(const FileBacking&) const = default;
};
struct SharedMemoryBacking {
    std::string object;

    bool operator==(const SharedMemoryBacking&) const = default;
};
using Backing = std::variant<AnonymousBacking, FileBacking, SharedMemoryBacking>;

/// `P map R SIZE …`
struct MapCommand {
    std::string process;
    std::string region{};
    std::uint64_t bytes = 0;
    Backing backing{};
    sw::Sharing sharing = sw::Sharing::private_;
    sw::Rights rights{};
    std::optional<VirtualAddress> at{};
    bool populate = false;
    bool locked = false;
    bool grows_down = false;
    std::optional<PageSize> page_size{};  ///< explicit huge pages

    bool operator==(const MapCommand&) const = default;
};

/// `P unmap R [+OFF SIZE]`
struct UnmapCommand {
    NamedRegion target;

    bool operator==(const UnmapCommand&) const = default;
};

/// `P protect R PERM [+OFF SIZE]`
struct ProtectCommand {
    NamedRegion target;
    sw::Rights rights{};

    bool operator==(const ProtectCommand&) const = default;
};

/// `P move R [at ADDR]`
struct MoveCommand {
    NamedRegion target;
    std::optional<VirtualAddress> at{};

    bool operator==(const MoveCommand&) const = default;
};

/// `P grow R NEW_SIZE`
struct GrowCommand {
    NamedRegion target;
    std::uint64_t bytes = 0;

    bool operator==(const GrowCommand&) const = default;
};

/// By this name the heap is known after `brk`.
inline constexpr std::string_view heap_region = "heap";

/// `P brk SIZE`
struct HeapCommand {
    std::string process;
    std::uint64_t bytes = 0;

    bool operator==(const HeapCommand&) const = default;
};

/// `P lock R`, `P unlock R`
struct LockCommand {
    NamedRegion target;
    bool locked = true;

    bool operator==(const LockCommand&) const = default;
};

/// `P sync R [+OFF SIZE]`
struct SyncRegionCommand {
    NamedRegion target;

    bool operator==(const SyncRegionCommand&) const = default;
};

/// `P advise R ADVICE [+OFF SIZE]`
struct AdviseCommand {
    NamedRegion target;
    sw::Advice advice = sw::Advice::normal;

    bool operator==(const AdviseCommand&) const = default;
};

/// `P fork Q`
struct ForkCommand {
    std::string parent;
    std::string child;

    bool operator==(const ForkCommand&) const = default;
};

/// `P exec FILE.elf`
struct ExecCommand {
    std::string process;
    std::string path;  ///< to be opened: a relative one begins with the script's directory

    bool operator==(const ExecCommand&) const = default;
};

/// `P exit`
struct ExitCommand {
    std::string process;

    bool operator==(const ExitCommand&) const = default;
};

/// Accesses in a region, which sequence_of() of script_accesses.hpp lists.
struct RegionAccesses {
    std::string region;
    std::optional<std::uint64_t> offset{};
    std::optional<std::uint64_t> count{};
    std::optional<std::uint64_t> step_bytes{};
    std::uint64_t repeat = 1;

    bool operator==(const RegionAccesses&) const = default;
};

/// `P read|write|fetch …`: in a region, or one at an address.
struct AccessCommand {
    std::string process;
    AccessType type = AccessType::read;
    std::variant<RegionAccesses, VirtualAddress> where{};

    bool operator==(const AccessCommand&) const = default;
};

/// `P trace FILE [limit N]`, `P trace FILE next N`
struct TraceCommand {
    std::string process;
    std::string path;         ///< to be opened: a relative one begins with the script's directory
    std::uint64_t limit = 0;  ///< 0: all of it
    /// So many accesses from where the last such line ended; none: from the beginning.
    std::optional<std::uint64_t> next{};

    bool operator==(const TraceCommand&) const = default;
};

/// `sync F`, `drop F`, `warm F`
struct FileActionCommand {
    enum class Action : std::uint8_t { sync, drop, warm };

    std::string file;
    Action action = Action::sync;

    bool operator==(const FileActionCommand&) const = default;
};

/// `fence [P] [ADDR]`
struct FenceCommand {
    std::optional<std::string> process{};
    std::optional<VirtualAddress> address{};

    bool operator==(const FenceCommand&) const = default;
};

/// `wait CYCLES`
struct WaitCommand {
    Cycles cycles;

    bool operator==(const WaitCommand&) const = default;
};

using ScriptCommand =
    std::variant<FileCommand, ProcessCommand, MapCommand, UnmapCommand, ProtectCommand, MoveCommand,
                 GrowCommand, HeapCommand, LockCommand, SyncRegionCommand, AdviseCommand,
                 ForkCommand, ExecCommand, ExitCommand, AccessCommand, TraceCommand,
                 FileActionCommand, FenceCommand, WaitCommand>;

/// What `expect` says about the step before it. What it does not mention may be anything.
struct Expectation {
    std::uint64_t line = 0;
    std::optional<std::uint64_t> minor{};
    std::optional<std::uint64_t> major{};
    std::optional<std::string> signal{};  ///< `SIGSEGV` is either kind of it, `none` none
    std::optional<std::string> error{};   ///< `none` is none

    bool operator==(const Expectation&) const = default;
};

/// A line that does something.
struct ScriptStep {
    std::uint64_t line = 0;  ///< from 1
    std::string text;        ///< as it stands in the file, without a comment and outer blanks
    ScriptCommand command;
    std::vector<Expectation> expectations{};
};

/// A setting of the configuration and where it stands.
struct ScriptSetting {
    std::uint64_t line = 0;
    SetCommand command;
};

struct Script {
    std::string path;
    std::vector<ScriptSetting> settings;
    std::vector<ScriptStep> steps;
};

}  // namespace mmusim::tb
