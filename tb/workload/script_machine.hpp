// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hw/base/access.hpp"
#include "hw/base/types.hpp"
#include "sw/operating_system.hpp"
#include "tb/check/contents_checker.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace mmusim::tb {

/// How accesses came to their end.
struct RunEnd {
    std::optional<sw::Signal> signal{};
    bool stopped = false;  ///< the run is over, before the accesses were
};

/// What a script runs on.
class ScriptMachine {
  public:
    ScriptMachine() = default;
    ScriptMachine(const ScriptMachine&) = delete;
    ScriptMachine& operator=(const ScriptMachine&) = delete;
    ScriptMachine(ScriptMachine&&) = delete;
    ScriptMachine& operator=(ScriptMachine&&) = delete;
    virtual ~ScriptMachine() = default;

    /// A line is carried out next, as it stands in the script.
    virtual void begin_step(std::uint64_t /*line*/, const std::string& /*text*/) {}
    [[nodiscard]] virtual sw::OperatingSystem& operating_system() = 0;
    /// Makes the accesses, and returns when they are done, or the process has got a signal.
    [[nodiscard]] virtual RunEnd run_accesses(sw::ProcessId process, AccessSource& accesses) = 0;
    /// Lets time pass, nobody running.
    virtual void pass(Cycles duration) = 0;
    [[nodiscard]] virtual Cycles now() const = 0;
    /// Who is told what programs asked for, and judges what they find; null: nobody.
    [[nodiscard]] virtual ContentsChecker* contents_checker() = 0;
};

}  // namespace mmusim::tb
