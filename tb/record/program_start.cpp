// SPDX-License-Identifier: Apache-2.0
#include "tb/record/program_start.hpp"

#include "hw/base/problems.hpp"
#include "tb/record/recording_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace mmusim::tb {

namespace {

constexpr std::string_view layout_title = "page layout changed following binary load";

/// Takes texts apart, from their beginning on.
class Words {
  public:
    explicit Words(std::string_view text) : rest_(text) {}

    /// The next word, empty at the end.
    std::string_view next() {
        skip_blanks();
        const std::string_view word = rest_.substr(0, rest_.find_first_of(" \t"));
        rest_.remove_prefix(word.size());
        return word;
    }
    /// All that is left, blanks within it too.
    [[nodiscard]] std::string_view rest() {
        skip_blanks();
        return rest_;
    }

  private:
    void skip_blanks() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
    }

    std::string_view rest_;
};

/// The next line, which is taken away.
std::string_view take_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line;
}

[[nodiscard]] std::optional<std::uint64_t> parse_hexadecimal(std::string_view text) {
    if (text.starts_with("0x")) {
        text.remove_prefix(2);
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(value) : std::nullopt;
}

struct Span {
    std::uint64_t start = 0;
    std::uint64_t end = 0;
};

/// `START-END`
[[nodiscard]] std::optional<Span> parse_span(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto start = parse_hexadecimal(text.substr(0, dash));
    const auto end = parse_hexadecimal(text.substr(dash + 1));
    return start && end && *start < *end ? std::optional(Span{*start, *end}) : std::nullopt;
}

/// A line of /proc/self/maps: `START-END RIGHTS OFFSET DEVICE INODE PATH`.
struct HostMapping {
    Span span;
    std::string_view file;  ///< empty if it shows none
    std::uint64_t offset = 0;
};

[[nodiscard]] std::optional<HostMapping> parse_host_mapping(std::string_view line) {
    Words words(line);
    const auto span = parse_span(words.next());
    words.next();
    const auto offset = parse_hexadecimal(words.next());
    words.next();
    words.next();
    const std::string_view name = words.rest();
    if (!span || !offset) {
        return std::nullopt;
    }
    // Names of what is no file stand in brackets.
    return HostMapping{.span = *span,
                       .file = name.starts_with('/') ? name : std::string_view{},
                       .offset = *offset};
}

/// One of the lines `start_stack 0x…`, which stand below the pages.
[[nodiscard]] VirtualAddress fact_of(std::string_view log, std::string_view name) {
    while (!log.empty()) {
        Words words(take_line(log));
        if (words.next() == name) {
            if (const auto value = parse_hexadecimal(words.next())) {
                return {*value};
            }
        }
    }
    throw InputError(
        fmt::format("QEMU says nothing of {} before the program, expected its address", name));
}

[[nodiscard]] sw::Rights parse_rights(std::string_view text) {
    return {.read = text.find('r') != std::string_view::npos,
            .write = text.find('w') != std::string_view::npos,
            .execute = text.find('x') != std::string_view::npos};
}

class RegionList {
  public:
    explicit RegionList(std::string_view host_mappings, std::uint64_t guest_base) {
        while (!host_mappings.empty()) {
            if (auto mapping = parse_host_mapping(take_line(host_mappings))) {
                mapping->span.start -= guest_base;
                mapping->span.end -= guest_base;
                host_mappings_.push_back(*mapping);
            }
        }
    }

    void add(Span span, sw::Rights rights);
    [[nodiscard]] std::vector<StartRegion> take() { return std::move(regions_); }

  private:
    void append(const StartRegion& region);

    std::vector<HostMapping> host_mappings_;
    std::vector<StartRegion> regions_;
};

// What the host maps at a program's pages says which file they show.
void RegionList::add(Span span, sw::Rights rights) {
    for (const HostMapping& mapping : host_mappings_) {
        const std::uint64_t start = std::max(span.start, mapping.span.start);
        const std::uint64_t end = std::min(span.end, mapping.span.end);
        if (start < end) {
            const std::uint64_t skipped = start - mapping.span.start;
            append({.start = {start},
                    .end = {end},
                    .rights = rights,
                    .file = std::string(mapping.file),
                    .offset_bytes = mapping.file.empty() ? 0 : mapping.offset + skipped});
        }
    }
}

// QEMU protects some pages against itself, so the host may have cut what is one for the program.
void RegionList::append(const StartRegion& region) {
    if (!regions_.empty()) {
        StartRegion& last = regions_.back();
        const std::uint64_t last_bytes = last.end.value - last.start.value;
        const bool goes_on =
            region.file.empty() || region.offset_bytes == last.offset_bytes + last_bytes;
        if (last.end == region.start && last.rights == region.rights && last.file == region.file &&
            goes_on) {
            last.end = region.end;
            return;
        }
    }
    regions_.push_back(region);
}

}  // namespace

ProgramStart read_program_start(std::string_view page_log, std::string_view host_mappings,
                                std::uint64_t guest_base) {
    const std::size_t title = page_log.find(layout_title);
    if (title == std::string_view::npos) {
        throw InputError(
            fmt::format("QEMU says nothing of the program's pages, expected \"{}\"", layout_title));
    }
    page_log.remove_prefix(title);
    ProgramStart start{.regions = {},
                       .stack_pointer = fact_of(page_log, "start_stack"),
                       .data_end = fact_of(page_log, "end_data"),
                       .heap_start = fact_of(page_log, "brk")};
    RegionList regions(host_mappings, guest_base);
    take_line(page_log);
    take_line(page_log);
    // The last page of x86-64's address space is no place for a program.
    for (auto span = std::optional<Span>(Span{}); span;) {
        Words words(take_line(page_log));
        span = parse_span(words.next());
        words.next();
        if (span && span->end <= guest_address_end) {
            regions.add(*span, parse_rights(words.next()));
        }
    }
    start.regions = regions.take();
    return start;
}

}  // namespace mmusim::tb
