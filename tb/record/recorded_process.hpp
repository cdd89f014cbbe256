// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/record/program_start.hpp"
#include "tb/record/recorded_files.hpp"
#include "tb/record/recorded_regions.hpp"
#include "tb/record/system_call_table.hpp"
#include "tb/record/touched_memory.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mmusim::tb {

/// A file that a call maps.
struct RecordedFile {
    std::string path;
    std::uint64_t bytes = 0;
};

/// What one process does to its address space, as lines of a script.
class RecordedProcess {
  public:
    /// The files outlive the process.
    RecordedProcess(std::string name, RecordedFiles& files)
        : name_(std::move(name)), files_(&files) {}

    [[nodiscard]] const std::string& name() const { return name_; }

    /// The lines of its regions at the beginning. `file_bytes(path)` is the size of a file.
    [[nodiscard]] std::string begin(
        const ProgramStart& start,
        const std::function<std::uint64_t(const std::string& path)>& file_bytes);

    /// The lines of a call that has succeeded; none if it changes nothing that a script knows.
    [[nodiscard]] std::string call(MemoryCall kind, const SystemCall& call,
                                   const std::optional<RecordedFile>& file);

    /// Its address space for a child.
    [[nodiscard]] RecordedProcess copy(std::string name) const;

    /// Addresses from here on were never in use.
    [[nodiscard]] std::uint64_t highest_end() const { return highest_end_; }

  private:
    using Arguments = std::array<std::uint64_t, 6>;

    void set_heap_start(VirtualAddress start);
    [[nodiscard]] std::string map_start_region(const StartRegion& region,
                                               const std::string& region_name,
                                               std::uint64_t file_bytes);
    [[nodiscard]] std::string map(const Arguments& arguments, std::uint64_t address,
                                  const std::optional<RecordedFile>& file);
    [[nodiscard]] std::string unmap(AddressSpan span);
    [[nodiscard]] std::string remap(const Arguments& arguments, std::uint64_t address);
    [[nodiscard]] std::string move(const RegionReference& from, AddressSpan old_span,
                                   AddressSpan new_span);
    [[nodiscard]] std::string resize(const RegionReference& region, AddressSpan old_span,
                                     std::uint64_t bytes);
    [[nodiscard]] std::string set_heap(std::uint64_t end);
    [[nodiscard]] std::string map_anonymous(const std::string& region, AddressSpan span);
    /// A line about these addresses: the verb, the region, `what`, and which part is meant.
    [[nodiscard]] std::string about(AddressSpan span, std::string_view verb,
                                    std::string_view what = {}) const;

    [[nodiscard]] std::string next_region_name();
    void place(const std::string& region, AddressSpan span);

    std::string name_;
    RecordedFiles* files_;
    RecordedRegions regions_;
    std::uint64_t regions_named_ = 0;
    AddressSpan heap_;
    std::uint64_t highest_end_ = 0;
};

}  // namespace mmusim::tb
