// SPDX-License-Identifier: Apache-2.0
// The built program, started as a person starts it.
#pragma once

#include "tests/support/scratch_directory.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace mmusim::tests {

/// How a program ended and what it said.
struct Outcome {
    int status = 0;  ///< the exit status; 128 + N where signal N ended it
    std::string output;
    std::string errors;
};

/// A folder to work in, and the program in it. What the program says goes elsewhere, so whatever
/// the folder holds afterwards is what the program or the test put there.
class Workplace {
  public:
    Workplace();

    /// Runs `mmusim` with these arguments.
    [[nodiscard]] Outcome mmusim(const std::vector<std::string>& arguments) const;

    /// Runs a line of the shell, in which $mmusim is the program.
    [[nodiscard]] Outcome shell(const std::string& line) const;

    /// Starts `mmusim` with these arguments, sends it a signal once the folder holds so many files,
    /// and waits for its end.
    [[nodiscard]] Outcome mmusim_with_signal(int signal, std::size_t files,
                                             const std::vector<std::string>& arguments) const;

    [[nodiscard]] std::string path_of(std::string_view name) const;
    /// Makes a file; its path.
    [[nodiscard]] std::string file(std::string_view name, std::string_view contents) const;
    [[nodiscard]] std::string contents_of(std::string_view name) const;
    [[nodiscard]] nlohmann::json json_of(std::string_view name) const {
        return nlohmann::json::parse(contents_of(name));
    }
    /// By name, hidden ones too.
    [[nodiscard]] std::vector<std::string> files() const;

  private:
    [[nodiscard]] pid_t start(const std::vector<std::string>& command) const;
    [[nodiscard]] Outcome end_of(pid_t process) const;

    ScratchDirectory scratch_;
};

/// Whether nothing was printed but one message, and the exit status is that of bad input.
[[nodiscard]] bool complains(const Outcome& outcome, std::string_view message);

}  // namespace mmusim::tests
