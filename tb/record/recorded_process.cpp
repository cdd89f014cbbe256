// SPDX-License-Identifier: Apache-2.0
#include "tb/record/recorded_process.hpp"

#include "hw/base/types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace mmusim::tb {

namespace {

[[nodiscard]] constexpr std::uint64_t whole_pages(std::uint64_t bytes) {
    return (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

[[nodiscard]] constexpr AddressSpan span_of(std::uint64_t start, std::uint64_t bytes) {
    return {.start = start, .end = start + whole_pages(bytes)};
}

[[nodiscard]] std::string size_text(std::uint64_t bytes) {
    return fmt::format("{}KiB", bytes / 1024);
}

// A script knows the rights that programs have; a processor that can write a page reads it too.
[[nodiscard]] std::string_view rights_text(sw::Rights rights) {
    if (rights.write) {
        return rights.execute ? "rwx" : "rw";
    }
    if (rights.execute) {
        return "rx";
    }
    return rights.read ? "r" : "none";
}

/// The argument `prot` of mmap and mprotect.
[[nodiscard]] sw::Rights rights_of(std::uint64_t protection) {
    return {.read = (protection & 1U) != 0,
            .write = (protection & 2U) != 0,
            .execute = (protection & 4U) != 0};
}

// Of the argument `flags` of mmap, the same for both machines.
constexpr std::uint64_t shared_flag = 0x1;
struct FlagRow {
    std::uint64_t flag;
    std::string_view clause;
};
constexpr std::array<FlagRow, 3> clauses_of_anonymous{
    {{0x100, " growsdown"}, {0x2000, " locked"}, {0x8000, " populate"}}};

[[nodiscard]] std::string clauses_of(std::uint64_t flags, bool is_file) {
    std::string text;
    for (const FlagRow& row : std::span(clauses_of_anonymous).subspan(is_file ? 1 : 0)) {
        if ((flags & row.flag) != 0) {
            text += row.clause;
        }
    }
    return text;
}

struct AdviceRow {
    std::uint64_t number;
    std::string_view word;
};
// What else there is changes no mapping.
constexpr std::array<AdviceRow, 9> advice_table{{{0, "normal"},
                                                 {1, "random"},
                                                 {2, "sequential"},
                                                 {3, "willneed"},
                                                 {4, "dontneed"},
                                                 {8, "free"},
                                                 {14, "hugepage"},
                                                 {15, "nohugepage"},
                                                 {21, "pageout"}}};

[[nodiscard]] std::optional<std::string_view> advice_text(std::uint64_t number) {
    const auto* const found =
        std::find_if(advice_table.begin(), advice_table.end(),
                     [&](const AdviceRow& row) { return row.number == number; });
    return found == advice_table.end() ? std::nullopt : std::optional(found->word);
}

}  // namespace

std::string RecordedProcess::begin(
    const ProgramStart& start,
    const std::function<std::uint64_t(const std::string& path)>& file_bytes) {
    std::string lines;
    for (const StartRegion& region : start.regions) {
        const bool is_stack =
            region.start <= start.stack_pointer && start.stack_pointer < region.end;
        const std::uint64_t bytes_of_file = region.file.empty() ? 0 : file_bytes(region.file);
        lines += map_start_region(region, is_stack ? "stack" : next_region_name(), bytes_of_file);
    }
    set_heap_start(start.heap_start);
    return lines;
}

void RecordedProcess::set_heap_start(VirtualAddress start) {
    const std::uint64_t first_page = whole_pages(start.value);
    heap_ = {.start = first_page, .end = first_page};
}

RecordedProcess RecordedProcess::copy(std::string name) const {
    RecordedProcess child = *this;
    child.name_ = std::move(name);
    return child;
}

std::string RecordedProcess::map_start_region(const StartRegion& region,
                                              const std::string& region_name,
                                              std::uint64_t file_bytes) {
    const AddressSpan span{.start = region.start.value, .end = region.end.value};
    place(region_name, span);
    const std::string backing =
        region.file.empty()
            ? "anon"
            : fmt::format("file {} offset {}", files_->name_of(region.file, file_bytes),
                          size_text(region.offset_bytes));
    return fmt::format("{} map {} {} {} private {} at {:#x}\n", name_, region_name,
                       size_text(span.bytes()), backing, rights_text(region.rights), span.start);
}

std::string RecordedProcess::call(MemoryCall kind, const SystemCall& call,
                                  const std::optional<RecordedFile>& file) {
    const Arguments& arguments = call.arguments;
    const auto result = static_cast<std::uint64_t>(call.result);
    const AddressSpan span = span_of(arguments[0], arguments[1]);
    switch (kind) {
        case MemoryCall::none:
        case MemoryCall::execute: return {};
        case MemoryCall::map: return map(arguments, result, file);
        case MemoryCall::unmap: return unmap(span);
        case MemoryCall::protect:
            return about(span, "protect", rights_text(rights_of(arguments[2])));
        case MemoryCall::remap: return remap(arguments, result);
        case MemoryCall::advise: {
            const auto advice = advice_text(arguments[2]);
            return advice ? about(span, "advise", *advice) : std::string();
        }
        case MemoryCall::set_heap: return set_heap(result);
        case MemoryCall::sync: return about(span, "sync");
    }
    return {};
}

std::string RecordedProcess::map(const Arguments& arguments, std::uint64_t address,
                                 const std::optional<RecordedFile>& file) {
    const std::uint64_t flags = arguments[3];
    const AddressSpan span = span_of(address, arguments[1]);
    const std::string region = next_region_name();
    place(region, span);
    const std::string backing =
        file ? fmt::format("file {} offset {}", files_->name_of(file->path, file->bytes),
                           size_text(arguments[5]))
             : "anon";
    return fmt::format("{} map {} {} {} {} {} at {:#x}{}\n", name_, region, size_text(span.bytes()),
                       backing, (flags & shared_flag) != 0 ? "shared" : "private",
                       rights_text(rights_of(arguments[2])), address,
                       clauses_of(flags, file.has_value()));
}

std::string RecordedProcess::unmap(AddressSpan span) {
    // Told when it is called, so it may be one that Linux refuses.
    if (span.start % page_bytes != 0 || span.end < span.start) {
        return {};
    }
    std::string line = about(span, "unmap");
    regions_.unmap(span);
    return line;
}

std::string RecordedProcess::remap(const Arguments& arguments, std::uint64_t address) {
    const AddressSpan old_span = span_of(arguments[0], arguments[1]);
    const AddressSpan new_span = span_of(address, arguments[2]);
    const std::optional<RegionReference> from = regions_.find(old_span);
    if (!from || old_span.bytes() == 0) {
        // A second place for shared memory, which a script has no word for.
        return map_anonymous(next_region_name(), new_span);
    }
    return address == old_span.start ? resize(*from, old_span, new_span.bytes())
                                     : move(*from, old_span, new_span);
}

std::string RecordedProcess::move(const RegionReference& from, AddressSpan old_span,
                                  AddressSpan new_span) {
    if (!from.whole) {
        // A script moves whole regions only, so what a part holds does not come along.
        std::string lines = unmap(old_span);
        return lines + map_anonymous(next_region_name(), new_span);
    }
    std::string lines;
    if (new_span.bytes() < old_span.bytes()) {
        lines += resize(from, old_span, new_span.bytes());
    }
    regions_.move(from.region, new_span.start);
    lines += fmt::format("{} move {} at {:#x}\n", name_, from.region, new_span.start);
    if (new_span.bytes() > old_span.bytes()) {
        lines += resize(from, {.start = new_span.start, .end = new_span.start + old_span.bytes()},
                        new_span.bytes());
    }
    highest_end_ = std::max(highest_end_, new_span.end);
    return lines;
}

std::string RecordedProcess::resize(const RegionReference& region, AddressSpan old_span,
                                    std::uint64_t bytes) {
    const AddressSpan new_span{.start = old_span.start, .end = old_span.start + bytes};
    if (bytes == old_span.bytes()) {
        return {};
    }
    if (region.whole) {
        regions_.resize(region.region, bytes);
        highest_end_ = std::max(highest_end_, new_span.end);
        return fmt::format("{} grow {} {}\n", name_, region.region, size_text(bytes));
    }
    if (bytes < old_span.bytes()) {
        return unmap({.start = new_span.end, .end = old_span.end});
    }
    return map_anonymous(next_region_name(), {.start = old_span.end, .end = new_span.end});
}

std::string RecordedProcess::set_heap(std::uint64_t end) {
    const AddressSpan old = heap_;
    heap_.end = std::max(whole_pages(end), heap_.start);
    if (old.end == heap_.end) {
        return {};
    }
    const std::string region = "heap";
    if (old.bytes() == 0) {
        return map_anonymous(region, heap_);
    }
    if (heap_.bytes() == 0) {
        return unmap(old);
    }
    return resize({.region = region, .offset = 0, .bytes = old.bytes(), .whole = true}, old,
                  heap_.bytes());
}

std::string RecordedProcess::map_anonymous(const std::string& region, AddressSpan span) {
    place(region, span);
    return fmt::format("{} map {} {} anon private rw at {:#x}\n", name_, region,
                       size_text(span.bytes()), span.start);
}

std::string RecordedProcess::about(AddressSpan span, std::string_view verb,
                                   std::string_view what) const {
    const std::optional<RegionReference> region = regions_.find(span);
    if (!region) {
        return {};
    }
    const std::string part =
        region->whole ? "" : fmt::format(" +{:#x} {}", region->offset, size_text(region->bytes));
    const std::string_view blank = what.empty() ? "" : " ";
    return fmt::format("{} {} {}{}{}{}\n", name_, verb, region->region, blank, what, part);
}

std::string RecordedProcess::next_region_name() {
    ++regions_named_;
    return fmt::format("m{}", regions_named_);
}

void RecordedProcess::place(const std::string& region, AddressSpan span) {
    regions_.map(region, span);
    highest_end_ = std::max(highest_end_, span.end);
}

}  // namespace mmusim::tb
