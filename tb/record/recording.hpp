// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "sw/processes/elf_image.hpp"
#include "tb/record/guest_machine.hpp"
#include "tb/record/recorded_files.hpp"
#include "tb/record/recorded_process.hpp"
#include "tb/record/recording_words.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mmusim::tb {

struct RecordingSettings {
    GuestMachine machine = GuestMachine::x86_64;
    /// The path of the program, whose last part the processes are called by.
    std::string program;
    /// What the script calls the trace.
    std::string trace;
    /// Accesses after which the recording ends; 0: none.
    std::uint64_t limit = 0;
    /// The contents of a file that the program begins with.
    std::function<std::vector<std::byte>(const std::string& path)> read_file;
    /// Takes the accesses, in order.
    std::function<void(std::span<const Access>)> take_accesses;
};

/// Makes a script out of what the recorder tells: what the processes map, in the order in which
/// they did, and between that `trace` lines, each of which is so many of the accesses.
class Recording {
  public:
    explicit Recording(RecordingSettings settings);

    /// Throws InputError if it does not say what is expected of a recorder.
    void take(std::span<const std::uint64_t> packet);

    /// Whether the program has begun.
    [[nodiscard]] bool begun() const { return begun_; }
    /// Whether as many accesses as are wanted have been taken.
    [[nodiscard]] bool full() const { return settings_.limit != 0 && accesses_ == settings_.limit; }
    [[nodiscard]] std::uint64_t accesses() const { return accesses_; }

    /// The script. The recording is over.
    [[nodiscard]] std::string finish();

  private:
    /// Texts of a process that are not used up.
    using Texts = std::map<EventKind, std::string>;
    using ProcessNumber = std::uint64_t;

    void take_access(const Access& access);
    void take_event(ProcessNumber number, EventKind kind, std::span<const std::uint64_t> words);
    void begin(ProcessNumber number, std::uint64_t guest_base);
    void take_call(ProcessNumber number, std::span<const std::uint64_t> words);
    void make_child(ProcessNumber number, std::uint64_t count);
    void end(ProcessNumber number);
    void add_start_accesses(const ProgramStart& start);
    void add_zeroed_tails(const ProgramStart& start, const std::string& path);
    [[nodiscard]] const std::vector<std::byte>& file(const std::string& path);
    [[nodiscard]] std::string next_process_name();

    void take_turn(ProcessNumber number);
    void end_turn();
    void add_lines(ProcessNumber number, const std::string& lines);
    void hand_on();

    RecordingSettings settings_;
    RecordedFiles files_;
    std::map<ProcessNumber, RecordedProcess> processes_;
    /// Made by fork, but not heard of yet: by the parent and its count of forks.
    std::map<std::pair<ProcessNumber, std::uint64_t>, RecordedProcess> children_;
    std::map<ProcessNumber, Texts> texts_;
    std::map<std::string, std::vector<std::byte>> start_files_;
    std::uint64_t process_names_ = 0;
    bool begun_ = false;

    /// Whose accesses are counted for the next `trace` line.
    std::optional<ProcessNumber> turn_;
    std::uint64_t turn_accesses_ = 0;
    std::uint64_t accesses_ = 0;
    std::uint64_t highest_end_ = 0;
    std::vector<Access> batch_;
    std::string lines_;
};

}  // namespace mmusim::tb
