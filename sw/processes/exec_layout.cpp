// SPDX-License-Identifier: Apache-2.0
#include "sw/processes/exec_layout.hpp"

#include "hw/base/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace mmusim::sw {

namespace {

constexpr Rights read_write{.read = true, .write = true};

// What the stack has below the page of the arguments (setup_arg_pages in fs/exec.c).
constexpr std::uint64_t stack_expansion = std::uint64_t{128} << 10U;

constexpr VirtualAddress page_start(VirtualAddress address) {
    return {address.value - address.page_offset()};
}

constexpr VirtualAddress page_end(VirtualAddress address) {
    return page_start(address + (page_bytes - 1));
}

// What a file occupies, as linked.
VirtualAddress first_page_of(const ElfImage& image) {
    return page_start(image.segments.front().start);
}

std::uint64_t whole_bytes_of(const ElfImage& image) {
    return page_end(image.segments.back().end()).value - first_page_of(image).value;
}

std::uint64_t alignment_of(const ElfImage& image) {
    std::uint64_t alignment = page_bytes;
    for (const ElfSegment& segment : image.segments) {
        alignment = std::max(alignment, segment.alignment_bytes);
    }
    return alignment;
}

// Who maps a segment: they give different rights to the zeros behind the file's bytes.
enum class Mapper : std::uint8_t { kernel, dynamic_linker };

/// A file in its place: addresses are `bias` above those that were linked, modulo 2^64.
struct PlacedFile {
    const ElfFile& file;
    std::uint64_t bias = 0;

    [[nodiscard]] VirtualAddress address(VirtualAddress linked) const { return linked + bias; }
};

class LayoutMaker {
  public:
    explicit LayoutMaker(const ExecOptions& options) : places_(choose_places(options)) {}

    [[nodiscard]] ExecLayout lay_out(const ProgramFiles& files, std::uint64_t stack_limit_bytes) {
        map_stack(files.program.image.executable_stack, stack_limit_bytes);
        const PlacedFile program = map_program(files);
        layout_.entry = program.address(files.program.image.entry);
        note_code(program);
        note_heap(program, files.interpreter.has_value());
        if (files.interpreter) {
            link(program, *files.interpreter, files.libraries);
        } else if (files.program.image.placement == ElfPlacement::anywhere) {
            note_relocations(program);
        }
        protect_relocated(program);
        note_written_pages();
        layout_.regions = map_.all();
        return std::move(layout_);
    }

  private:
    void map_stack(bool executable, std::uint64_t limit_bytes) {
        const std::uint64_t limit = limit_bytes / page_bytes * page_bytes;
        const std::uint64_t bytes =
            std::max(page_bytes, std::min(limit, page_bytes + stack_expansion));
        const VirtualAddress end = places_.stack_end;
        Region stack{.start = {end.value - bytes}, .end = end, .rights = read_write};
        stack.rights.execute = executable;
        stack.grows_down = true;
        map_.insert(stack);
        writes_.push_back({end.value - 1});
    }

    [[nodiscard]] PlacedFile map_program(const ProgramFiles& files) {
        const ElfImage& image = files.program.image;
        PlacedFile placed{.file = files.program};
        if (image.placement == ElfPlacement::anywhere) {
            const VirtualAddress base = files.interpreter
                                            ? places_.program_base
                                            : highest_gap(files.program, whole_bytes_of(image));
            placed.bias =
                base.value / alignment_of(image) * alignment_of(image) - first_page_of(image).value;
        }
        map_by_kernel(placed);
        return placed;
    }

    void link(const PlacedFile& program, const ElfFile& interpreter,
              const std::vector<ElfFile>& libraries) {
        const PlacedFile linker = map_interpreter(interpreter);
        layout_.entry = linker.address(interpreter.image.entry);
        note_relocations(linker);
        std::vector<PlacedFile> placed;
        placed.reserve(libraries.size());
        for (const ElfFile& library : libraries) {
            placed.push_back(map_library(library));
        }
        // ld.so relocates those first that it mapped last.
        std::for_each(placed.rbegin(), placed.rend(),
                      [this](const PlacedFile& library) { note_relocations(library); });
        note_relocations(program);
        protect_relocated(linker);
        for (const PlacedFile& library : placed) {
            protect_relocated(library);
        }
    }

    [[nodiscard]] PlacedFile map_interpreter(const ElfFile& interpreter) {
        PlacedFile placed{.file = interpreter};
        if (interpreter.image.placement == ElfPlacement::anywhere) {
            placed.bias = highest_gap(interpreter, whole_bytes_of(interpreter.image)).value -
                          first_page_of(interpreter.image).value;
        }
        map_by_kernel(placed);
        return placed;
    }

    // load_elf_binary and load_elf_interp: each segment for itself; what is between them stays
    // free.
    void map_by_kernel(const PlacedFile& placed) {
        const ElfImage& image = placed.file.image;
        const VirtualAddress start = placed.address(first_page_of(image));
        const VirtualAddress end = start + whole_bytes_of(image);
        const bool fits = lowest_mapping <= start && start < end && end <= places_.window_end;
        if (!fits || !map_.free({start, end})) {
            throw InputError(fmt::format(
                "{}: found segments of [{}, {}), expected some in [{}, {}), apart from the stack "
                "and from other files",
                placed.file.path, start, end, lowest_mapping, places_.window_end));
        }
        for (const ElfSegment& segment : image.segments) {
            map_segment(placed, segment, Mapper::kernel);
        }
    }

    // _dl_map_segments: the whole library at once, so that nothing else gets between its segments,
    // and then the segments over it.
    [[nodiscard]] PlacedFile map_library(const ElfFile& library) {
        const ElfImage& image = library.image;
        if (image.placement == ElfPlacement::fixed) {
            throw InputError(
                fmt::format("{}: found a program at fixed addresses (ET_EXEC), "
                            "expected a library (ET_DYN)",
                            library.path));
        }
        const std::uint64_t bytes = whole_bytes_of(image);
        const std::uint64_t alignment = alignment_of(image);
        VirtualAddress start;
        if (alignment == page_bytes) {
            start = highest_gap(library, bytes);
        } else {
            start = highest_gap(library, std::max(bytes, alignment) + alignment);
            start.value = (start.value + alignment - 1) / alignment * alignment;
        }
        const PlacedFile placed{.file = library, .bias = start.value - first_page_of(image).value};
        map_file_pages(placed, start, start + bytes, {}, image.segments.front().file_offset);
        for (const ElfSegment& segment : image.segments) {
            map_segment(placed, segment, Mapper::dynamic_linker);
        }
        return placed;
    }

    void map_segment(const PlacedFile& placed, const ElfSegment& segment, Mapper mapper) {
        const VirtualAddress start = page_start(placed.address(segment.start));
        const VirtualAddress file_end = placed.address(segment.file_end());
        VirtualAddress zeros_start = start;
        if (segment.file_bytes > 0) {
            zeros_start = page_end(file_end);
            map_file_pages(placed, start, zeros_start, segment.rights, segment.file_offset);
        }
        if (segment.file_bytes > 0 && segment.memory_bytes > segment.file_bytes &&
            file_end < zeros_start) {
            writes_.push_back(file_end);
        }
        const VirtualAddress zeros_end = page_end(placed.address(segment.end()));
        if (zeros_start < zeros_end) {
            Rights rights = segment.rights;
            if (mapper == Mapper::kernel) {  // vm_brk_flags
                rights.read = true;
                rights.write = true;
            }
            map_over({.start = zeros_start, .end = zeros_end, .rights = rights});
        }
    }

    void map_file_pages(const PlacedFile& placed, VirtualAddress start, VirtualAddress end,
                        Rights rights, std::uint64_t file_offset) {
        Region region{.start = start, .end = end, .rights = rights};
        region.object = placed.file.object;
        region.object_page = file_offset / page_bytes;
        map_over(region);
    }

    // MAP_FIXED
    void map_over(const Region& region) {
        map_.remove({region.start, region.end});
        map_.insert(region);
    }

    // Where a mapping of so many bytes comes to lie: as high as there is room.
    [[nodiscard]] VirtualAddress highest_gap(const ElfFile& file, std::uint64_t bytes) const {
        VirtualAddress end = places_.mapping_end;
        std::vector<Region> downwards = map_.in({lowest_mapping, end});
        std::reverse(downwards.begin(), downwards.end());
        for (const Region& region : downwards) {
            if (end.value - region.end.value >= bytes) {
                return {end.value - bytes};
            }
            end = region.start;
        }
        if (end.value - lowest_mapping.value < bytes) {
            throw InputError(
                fmt::format("{}: found no room for {:#x} bytes below {}, expected some", file.path,
                            bytes, places_.mapping_end));
        }
        return {end.value - bytes};
    }

    void note_code(const PlacedFile& program) {
        const std::vector<ElfSegment>& segments = program.file.image.segments;
        const auto is_code = [](const ElfSegment& segment) { return segment.rights.execute; };
        const auto first = std::find_if(segments.begin(), segments.end(), is_code);
        const auto last = std::find_if(segments.rbegin(), segments.rend(), is_code);
        if (first != segments.end()) {
            layout_.code_start = program.address(first->start);
            layout_.code_end = program.address(last->file_end());
        }
    }

    void note_heap(const PlacedFile& program, bool has_interpreter) {
        const ElfImage& image = program.file.image;
        const bool is_loader = image.placement == ElfPlacement::anywhere && !has_interpreter;
        VirtualAddress base = places_.loader_heap;
        if (!is_loader) {
            base = program.address(image.segments.back().end());
            base.value += places_.randomised ? page_bytes : 0;
        }
        layout_.heap_start = page_end(base) + places_.heap_gap_bytes;
    }

    void note_relocations(const PlacedFile& placed) {
        for (const VirtualPageNumber page : placed.file.image.linkage.relocated_pages) {
            writes_.push_back(placed.address(page.address()));
        }
    }

    // _dl_protect_relro
    void protect_relocated(const PlacedFile& placed) {
        const std::optional<ElfSpan>& relocated = placed.file.image.read_only_after_relocation;
        if (!relocated) {
            return;
        }
        const PageSpan span{page_start(placed.address(relocated->start)),
                            page_start(placed.address(relocated->start) + relocated->bytes)};
        if (span.start >= span.end) {
            return;
        }
        if (!map_.covers(span)) {
            throw InputError(
                fmt::format("{}: found [{}, {}) to be made read-only (PT_GNU_RELRO), "
                            "expected a part of the segments",
                            placed.file.path, span.start, span.end));
        }
        layout_.read_only_spans.push_back(span);
    }

    // A page that nobody may write stays as it is: Linux ignores it, ld.so would lift the
    // protection for a moment.
    void note_written_pages() {
        std::set<VirtualPageNumber> known;
        for (const VirtualAddress address : writes_) {
            const std::optional<Region> region = map_.find(address);
            const VirtualPageNumber page = page_number_of(address);
            if (region && region->rights.write && known.insert(page).second) {
                layout_.written_pages.push_back(page);
            }
        }
    }

    ExecPlaces places_;
    RegionMap map_;
    std::vector<VirtualAddress> writes_;
    ExecLayout layout_;
};

}  // namespace

ExecLayout lay_out(const ProgramFiles& files, const ExecOptions& options) {
    return LayoutMaker(options).lay_out(files, options.stack_limit_bytes);
}

}  // namespace mmusim::sw
