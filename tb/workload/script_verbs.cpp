// SPDX-License-Identifier: Apache-2.0
#include "tb/workload/script_verbs.hpp"

#include "hw/base/types.hpp"
#include "tb/text/in_quotes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace mmusim::tb {

namespace {

/// A line whose process has been read.
struct ProcessLine {
    const std::string& process;
    ScriptWords& words;
    ScriptNames& names;
    const std::filesystem::path& directory;
};

// ---- words that several verbs take

struct RightsRow {
    std::string_view word;
    sw::Rights rights;
};

constexpr std::array<RightsRow, 5> rights_table{
    {{.word = "none", .rights = {}},
     {.word = "r", .rights = {.read = true}},
     {.word = "rw", .rights = {.read = true, .write = true}},
     {.word = "rx", .rights = {.read = true, .execute = true}},
     {.word = "rwx", .rights = sw::read_write_execute}}};

[[nodiscard]] sw::Rights next_rights(ScriptWords& words) {
    return words.next_row(rights_table).rights;
}

[[nodiscard]] std::string next_known_region(const ProcessLine& line) {
    std::string region = line.words.next_name("a region");
    line.names.use_region(line.process, region);
    return region;
}

[[nodiscard]] NamedRegion next_target(const ProcessLine& line) {
    return {.process = line.process, .region = next_known_region(line)};
}

/// `[+OFF SIZE]`
[[nodiscard]] std::optional<RegionPart> take_part(ScriptWords& words) {
    const std::optional<std::uint64_t> offset = words.take_offset();
    if (!offset) {
        return std::nullopt;
    }
    return RegionPart{.offset = *offset, .bytes = words.next_size("the size of the part")};
}

/// A path has no blanks and no #, which would end the word.
[[nodiscard]] std::string next_path(const ProcessLine& line) {
    const std::string_view path = line.words.next("a file");
    return (line.directory / path).string();
}

// ---- mappings

void read_place(ScriptWords& words, MapCommand& command) {
    command.at = words.next_address();
}

void read_populate(ScriptWords& /*words*/, MapCommand& command) {
    command.populate = true;
}

void read_locked(ScriptWords& /*words*/, MapCommand& command) {
    command.locked = true;
}

void read_growsdown(ScriptWords& /*words*/, MapCommand& command) {
    command.grows_down = true;
}

struct PageSizeRow {
    std::string_view word;
    PageSize size;
};

constexpr std::array<PageSizeRow, 3> page_size_table{{{.word = "2MiB", .size = {21}},
                                                      {.word = "4MiB", .size = {22}},
                                                      {.word = "1GiB", .size = {30}}}};

void read_pages(ScriptWords& words, MapCommand& command) {
    command.page_size = words.next_row(page_size_table).size;
}

constexpr std::array<ScriptClause<MapCommand>, 5> map_clauses{{{"at", read_place},
                                                               {"populate", read_populate},
                                                               {"locked", read_locked},
                                                               {"growsdown", read_growsdown},
                                                               {"pages", read_pages}}};

struct SharingRow {
    std::string_view word;
    sw::Sharing sharing;
};

constexpr std::array<SharingRow, 2> sharing_table{
    {{.word = "private", .sharing = sw::Sharing::private_},
     {.word = "shared", .sharing = sw::Sharing::shared}}};

/// What follows `anon`, `file` and `shm`, up to `private` or `shared`.
void read_anonymous(const ProcessLine& line, MapCommand& command) {
    command.backing = AnonymousBacking{};
    command.sharing = line.words.next_row(sharing_table).sharing;
}

void read_file_backing(const ProcessLine& line, MapCommand& command) {
    FileBacking backing;
    backing.file = line.words.next_name("a file");
    line.names.use_file(backing.file);
    if (line.words.take("offset")) {
        backing.offset = line.words.next_size("the offset in the file");
        if (backing.offset % page_bytes != 0) {
            refuse(fmt::format("offset {}", backing.offset),
                   fmt::format("a multiple of {}", page_bytes));
        }
    }
    command.backing = std::move(backing);
    command.sharing = line.words.next_row(sharing_table).sharing;
}

void read_shared_memory(const ProcessLine& line, MapCommand& command) {
    command.backing = SharedMemoryBacking{line.words.next_name("an object of shared memory")};
    constexpr std::array<std::string_view, 1> only_shared{"shared"};
    line.words.next_index(only_shared, "");
    command.sharing = sw::Sharing::shared;
}

struct BackingRow {
    std::string_view word;
    void (*read)(const ProcessLine& line, MapCommand& command);
    std::size_t clauses;  ///< how many of map_clauses it takes
};

constexpr std::array<BackingRow, 3> backing_table{
    {{.word = "anon", .read = read_anonymous, .clauses = 5},
     {.word = "file", .read = read_file_backing, .clauses = 3},
     {.word = "shm", .read = read_shared_memory, .clauses = 3}}};

[[nodiscard]] ScriptCommand read_map(const ProcessLine& line) {
    MapCommand command{.process = line.process};
    command.region = line.words.next_name("a name for the region");
    line.names.map(line.process, command.region);
    command.bytes = line.words.next_size("the size of the region");
    const BackingRow& backing = line.words.next_row(backing_table);
    backing.read(line, command);
    command.rights = next_rights(line.words);
    read_clauses(line.words, std::span(map_clauses).first(backing.clauses), command);
    return command;
}

[[nodiscard]] ScriptCommand read_unmap(const ProcessLine& line) {
    UnmapCommand command{next_target(line)};
    command.target.part = take_part(line.words);
    if (!command.target.part) {
        line.names.unmap(line.process, command.target.region);
    }
    return command;
}

[[nodiscard]] ScriptCommand read_protect(const ProcessLine& line) {
    ProtectCommand command{.target = next_target(line)};
    command.rights = next_rights(line.words);
    command.target.part = take_part(line.words);
    return command;
}

[[nodiscard]] ScriptCommand read_move(const ProcessLine& line) {
    MoveCommand command{.target = next_target(line)};
    if (line.words.take("at")) {
        command.at = line.words.next_address();
    }
    return command;
}

[[nodiscard]] ScriptCommand read_grow(const ProcessLine& line) {
    GrowCommand command{.target = next_target(line)};
    command.bytes = line.words.next_size("the new size of the region");
    return command;
}

[[nodiscard]] ScriptCommand read_brk(const ProcessLine& line) {
    line.names.set_heap(line.process, std::string(heap_region));
    return HeapCommand{.process = line.process,
                       .bytes = line.words.next_size("the new size of the heap")};
}

[[nodiscard]] ScriptCommand read_lock(const ProcessLine& line) {
    return LockCommand{.target = next_target(line), .locked = true};
}

[[nodiscard]] ScriptCommand read_unlock(const ProcessLine& line) {
    return LockCommand{.target = next_target(line), .locked = false};
}

[[nodiscard]] ScriptCommand read_sync(const ProcessLine& line) {
    SyncRegionCommand command{next_target(line)};
    command.target.part = take_part(line.words);
    return command;
}

[[nodiscard]] ScriptCommand read_advise(const ProcessLine& line) {
    AdviseCommand command{.target = next_target(line)};
    command.advice = line.words.next_enumerator<sw::Advice>();
    command.target.part = take_part(line.words);
    return command;
}

// ---- processes

[[nodiscard]] ScriptCommand read_fork(const ProcessLine& line) {
    ForkCommand command{.parent = line.process,
                        .child = line.words.next_name("a name for the child")};
    line.names.fork(command.parent, command.child);
    return command;
}

[[nodiscard]] ScriptCommand read_exec(const ProcessLine& line) {
    line.names.exec(line.process);
    return ExecCommand{.process = line.process, .path = next_path(line)};
}

[[nodiscard]] ScriptCommand read_exit(const ProcessLine& line) {
    line.names.exit(line.process);
    return ExitCommand{line.process};
}

// ---- accesses

void read_count(ScriptWords& words, RegionAccesses& accesses) {
    accesses.count = words.next_count("how many accesses");
}

void read_step(ScriptWords& words, RegionAccesses& accesses) {
    accesses.step_bytes = words.next_size("bytes from one access to the next");
    if (*accesses.step_bytes == 0) {
        refuse("step 0", "at least 1 byte from one access to the next");
    }
}

void read_repeat(ScriptWords& words, RegionAccesses& accesses) {
    accesses.repeat = words.next_count("how many times");
}

constexpr std::array<ScriptClause<RegionAccesses>, 3> access_clauses{
    {{"count", read_count}, {"step", read_step}, {"repeat", read_repeat}}};

template <AccessType type>
[[nodiscard]] ScriptCommand read_access(const ProcessLine& line) {
    AccessCommand command{.process = line.process, .type = type};
    if (line.words.number_follows()) {
        command.where = line.words.next_address();
        return command;
    }
    RegionAccesses accesses{.region = line.words.next_name("a region or an address")};
    line.names.use_region(line.process, accesses.region);
    accesses.offset = line.words.take_offset();
    read_clauses<RegionAccesses>(line.words, access_clauses, accesses);
    command.where = std::move(accesses);
    return command;
}

[[nodiscard]] ScriptCommand read_trace(const ProcessLine& line) {
    TraceCommand command{.process = line.process, .path = next_path(line)};
    if (line.words.take("limit")) {
        command.limit = line.words.next_number("how many accesses");
    } else if (line.words.take("next")) {
        command.next = line.words.next_count("how many accesses");
    }
    return command;
}

struct Verb {
    std::string_view word;
    ScriptCommand (*read)(const ProcessLine& line);
};

constexpr std::array<Verb, 17> verbs{{{.word = "map", .read = read_map},
                                      {.word = "unmap", .read = read_unmap},
                                      {.word = "protect", .read = read_protect},
                                      {.word = "move", .read = read_move},
                                      {.word = "grow", .read = read_grow},
                                      {.word = "brk", .read = read_brk},
                                      {.word = "lock", .read = read_lock},
                                      {.word = "unlock", .read = read_unlock},
                                      {.word = "sync", .read = read_sync},
                                      {.word = "advise", .read = read_advise},
                                      {.word = "fork", .read = read_fork},
                                      {.word = "exec", .read = read_exec},
                                      {.word = "exit", .read = read_exit},
                                      {.word = "read", .read = read_access<AccessType::read>},
                                      {.word = "write", .read = read_access<AccessType::write>},
                                      {.word = "fetch", .read = read_access<AccessType::fetch>},
                                      {.word = "trace", .read = read_trace}}};

}  // namespace

bool is_verb(std::string_view word) {
    return std::any_of(verbs.begin(), verbs.end(),
                       [&](const Verb& verb) { return verb.word == word; });
}

ScriptCommand read_verb(const std::string& process, ScriptWords& words, ScriptNames& names,
                        const std::filesystem::path& directory) {
    const ProcessLine line{
        .process = process, .words = words, .names = names, .directory = directory};
    ScriptCommand command = words.next_row(verbs).read(line);
    words.expect_end();
    return command;
}

}  // namespace mmusim::tb
