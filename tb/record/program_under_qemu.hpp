// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tb/record/guest_machine.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <sys/types.h>
#include <vector>

namespace mmusim::tb {

/// How a program is run under QEMU, with the recorder in it.
struct QemuCommand {
    GuestMachine machine = GuestMachine::x86_64;
    std::filesystem::path qemu;
    std::filesystem::path recorder;  ///< the plugin
    std::filesystem::path program;
    /// The program's, its name first.
    std::vector<std::string> arguments;
};

/// The directory under which programs of a machine find their libraries if there is no other;
/// empty: their own.
[[nodiscard]] std::string library_prefix(GuestMachine machine);

/// The command as words, where the recorder is to write to `socket`, and QEMU what it says of pages
/// to `page_log`.
[[nodiscard]] std::vector<std::string> command_line_of(const QemuCommand& command, int socket,
                                                       const std::string& page_log);

/// A program that runs under QEMU. Standard streams and signals from the keyboard are the
/// program's.
class ProgramUnderQemu {
  public:
    /// Starts it. Throws InputError if that is not possible.
    explicit ProgramUnderQemu(const QemuCommand& command);
    ProgramUnderQemu(const ProgramUnderQemu&) = delete;
    ProgramUnderQemu& operator=(const ProgramUnderQemu&) = delete;
    ProgramUnderQemu(ProgramUnderQemu&&) = delete;
    ProgramUnderQemu& operator=(ProgramUnderQemu&&) = delete;
    /// Waits for its end if that has not been done.
    ~ProgramUnderQemu();

    /// Hands on what the recorder sends, a packet at a time, until `take` has had enough and
    /// returns false, or the program has ended.
    void listen(const std::function<bool(std::span<const std::uint64_t>)>& take);

    /// Waits for its end: the exit status, or 128 + N if signal N ended it.
    [[nodiscard]] int wait();

  private:
    void clean_up();
    [[nodiscard]] bool receive_one(
        const std::function<bool(std::span<const std::uint64_t>)>& take) const;

    std::filesystem::path directory_;  ///< for QEMU's log
    int socket_ = -1;
    pid_t process_ = -1;
};

}  // namespace mmusim::tb
