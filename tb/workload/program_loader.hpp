// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/random.hpp"
#include "hw/base/types.hpp"
#include "sw/backing/objects.hpp"
#include "sw/processes/exec_layout.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mmusim::tb {

/// Takes programs from this machine's disk into the model's: a file that several need is one
/// object, named by its path.
class ProgramLoader {
  public:
    /// How address spaces are laid out.
    struct Settings {
        VirtualAddress user_half_end;
        std::uint64_t stack_limit_bytes = 0;
        /// Chooses the random distances, others for each program; none: there are none.
        std::optional<std::uint64_t> seed{};
    };

    explicit ProgramLoader(const Settings& settings);

    struct Program {
        sw::ExecLayout layout;
        std::vector<sw::ObjectId> new_files;  ///< that the model's disk did not have before
    };

    /// What cannot be read, or has no room, is an InputError that names the file.
    [[nodiscard]] Program load(const std::string& path, sw::Objects& objects);

  private:
    Settings settings_;
    std::optional<Random> seeds_{};
};

}  // namespace mmusim::tb
