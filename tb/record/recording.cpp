// SPDX-License-Identifier: Apache-2.0
#include "tb/record/recording.hpp"

#include "hw/base/problems.hpp"
#include "hw/paging/format.hpp"
#include "tb/record/touched_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>

namespace mmusim::tb {

namespace {

[[noreturn]] void fail() {
    throw InputError(
        "the recorder inside QEMU and this program do not understand each other, "
        "expected both of one build");
}

[[nodiscard]] std::string text_of(std::span<const std::uint64_t> words) {
    if (words.empty() || text_words(words.front()) != words.size()) {
        fail();
    }
    std::string text(words.front(), '\0');
    std::memcpy(text.data(), words.data() + 1, text.size());
    return text;
}

/// The words of an event that has so many.
template <std::size_t count>
[[nodiscard]] std::span<const std::uint64_t, count> exactly(std::span<const std::uint64_t> words) {
    if (words.size() != count) {
        fail();
    }
    return words.first<count>();
}

/// The smallest paging mode that has these addresses.
[[nodiscard]] hw::PagingMode mode_for(std::uint64_t end) {
    const bool small = end <= hw::format_of(hw::PagingMode::sv39).user_half_end().value;
    return small ? hw::PagingMode::sv39 : hw::PagingMode::sv48;
}

constexpr std::size_t call_words = 10;

}  // namespace

Recording::Recording(RecordingSettings settings) : settings_(std::move(settings)) {}

void Recording::take(std::span<const std::uint64_t> packet) {
    if (packet.empty()) {
        fail();
    }
    const ProcessNumber number = packet.front();
    packet = packet.subspan(1);
    while (!packet.empty() && !full()) {
        const std::uint64_t word = packet.front();
        packet = packet.subspan(1);
        if (is_event(word)) {
            const std::size_t count = event_words(word);
            if (count > packet.size()) {
                fail();
            }
            take_event(number, event_kind(word), packet.first(count));
            packet = packet.subspan(count);
        } else if (processes_.contains(number)) {
            take_turn(number);
            take_access(access_of(word));
        }
    }
    hand_on();
}

void Recording::take_access(const Access& access) {
    if (full()) {
        return;
    }
    batch_.push_back(access);
    ++accesses_;
    ++turn_accesses_;
    highest_end_ = std::max(highest_end_, access.address.value + access.size_bytes);
}

void Recording::take_event(ProcessNumber number, EventKind kind,
                           std::span<const std::uint64_t> words) {
    switch (kind) {
        case EventKind::page_layout:
        case EventKind::host_mappings:
        case EventKind::file_path: texts_[number][kind] += text_of(words); break;
        case EventKind::begin: begin(number, exactly<1>(words).front()); break;
        case EventKind::call: take_call(number, words); break;
        case EventKind::forking: make_child(number, exactly<1>(words).front()); break;
        case EventKind::forked: {
            const auto who = exactly<2>(words);
            const auto child = children_.extract({who[0], who[1]});
            if (!child.empty()) {
                processes_.insert_or_assign(number, std::move(child.mapped()));
            }
            break;
        }
        case EventKind::end: end(number); break;
        default: fail();
    }
}

void Recording::begin(ProcessNumber number, std::uint64_t guest_base) {
    const Texts texts = std::exchange(texts_[number], {});
    if (begun_ || texts.size() != 2) {
        fail();
    }
    begun_ = true;
    const ProgramStart start = read_program_start(texts.at(EventKind::page_layout),
                                                  texts.at(EventKind::host_mappings), guest_base);
    RecordedProcess process(next_process_name(), files_);
    lines_ += fmt::format("process {}\n", process.name());
    lines_ += process.begin(start, [this](const std::string& path) { return file(path).size(); });
    processes_.emplace(number, std::move(process));
    take_turn(number);
    add_start_accesses(start);
}

// What the kernel writes before the program's first instruction: the zeros behind data of files,
// and arguments and environment on the stack.
void Recording::add_start_accesses(const ProgramStart& start) {
    std::set<std::string> paths;
    for (const StartRegion& region : start.regions) {
        if (!region.file.empty() && paths.insert(region.file).second) {
            add_zeroed_tails(start, region.file);
        }
    }
    std::vector<Access> accesses;
    for (const StartRegion& region : start.regions) {
        if (region.start <= start.stack_pointer && start.stack_pointer < region.end) {
            add_accesses(AccessType::write, start.stack_pointer,
                         region.end.value - start.stack_pointer.value, accesses);
        }
    }
    for (const Access& access : accesses) {
        take_access(access);
    }
}

void Recording::add_zeroed_tails(const ProgramStart& start, const std::string& path) {
    for (const sw::ElfSegment& segment : sw::parse_elf(file(path), path).segments) {
        const std::uint64_t tail_offset = segment.file_offset + segment.file_bytes;
        const std::uint64_t in_page = tail_offset % page_bytes;
        if (segment.memory_bytes == segment.file_bytes || in_page == 0) {
            continue;
        }
        const auto holds_tail = [&](const StartRegion& region) {
            const std::uint64_t bytes = region.end.value - region.start.value;
            return region.file == path && region.rights.write &&
                   region.offset_bytes <= tail_offset && tail_offset < region.offset_bytes + bytes;
        };
        const auto region = std::find_if(start.regions.begin(), start.regions.end(), holds_tail);
        if (region != start.regions.end()) {
            take_access({.address = region->start + (tail_offset - region->offset_bytes),
                         .size_bytes = static_cast<std::uint32_t>(page_bytes - in_page),
                         .type = AccessType::write});
        }
    }
}

void Recording::take_call(ProcessNumber number, std::span<const std::uint64_t> words) {
    const auto all = exactly<call_words>(words);
    SystemCall call{.number = all[0], .result = static_cast<std::int64_t>(all[7])};
    std::copy_n(all.begin() + 1, call.arguments.size(), call.arguments.begin());
    std::optional<RecordedFile> file;
    if (all[9] != 0) {
        file = RecordedFile{.path = std::exchange(texts_[number][EventKind::file_path], {}),
                            .bytes = all[8]};
    }
    const auto process = processes_.find(number);
    const SystemCallRow* const row = find_system_call(settings_.machine, call.number);
    if (process == processes_.end() || row == nullptr) {
        return;
    }
    if (row->memory_call == MemoryCall::execute) {
        end(number);
    } else {
        add_lines(number, process->second.call(row->memory_call, call, file));
        highest_end_ = std::max(highest_end_, process->second.highest_end());
    }
}

// The line stands where the parent forks, so that what it does afterwards comes afterwards.
void Recording::make_child(ProcessNumber number, std::uint64_t count) {
    const auto parent = processes_.find(number);
    if (parent == processes_.end()) {
        return;
    }
    RecordedProcess child = parent->second.copy(next_process_name());
    add_lines(number, fmt::format("{} fork {}\n", parent->second.name(), child.name()));
    children_.insert_or_assign({number, count}, std::move(child));
}

void Recording::end(ProcessNumber number) {
    const auto process = processes_.find(number);
    if (process != processes_.end()) {
        add_lines(number, fmt::format("{} exit\n", process->second.name()));
        processes_.erase(process);
    }
}

const std::vector<std::byte>& Recording::file(const std::string& path) {
    const auto known = start_files_.find(path);
    return known != start_files_.end()
               ? known->second
               : start_files_.emplace(path, settings_.read_file(path)).first->second;
}

std::string Recording::next_process_name() {
    ++process_names_;
    return fmt::format("{}.{}", script_name_of(settings_.program), process_names_);
}

void Recording::take_turn(ProcessNumber number) {
    if (turn_ != number) {
        end_turn();
        turn_ = number;
    }
}

void Recording::end_turn() {
    if (turn_ && turn_accesses_ > 0) {
        lines_ += fmt::format("{} trace {} next {}\n", processes_.at(*turn_).name(),
                              settings_.trace, turn_accesses_);
    }
    turn_accesses_ = 0;
    turn_.reset();
}

void Recording::add_lines(ProcessNumber number, const std::string& lines) {
    if (!lines.empty()) {
        end_turn();
        lines_ += lines;
        turn_ = number;
    }
}

void Recording::hand_on() {
    if (!batch_.empty()) {
        settings_.take_accesses(batch_);
        batch_.clear();
    }
}

std::string Recording::finish() {
    end_turn();
    return fmt::format(
               "# {} of {}, recorded under QEMU: what it mapped, and between that its accesses,\n"
               "# which are in {}. Files are in the page cache, as after an earlier run.\n"
               "set paging.mode={}\n",
               on_one_line(settings_.program), settings_.machine, settings_.trace,
               mode_for(highest_end_)) +
           files_.lines() + lines_;
}

}  // namespace mmusim::tb
